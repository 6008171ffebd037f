import { parseJson } from '../http/http-client.ts'
import type { Attempt } from '../http/retry.ts'
import { type AnswerClass, classifyAnswer, type RawAnswer } from './cmdlet-answer.ts'
import { type CmdletReply, cmdletAttempt, cmdletReply } from './cmdlet-attempt.ts'
import { exchangeForbidden } from './exchange-errors.ts'
import type { Posted } from './exchange-transport.ts'
import { type BatchItem, parseBatchAnswer } from './payloads.ts'

/** A batch's end: one reply for each cmdlet, in their order; `null` = ask that one again, alone. */
export interface BatchReply {
  readonly replies: readonly (CmdletReply | null)[]
  readonly durationMs: number
}

/**
 * What one try of a batch came to. Answers are matched by id, their order is free. An item that was throttled, has
 * a transient fault or is missing is left to be asked alone; a batch that failed as a whole becomes `null`.
 * @throws SyncError `EXCHANGE_UNAUTHORIZED`, `EXCHANGE_FORBIDDEN`
 */
export function batchAttempt(
  label: string,
  ids: readonly string[],
  attempt: number,
  posted: Posted,
  now: Date,
): Attempt<BatchReply | null> {
  const { status, body } = posted.answer
  const items = status >= 200 && status < 300 ? parseBatchAnswer(body) : null
  if (items === null) return failedBatch(label, attempt, posted, now)
  const byId = new Map(items.map((item) => [item.id, item]))
  const verdicts = ids.map((id) => itemVerdict(byId.get(id), now))
  if (verdicts.some((verdict) => verdict?.status === 'forbidden')) {
    throw exchangeForbidden(`an item of a ${label}`, posted.requestId)
  }
  return {
    status: 'done',
    value: {
      replies: verdicts.map((verdict) => itemReply(verdict, posted)),
      durationMs: posted.durationMs,
    },
    ...throttling(verdicts),
  }
}

type ItemVerdict = AnswerClass | undefined

function failedBatch(
  label: string,
  attempt: number,
  posted: Posted,
  now: Date,
): Attempt<BatchReply | null> {
  const outcome = cmdletAttempt(label, attempt, posted, now)
  if (outcome.status === 'again' && outcome.tooMany) return outcome
  return { status: 'done', value: null, tooMany: false, retryAfterSeconds: null }
}

function itemVerdict(item: BatchItem | undefined, now: Date): ItemVerdict {
  return item === undefined ? undefined : classifyAnswer(rawAnswer(item), now)
}

function rawAnswer({ status, headers, body }: BatchItem): RawAnswer {
  if (typeof body !== 'string') return { status, headers, body, text: '', broken: false }
  return { status, headers, body: parseJson(body), text: body, broken: false }
}

function itemReply(verdict: ItemVerdict, posted: Posted): CmdletReply | null {
  const isSettled = verdict?.status === 'answered' || verdict?.status === 'failed'
  return isSettled ? cmdletReply(verdict, posted) : null
}

function throttling(verdicts: readonly ItemVerdict[]) {
  const throttled = verdicts.filter((verdict) => verdict?.status === 'again' && verdict.tooMany)
  const waits = throttled.flatMap((verdict) =>
    verdict?.status === 'again' && verdict.retryAfterSeconds !== null
      ? [verdict.retryAfterSeconds]
      : [],
  )
  return {
    tooMany: throttled.length > 0,
    retryAfterSeconds: waits.length > 0 ? Math.max(...waits) : null,
  }
}
