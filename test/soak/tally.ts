import { type Finding, type FindingKind, findingKinds } from './findings.ts'

/** How often each thing happened. */
export class Counts {
  readonly #counts = new Map<string, number>()

  add(name: string, times = 1): void {
    if (times > 0) this.#counts.set(name, this.of(name) + times)
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  addAll(other: Counts): void {
    for (const [name, times] of other.#counts) this.add(name, times)
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, times) => sum + times, 0)
  }

  /** By name. */
  get entries(): readonly (readonly [name: string, times: number])[] {
    return [...this.#counts].sort(([left], [right]) => (left < right ? -1 : 1))
  }
}

/** A finding and the world it was found in. */
interface FoundIn {
  readonly finding: Finding
  readonly seed: number
}

/** What one world, or a whole soak, comes to. */
export class Tally {
  worlds = 0
  rounds = 0
  slices = 0
  takeovers = 0
  writes = 0
  /** Calls to Zivver in the fullest window, as a share of the rate limit. */
  fullest = 0
  readonly runs = new Counts()
  readonly strikes = new Counts()
  readonly faults = new Counts()
  readonly #found: FoundIn[] = []

  add(other: Tally): void {
    this.worlds += other.worlds
    this.rounds += other.rounds
    this.slices += other.slices
    this.takeovers += other.takeovers
    this.writes += other.writes
    this.fullest = Math.max(this.fullest, other.fullest)
    this.runs.addAll(other.runs)
    this.strikes.addAll(other.strikes)
    this.faults.addAll(other.faults)
    this.#found.push(...other.#found)
  }

  found(seed: number, findings: readonly Finding[]): void {
    this.#found.push(...findings.map((finding) => ({ finding, seed })))
  }

  get findings(): readonly Finding[] {
    return this.#found.map(({ finding }) => finding)
  }

  get seedsAtFault(): readonly number[] {
    return [...new Set(this.#found.map(({ seed }) => seed))]
  }

  /** Findings of a kind; tenants that did not converge are counted once each. */
  countOf(kind: FindingKind): number {
    const found = this.#found.filter(({ finding }) => finding.kind === kind)
    return kind === 'not converged' ? new Set(found.map(({ seed }) => seed)).size : found.length
  }

  /** One line for now and then. */
  get line(): string {
    const bad = findingKinds.reduce((sum, kind) => sum + this.countOf(kind), 0)
    return `${this.worlds} worlds, ${this.rounds} rounds, ${this.slices} slices, ${this.faults.total} faults, ${this.strikes.total} strikes, ${this.writes} writes, ${bad} findings`
  }

  /** The table at the end. */
  get table(): string {
    return [
      row('worlds (tenants)', this.worlds),
      row('rounds of faults, then calm', this.rounds),
      row('runs', this.runs.total),
      ...rowsOf(this.runs),
      row('slices', this.slices),
      row('takeovers', this.takeovers),
      row('strikes at processes, queue and settings', this.strikes.total),
      ...rowsOf(this.strikes),
      row('faults injected on the wire', this.faults.total),
      ...rowsOf(this.faults),
      row('writes at Zivver', this.writes),
      row('fullest window, % of the rate limit', Math.round(this.fullest * 100)),
      row('wrong suspensions', this.countOf('wrong suspension')),
      row('duplicates', this.countOf('duplicate')),
      row('lost mappings', this.countOf('lost mapping')),
      row('rate violations', this.countOf('rate violation')),
      row('tenants that did not converge', this.countOf('not converged')),
    ].join('\n')
  }
}

function rowsOf(counts: Counts): string[] {
  return counts.entries.map(([name, times]) => row(`  ${name}`, times))
}

function row(name: string, count: number): string {
  return `${name.padEnd(48)} ${String(count).padStart(7)}`
}
