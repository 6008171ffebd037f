import { type Attempt, triesText } from '../http/retry.ts'
import { type AnswerClass, type CmdletFailure, classifyAnswer } from './cmdlet-answer.ts'
import { exchangeForbidden, exchangeIncomplete, exchangeUnauthorized } from './exchange-errors.ts'
import type { Posted } from './exchange-transport.ts'
import type { CmdletPage } from './payloads.ts'

/** The end of one cmdlet: a page of rows, or a definite "no". */
export type CmdletReply =
  | { readonly status: 'answered'; readonly page: CmdletPage; readonly durationMs: number }
  | { readonly status: 'failed'; readonly failure: CmdletFailure; readonly durationMs: number }

/**
 * What one try of one cmdlet came to.
 * @throws SyncError `EXCHANGE_UNAUTHORIZED`, `EXCHANGE_FORBIDDEN`
 */
export function cmdletAttempt(
  label: string,
  attempt: number,
  posted: Posted,
  now: Date,
): Attempt<CmdletReply> {
  const verdict = classifyAnswer(posted.answer, now)
  const { requestId } = posted
  if (verdict.status === 'unauthorized') throw exchangeUnauthorized(label, requestId)
  if (verdict.status === 'forbidden') throw exchangeForbidden(label, requestId)
  if (verdict.status === 'again') {
    const { tooMany, retryAfterSeconds, detail } = verdict
    const what = `${detail} after ${triesText(attempt)} (request id ${requestId})`
    return { status: 'again', tooMany, retryAfterSeconds, error: exchangeIncomplete(label, what) }
  }
  const value = cmdletReply(verdict, posted)
  return { status: 'done', value, tooMany: false, retryAfterSeconds: null }
}

/** The reply that a settled answer makes. */
export function cmdletReply(
  verdict: Extract<AnswerClass, { status: 'answered' | 'failed' }>,
  { durationMs, requestId }: Posted,
): CmdletReply {
  if (verdict.status === 'answered') return { ...verdict, durationMs }
  const { kind, detail } = verdict.failure
  const failure = { kind, detail: `${detail} (request id ${requestId})` }
  return { status: 'failed', failure, durationMs }
}
