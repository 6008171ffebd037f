import { successLimitMs } from '../config/schedule.ts'
import { isSuccess, type RunRecord } from '../model/run.ts'
import { daysBetween } from './format.ts'
import type { ReportInput } from './input.ts'

/** How old a problem is, told by the history. */
export interface ProblemAge {
  /** 1 on the first day on which runs ended like this since the last success, in days of the report's zone. */
  readonly day: number
  /** Since when no run was successful, where that is longer than it may be; else `null`. */
  readonly withoutSuccess: { readonly since: Date; readonly days: number } | null
}

const dayMs = 86_400_000

export function problemAge(input: ReportInput): ProblemAge {
  const { run, history, performSync, now, timeZone } = input
  const lastSuccess = history.findIndex((earlier) => isSuccess(earlier, performSync))
  const since = lastSuccess === -1 ? history : history.slice(0, lastSuccess)
  const first = since.findLast((earlier) => earlier.status === run.status) ?? run
  return {
    day: 1 + Math.max(0, daysBetween(startOf(first), now, timeZone)),
    withoutSuccess: isSuccess(run, performSync)
      ? null
      : withoutSuccess(input, history[lastSuccess] ?? null),
  }
}

function startOf(run: RunRecord): Date {
  return new Date(run.started_at ?? run.requested_at)
}

function withoutSuccess(
  { run, history, schedule, now, timeZone }: ReportInput,
  lastSuccess: RunRecord | null,
): ProblemAge['withoutSuccess'] {
  const oldest = history.at(-1) ?? run
  const since = new Date(lastSuccess?.finished_at ?? oldest.requested_at)
  const ageMs = now.getTime() - since.getTime()
  // A year of a schedule takes a while to look through: not for an age that is never too long.
  const isTooLong = ageMs > dayMs && ageMs > successLimitMs(schedule, now)
  return isTooLong ? { since, days: daysBetween(since, now, timeZone) } : null
}
