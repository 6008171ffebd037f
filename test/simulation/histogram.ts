import type { Verdict } from './simulation.ts'

/** Counts what happened in many schedules, so that anyone can see what was tried and how often. */
export class Histogram {
  readonly #faults = new Map<string, number>()
  readonly #ends = new Map<string, number>()
  readonly #interleavings = new Set<number>()
  #schedules = 0
  #runs = 0
  #takeovers = 0
  #virtualMs = 0
  #fewestAccounts = Number.POSITIVE_INFINITY
  #fewestRuns = Number.POSITIVE_INFINITY
  #fewestFaults = Number.POSITIVE_INFINITY

  add(verdict: Verdict): void {
    const { fired, runs, interleaving, takeovers, virtualMs, accounts } = verdict
    for (const fault of fired) {
      count(this.#faults, 'moment' in fault ? `${fault.kind} ${fault.moment}` : fault.kind)
    }
    for (const { mode, status } of runs) count(this.#ends, `${mode} ${status}`)
    this.#interleavings.add(interleaving)
    this.#schedules += 1
    this.#runs += runs.length
    this.#takeovers += takeovers
    this.#virtualMs += virtualMs
    this.#fewestAccounts = Math.min(this.#fewestAccounts, accounts)
    this.#fewestRuns = Math.min(this.#fewestRuns, runs.length)
    this.#fewestFaults = Math.min(this.#fewestFaults, fired.length)
  }

  /** The least of everything that one schedule had. */
  get least(): { readonly accounts: number; readonly runs: number; readonly faults: number } {
    return {
      accounts: this.#fewestAccounts,
      runs: this.#fewestRuns,
      faults: this.#fewestFaults,
    }
  }

  toString(): string {
    const days = (this.#virtualMs / 86_400_000).toFixed(1)
    return [
      `${this.#schedules} schedules, ${this.#runs} runs, ${this.#takeovers} takeovers, ${this.#interleavings.size} different interleavings, ${days} days of virtual time`,
      'faults:',
      ...bars(this.#faults),
      'runs:',
      ...bars(this.#ends),
    ].join('\n')
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

const widest = 40

function bars(counts: ReadonlyMap<string, number>): string[] {
  const most = Math.max(1, ...counts.values())
  return [...counts]
    .sort(([, left], [, right]) => right - left)
    .map(([name, times]) => {
      const bar = '█'.repeat(Math.max(1, Math.round((widest * times) / most)))
      return `  ${name.padEnd(28)} ${String(times).padStart(6)} ${bar}`
    })
}
