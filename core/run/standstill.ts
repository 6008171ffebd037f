import type { RunError, RunRecord } from '../model/run.ts'

/**
 * Hours that a run may stay where it is. No window of an upstream is that long, and a plan that is older than a day was
 * made from what the mailboxes were yesterday: the next run plans anew (docs/decisions/0009).
 */
const longestHours = 24
const hourMs = 3_600_000

/**
 * Why a run is given up: it has stood still for too long, or would after the wait that it is about to begin.
 * @param waitSeconds the wait that comes next
 * @param waitingFor what for, as `7 s for Zivver's rate limit`; `null` = nothing that is known
 * @returns `null` while the run may go on
 */
export function standstill(
  run: Pick<RunRecord, 'reached' | 'started_at'>,
  now: Date,
  waitSeconds = 0,
  waitingFor: string | null = null,
): RunError | null {
  const since = run.reached?.at ?? run.started_at
  if (since === null) return null
  const stillMs = now.getTime() - Date.parse(since)
  if (stillMs + waitSeconds * 1000 <= longestHours * hourMs) return null
  const stood = `no reading and no change was made since ${since}`
  const wait = waitingFor === null ? '' : `, and the run would wait ${waitingFor}`
  return {
    code: 'RUN_STALLED',
    message: `${stood}${wait}; a run is given up after ${longestHours} hours like this`,
  }
}
