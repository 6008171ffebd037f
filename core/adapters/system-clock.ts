import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../ports.ts'

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    const end = performance.now() + ms
    // Timers know whole milliseconds, and fire up to one too early or too late: the rest is waited for turn by turn.
    if (ms >= 1) await wait(Math.floor(ms), undefined, signal && { signal })
    do await turn(undefined, signal && { signal })
    while (performance.now() < end)
  },
}
