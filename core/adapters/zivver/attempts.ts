/** How often a call is tried: pure rules by the way an attempt ended. */
import { type HttpAnswer, HttpTransportError } from '../http/http-client.ts'
import { isRefusal } from './rate-hints.ts'

/**
 * The most attempts of a call, by how the last one ended; 1 = that end is final.
 * `refused`: 429 or 503, not executed. `unclear`: another 5xx or a broken connection, it may have been executed.
 * `timeout`: likewise, and each costs the whole deadline.
 */
export interface Attempts {
  readonly refused: number
  readonly unclear: number
  readonly timeout: number
}

export const readAttempts: Attempts = { refused: 5, unclear: 5, timeout: 3 }

/** PUT and PATCH may be repeated: the second changes nothing that the first did not (RFC 9110, section 9.2.2). */
export const updateAttempts: Attempts = { refused: 8, unclear: 4, timeout: 2 }

/** A create that may have happened is never repeated blindly: it is looked up by its caller (failure story 5). */
export const createAttempts: Attempts = { refused: 8, unclear: 1, timeout: 1 }

/** How an attempt failed; `null` = its end is final whatever it says. */
export function failureOf(end: HttpAnswer | HttpTransportError): keyof Attempts | null {
  if (end instanceof HttpTransportError) {
    if (end.kind === 'redirect') return null
    return end.kind === 'timeout' ? 'timeout' : 'unclear'
  }
  if (isRefusal(end.status)) return 'refused'
  if (end.status >= 500) return 'unclear'
  return end.status < 300 && end.bodyError !== null ? 'unclear' : null
}
