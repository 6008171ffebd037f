import type { UpstreamBase } from '../http/upstream-base.ts'

/** A cmdlet as it is asked for. `Identity` is never empty: Exchange may take that for "all" (reference 3.4). */
export interface Cmdlet {
  readonly name: 'Get-Mailbox' | 'Get-MailboxPermission' | 'Get-Recipient'
  readonly parameters: Readonly<Record<string, unknown>>
  /** Columns; none = all. */
  readonly select?: readonly string[]
  /** The GUID it is about, for messages; none = it has no GUID (a name could be personal). */
  readonly subject?: string
}

/** Names a cmdlet in messages: `Get-MailboxPermission of e0000000-…`. */
export function labelOf({ name, subject }: Cmdlet): string {
  return subject === undefined ? name : `${name} of ${subject}`
}

/** Where and as whom we call. */
export interface ExchangeEndpoint {
  readonly base: UpstreamBase
  /** Entra tenant GUID. */
  readonly tenantId: string
  /** `connection-id`: one for the life of a client. */
  readonly connectionId: string
  /** Our own version, told to the service. */
  readonly clientVersion: string
}

/** The largest page the service gives (reference 3.2). */
export const pageSize = 1000

/** Milliseconds that one call may take (reference 3.9); a batch may run its items one after the other. */
export const listTimeoutMs = 120_000
export const singleTimeoutMs = 60_000
export const batchTimeoutMs = 120_000

export function invokeUrl({ base, tenantId }: ExchangeEndpoint, cmdlet: Cmdlet): string {
  const select = cmdlet.select === undefined ? '' : `?$select=${cmdlet.select.join(',')}`
  return `${base.url}/adminapi/beta/${tenantId}/InvokeCommand${select}`
}

export function batchUrl({ base, tenantId }: ExchangeEndpoint): string {
  return `${base.url}/adminapi/beta/${tenantId}/$batch`
}

/** The body of `InvokeCommand`; the case of its keys matters (reference 3.3). */
export function invokeBody(cmdlet: Cmdlet): unknown {
  return { CmdletInput: { CmdletName: cmdlet.name, Parameters: cmdlet.parameters } }
}

/**
 * Headers of one `InvokeCommand`. The anchor is the same on every request, from the first page on: a cursor lives on
 * one backend, and the anchor is what routes to it (reference 3.6).
 */
export function invokeHeaders(
  endpoint: ExchangeEndpoint,
  cmdlet: Cmdlet,
  token: string,
): Record<string, string> {
  return {
    ...commonHeaders(endpoint, token),
    Prefer: `odata.maxpagesize=${pageSize}`,
    'X-CmdletName': cmdlet.name,
    'X-ResponseFormat': 'json',
    'X-SerializationLevel': 'Partial',
  }
}

/** Headers that every request has, a batch as a whole included. The client name is our own, not the module's. */
export function commonHeaders(
  { tenantId, connectionId, clientVersion }: ExchangeEndpoint,
  token: string,
): Record<string, string> {
  return {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json; charset=utf-8',
    Accept: 'application/json',
    'X-AnchorMailbox': `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${tenantId}`,
    'X-ClientApplication': 'CloudSync',
    'X-ClientModuleVersion': clientVersion,
    'connection-id': connectionId,
  }
}

/** One request inside a batch; it carries its own token and headers (reference 3.13). */
export function batchEntry(
  endpoint: ExchangeEndpoint,
  id: string,
  cmdlet: Cmdlet,
  token: string,
): unknown {
  const headers = invokeHeaders(endpoint, cmdlet, token)
  return {
    id,
    method: 'POST',
    url: invokeUrl(endpoint, cmdlet),
    headers: { ...headers, Prefer: `${headers['Prefer']};odata.continue-on-error` },
    body: invokeBody(cmdlet),
  }
}
