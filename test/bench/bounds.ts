/**
 * Lower bounds: what the latency of the others, the number of calls that may be in flight, their page sizes and the rate
 * limit leave, with a program that itself takes no time (`docs/performance.md` explains each).
 */
import type { Bound } from './row.ts'
import type { RateLimit } from './world/bench-world.ts'

const number = new Intl.NumberFormat('en')
const show = (seconds: number): string => `${Number(seconds.toFixed(3))} s`

/** Nothing that is waited for. */
export const nothing: Bound = { seconds: 0, formula: '0' }

/** Pages of a cursor come one after the other. */
export function pagesInTurn(items: number, pageSize: number, latencyMs: number): Bound {
  const pages = Math.ceil(items / pageSize)
  return {
    seconds: (pages * latencyMs) / 1000,
    formula: `⌈${number.format(items)} ÷ ${number.format(pageSize)}⌉ pages × ${latencyMs} ms`,
  }
}

/** Independent calls, so many in flight; the items of a batch run one after the other and are counted singly. */
export function callsInFlight(
  calls: number,
  what: string,
  latencyMs: number,
  inFlight: number,
): Bound {
  return {
    seconds: (Math.ceil(calls / inFlight) * latencyMs) / 1000,
    formula: `${number.format(calls)} ${what} × ${latencyMs} ms ÷ ${inFlight} in flight`,
  }
}

/** So many calls in every window: the first window's calls leave at once, each further one waits for a window. */
export function rateLimited(calls: number, { requests, seconds }: RateLimit): Bound {
  const windows = Math.max(0, Math.ceil(calls / requests) - 1)
  return {
    seconds: windows * seconds,
    formula: `(⌈${number.format(calls)} calls ÷ ${requests}⌉ − 1) × ${seconds} s`,
  }
}

/** One after the other. */
export function inTurn(...bounds: readonly Bound[]): Bound {
  const parts = bounds.filter(({ seconds }) => seconds > 0)
  return {
    seconds: parts.reduce((sum, { seconds }) => sum + seconds, 0),
    formula: parts.map(({ formula }) => formula).join(' + ') || '0',
  }
}

/** Side by side: the longest decides. */
export function sideBySide(...bounds: readonly Bound[]): Bound {
  return bounds.reduce((longest, bound) => (bound.seconds > longest.seconds ? bound : longest))
}

/** A bound as the table shows it: the value and how it came about. */
export function describeBound({ seconds, formula }: Bound): string {
  return `${show(seconds)} = ${formula}`
}
