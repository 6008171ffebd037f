import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

/** A timer fires about this much late, on a machine that has nothing else to do. */
const timerSlackMs = 0.5

/**
 * Resolves at a moment of `performance.now()`, never before it. A timer alone comes half a millisecond late, which a bench
 * would take for time of the app's: the last of it is waited out turn by turn.
 */
export async function waitUntil(moment: number): Promise<void> {
  const ms = Math.floor(moment - performance.now() - timerSlackMs)
  if (ms > 0) await sleep(ms)
  while (performance.now() < moment) await nextTurn()
}
