import { SyncError } from '../../errors.ts'
import type { HttpTransportError } from '../http/http-client.ts'
import { triesText } from '../http/retry.ts'

/** 401 with a token that is new. */
export function exchangeUnauthorized(label: string, requestId: string): SyncError {
  return new SyncError(
    'EXCHANGE_UNAUTHORIZED',
    `Exchange Online refused ${label} with 401, also with a new token (request id ${requestId}). Give the managed identity the app role Exchange.ManageAsApp of Office 365 Exchange Online; a token may be cached for up to 24 h.`,
  )
}

/** 403; its body says nothing (a run of NUL bytes), so that the message names every cause there is. */
export function exchangeForbidden(label: string, requestId: string): SyncError {
  return new SyncError(
    'EXCHANGE_FORBIDDEN',
    `Exchange Online refused ${label} with 403 (request id ${requestId}): app role or directory role missing, or token cached up to 24 h. The managed identity needs the app role Exchange.ManageAsApp and the Entra role Global Reader.`,
  )
}

/** An answer came, but not the one that was needed. */
export function exchangeIncomplete(label: string, detail: string): SyncError {
  return new SyncError('SOURCE_INCOMPLETE', `Exchange Online: ${label}: ${detail}`)
}

/** No whole answer came. */
export function exchangeNoAnswer(
  label: string,
  tries: number,
  requestId: string,
  error: HttpTransportError,
): SyncError {
  return new SyncError(
    error.kind === 'body_too_large' ? 'SOURCE_INCOMPLETE' : 'SOURCE_UNREACHABLE',
    `Exchange Online: ${label}: no usable answer in ${triesText(tries)} (request id ${requestId}): ${error.message}`,
    { cause: error },
  )
}
