import type { RunError, RunRecord } from '../model/run.ts'

/**
 * Hours that a run may stay where it is. No window of an upstream is that long, and a plan that is older than a day was
 * made from what the mailboxes were yesterday: the next run plans anew (docs/decisions/0009).
 */
const longestHours = 24
/** A wait that was granted may end late: queues and timers are not punctual. */
const graceHours = 1
const hourMs = 3_600_000

/**
 * Why a run is given up: it has stood still for too long, or would after the wait that comes next.
 * @param next the wait at the end of a slice (`waitingFor` as in `7 s for Zivver's rate limit`); absent = before a slice
 * @returns `null` while the run may go on
 */
export function standstill(
  { reached, started_at }: Pick<RunRecord, 'reached' | 'started_at'>,
  now: Date,
  next?: { readonly seconds: number; readonly waitingFor: string | null },
): RunError | null {
  const since = reached?.at ?? started_at
  if (since === null) return null
  const hours = (now.getTime() + (next?.seconds ?? 0) * 1000 - Date.parse(since)) / hourMs
  if (hours <= longestHours + (next === undefined ? graceHours : 0)) return null
  const stood = `no reading and no change was made since ${since}`
  const wait = next?.waitingFor ? `, and the run would wait ${next.waitingFor}` : ''
  return {
    code: 'RUN_STALLED',
    message: `${stood}${wait}; a run is given up after ${longestHours} hours like this`,
  }
}
