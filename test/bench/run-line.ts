import { type Bound, type Check, efficiencyOf, type Line } from './row.ts'
import type { CallCounts, MeasuredRun } from './world/bench-world.ts'

/** A run as a line of the table. */
export function runLine(
  work: string,
  run: MeasuredRun,
  bound: Bound | null,
  checks: readonly Check[],
): Line {
  return {
    work,
    calls: totalCalls(run.calls),
    bound,
    seconds: run.seconds,
    refused: run.calls.refused,
    peakMiB: run.peakMiB,
    bytes: run.bytes,
    checks: [...checks, { text: 'no 429', ok: run.calls.refused === 0 }],
  }
}

/** Cmdlets, Graph calls and Zivver calls. */
export function totalCalls({ cmdlets, graph, zivver }: CallCounts): number {
  const all = Object.values(cmdlets).reduce((sum, count) => sum + count, 0)
  return all + graph + zivver
}

/** That the bound is reached to this degree. */
export function efficiencyAtLeast(least: number, line: { bound: Bound; seconds: number }): Check {
  const efficiency = efficiencyOf(line) ?? 0
  return { text: `efficiency ${efficiency.toFixed(3)} ≥ ${least}`, ok: efficiency >= least }
}

/** That a figure does not exceed its limit; `null` (not known on this system) passes. */
export function atMost(what: string, value: number | null, limit: number, unit = ''): Check {
  if (value === null) return { text: `${what}: not known here`, ok: true }
  const shown = value >= 100 ? value.toFixed(0) : value.toFixed(2)
  return { text: `${what} ${shown} ≤ ${Number(limit.toFixed(2))}${unit}`, ok: value <= limit }
}

/** That a run found every account as it should be. */
export function nothingChanged(run: MeasuredRun, accounts: number): Check {
  const isSame = run.counts['unchanged'] === accounts && run.calls.zivverWrites === 0
  return { text: `${accounts} accounts unchanged, nothing written`, ok: isSame }
}
