import { SyncError } from '../../errors.ts'
import type { GraphAnswer } from './graph-client.ts'
import { parseGraphErrorCode } from './payloads.ts'

/**
 * The error that a definite refusal means, by status and code, never by message (reference 5.7).
 * @param label names the call: `GET /groups/{id}/members of 9000…, page 2`
 */
export function graphRefusal(answer: GraphAnswer, label: string): SyncError {
  const what = refusalText(answer, label)
  if (answer.status === 401) {
    return new SyncError(
      'GRAPH_UNAUTHORIZED',
      `${what}, also with a new token. Check that the managed identity belongs to the tenant of TENANT_ID.`,
    )
  }
  if (answer.status === 403) return graphForbidden(what)
  return new SyncError('SOURCE_INCOMPLETE', what)
}

/** `Microsoft Graph refused GET /groups with 403, Authorization_RequestDenied (request id …)`. */
export function refusalText(answer: GraphAnswer, label: string): string {
  const code = parseGraphErrorCode(answer.body)
  const detail = code === null ? String(answer.status) : `${answer.status}, ${code}`
  return `Microsoft Graph refused ${label} with ${detail} (request id ${answer.requestId})`
}

/** A missing right, said so by 403 or by properties that are null where they cannot be. */
export function graphForbidden(what: string): SyncError {
  return new SyncError(
    'GRAPH_FORBIDDEN',
    `${what}. Grant the managed identity the Graph application permissions GroupMember.Read.All and User.Read.All, and Member.Read.Hidden where memberships are hidden; a token may be cached for up to 24 h.`,
  )
}

/** An answer came, but not the one that was needed. */
export function graphIncomplete(label: string, detail: string): SyncError {
  return new SyncError('SOURCE_INCOMPLETE', `Microsoft Graph: ${label}: ${detail}`)
}
