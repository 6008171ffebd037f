/** Plain requests for the simulator's own tests: what any client would put on the wire. */
import { sampleTenant } from '../tenant/sample-tenant.ts'
import { type Microsoft365, startMicrosoft365 } from './microsoft365.ts'
import type { SettingsPatch } from './settings.ts'

export const startSample = (settings: SettingsPatch = {}): Promise<Microsoft365> =>
  startMicrosoft365({ tenant: sampleTenant(), settings })

/** An answer with its body read, JSON parsed where it is JSON. */
export interface Read {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: JsonBody
}
/** The parts of Microsoft's bodies that tests look at. */
interface JsonBody {
  readonly [key: string]: unknown
  readonly value?: readonly Record<string, unknown>[]
  readonly '@odata.nextLink'?: string
  readonly '@adminapi.warnings'?: readonly string[]
  readonly responses?: readonly {
    readonly id: string
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: JsonBody
  }[]
}

export async function send(url: string, init: RequestInit = {}): Promise<Read> {
  const answer = await fetch(url, { redirect: 'manual', ...init })
  const text = await answer.text()
  let json: JsonBody = {}
  if (text.startsWith('{')) json = JSON.parse(text) as JsonBody
  return { status: answer.status, headers: answer.headers, text, json }
}

export const anchor =
  'APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@11111111-2222-4333-8444-555555555555'

export function adminApi(simulator: Microsoft365, operation = 'InvokeCommand', version = 'beta') {
  return `${simulator.exchangeUrl}/adminapi/${version}/${simulator.tenant.id}/${operation}`
}

export function exchangeHeaders(simulator: Microsoft365): Record<string, string> {
  return {
    authorization: `Bearer ${simulator.token('exchange')}`,
    'content-type': 'application/json; charset=utf-8',
    'x-anchormailbox': anchor,
  }
}

export const command = (name: string, parameters: unknown = {}) => ({
  CmdletInput: { CmdletName: name, Parameters: parameters },
})

/** One `InvokeCommand`. */
export function invoke(
  simulator: Microsoft365,
  name: string,
  parameters: unknown = {},
  options: { readonly url?: string; readonly headers?: Record<string, string> } = {},
): Promise<Read> {
  return send(options.url ?? adminApi(simulator), {
    method: 'POST',
    headers: { ...exchangeHeaders(simulator), ...options.headers },
    body: JSON.stringify(command(name, parameters)),
  })
}

/** One GET of Graph; `path` below `/v1.0`, or a whole next link. */
export function graph(
  simulator: Microsoft365,
  path: string,
  headers: Record<string, string> = {},
): Promise<Read> {
  const own = path.replace('https://graph.microsoft.com', simulator.graphUrl)
  const url = own.startsWith('http') ? own : `${simulator.graphUrl}/v1.0${own}`
  return send(url, { headers: { authorization: `Bearer ${simulator.token('graph')}`, ...headers } })
}
