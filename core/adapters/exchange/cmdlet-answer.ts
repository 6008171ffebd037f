import type { AnswerHeaders } from '../http/answer-headers.ts'
import { retryAfterSeconds } from '../http/retry-timing.ts'
import { type CmdletPage, parseCmdletAnswer, parseErrorSignals } from './payloads.ts'

/** An answer to one cmdlet, from a call of its own or from inside a batch. */
export interface RawAnswer {
  readonly status: number
  readonly headers: AnswerHeaders
  /** Parsed JSON; `undefined` when the body is none. */
  readonly body: unknown
  /** The body as text, for answers that are no JSON; `''` inside a batch. */
  readonly text: string
  /** True when the body broke off or lied about its encoding. */
  readonly broken: boolean
}

/** A definite "no" to one cmdlet; asking again would not change it. */
export interface CmdletFailure {
  readonly kind: 'not_found' | 'ambiguous' | 'cursor_refused' | 'rejected'
  /** Status and exception type, fit for a message: `HTTP 404, ManagementObjectNotFoundException`. */
  readonly detail: string
}

export type AnswerClass =
  | { readonly status: 'answered'; readonly page: CmdletPage }
  | { readonly status: 'failed'; readonly failure: CmdletFailure }
  | { readonly status: 'unauthorized' }
  | { readonly status: 'forbidden' }
  | {
      readonly status: 'again'
      readonly tooMany: boolean
      readonly retryAfterSeconds: number | null
      readonly detail: string
    }

/**
 * What an answer means (reference 3.9). The status alone does not tell: an unknown object has been seen with 400, 404
 * and 500, an error inside a 200, a transient fault inside a 400.
 */
export function classifyAnswer(answer: RawAnswer, now: Date): AnswerClass {
  if (answer.body === undefined && tooManyCalls.test(answer.text))
    return again(answer, now, '', true)
  if (answer.status === 401) return { status: 'unauthorized' }
  if (answer.status === 403) return { status: 'forbidden' }
  if (answer.status >= 200 && answer.status < 300) {
    if (answer.body === undefined) return again(answer, now, 'no JSON')
    const page = parseCmdletAnswer(answer.body)
    if (page === null) return failed('rejected', answer, 'unexpected form')
    if (page !== 'failure') return { status: 'answered', page }
  }
  return classifyError(answer, now)
}

const transient =
  /CmdletProxyNotAvailableFailure|ServerBusyException|TransientException|BackendCommunicationException/
const tooManyCalls = /maximum number of concurrent requests/i
const retriedStatuses = new Set([408, 429, 502, 503, 504])

function classifyError(answer: RawAnswer, now: Date): AnswerClass {
  const { types, texts } = parseErrorSignals(answer.body)
  const headerType = answer.headers.get('x-exceptiontype')
  const allTypes = headerType === null ? types : [...types, headerType]
  const words = [...allTypes, ...texts].join('\n')
  const type = allTypes[0]?.split('.').at(-1)

  if (/isn't supported in this scenario/i.test(words)) return { status: 'forbidden' }
  if (retriedStatuses.has(answer.status) || tooManyCalls.test(words) || transient.test(words)) {
    return again(answer, now, type, tooManyCalls.test(words))
  }
  const kind = definiteKind(allTypes, words)
  if (kind !== null) return failed(kind, answer, type)
  // Without a known permanent cause a 5xx, or an error whose body broke off, may be different next time.
  if (answer.status >= 500 || answer.broken) return again(answer, now, type)
  return failed('rejected', answer, type)
}

function definiteKind(types: readonly string[], words: string): CmdletFailure['kind'] | null {
  if (/pagination request/i.test(words)) return 'cursor_refused'
  if (types.some((type) => type.endsWith('ManagementObjectNotFoundException'))) return 'not_found'
  if (/matches multiple entries|doesn't represent a unique recipient/i.test(words)) {
    return 'ambiguous'
  }
  return /AmbiguousParameterSetException|ParameterTransformationException/.test(words)
    ? 'rejected'
    : null
}

function failed(kind: CmdletFailure['kind'], answer: RawAnswer, type = ''): AnswerClass {
  return { status: 'failed', failure: { kind, detail: detailOf(answer, type) } }
}

function again(answer: RawAnswer, now: Date, type = '', tooMany = false): AnswerClass {
  return {
    status: 'again',
    tooMany: tooMany || answer.status === 429 || answer.status === 503,
    retryAfterSeconds: retryAfterSeconds(answer.headers.get('retry-after'), now),
    detail: detailOf(answer, type),
  }
}

// Types are letters only: nothing of a body gets into a message.
function detailOf(answer: RawAnswer, type: string): string {
  const known = /^[A-Za-z ]{1,80}$/.test(type)
  return known ? `HTTP ${answer.status}, ${type}` : `HTTP ${answer.status}`
}
