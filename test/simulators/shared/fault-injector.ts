import { type CallMatch, compileMatch, type Matchable } from './call-match.ts'
import type { FaultAction, FaultRule } from './fault-rule.ts'
import { createRandom, type Random } from './random.ts'

interface ActiveRule {
  readonly id: string
  readonly rule: FaultRule
  readonly matches: (call: Matchable) => boolean
  readonly random: Random
  matched: number
  fired: number
}

/** Holds the fault rules of one simulator and decides, call by call, which one fires. */
export class FaultInjector {
  readonly #random: Random
  #rules: ActiveRule[] = []
  #created = 0

  constructor(seed: number) {
    this.#random = createRandom(seed)
  }

  /** Adds a rule behind the others. @returns its id, for `remove` and `fired` */
  add(rule: FaultRule): string {
    this.#created += 1
    const id = rule.id ?? `fault-${this.#created}`
    const random = this.#random.fork(`${this.#created}`)
    const matches = compileMatch(rule.match ?? {})
    this.#rules.push({ id, rule, matches, random, matched: 0, fired: 0 })
    return id
  }

  /** Shorthand of `add`: the next `times` matching calls (1 unless told) meet this action. */
  once(match: CallMatch, action: FaultAction, times = 1): string {
    return this.add({ match, action, times })
  }

  remove(id: string): boolean {
    const before = this.#rules.length
    this.#rules = this.#rules.filter((active) => active.id !== id)
    return this.#rules.length < before
  }

  clear(): void {
    this.#rules = []
  }

  /** How often a rule fired; without an id, all present rules together. */
  fired(id?: string): number {
    const counted = this.#rules.filter((active) => id === undefined || active.id === id)
    return counted.reduce((sum, active) => sum + active.fired, 0)
  }

  /** Every rule with its counters. */
  list(): readonly { id: string; rule: FaultRule; matched: number; fired: number }[] {
    return this.#rules.map(({ id, rule, matched, fired }) => ({ id, rule, matched, fired }))
  }

  /** Counts this call in every rule it matches, and gives the action of the first that fires. */
  next(call: Matchable): FaultAction | null {
    let chosen: ActiveRule | null = null
    for (const active of this.#rules) {
      if (!active.matches(call)) continue
      active.matched += 1
      if (isDue(active) && chosen === null) chosen = active
    }
    if (chosen === null) return null
    chosen.fired += 1
    return chosen.rule.action
  }
}

// The random number is drawn for every match, so that the sequence does not depend on the other conditions.
function isDue({ rule, matched, fired, random }: ActiveRule): boolean {
  const drawn = rule.probability === undefined || random.next() < rule.probability
  const turn = rule.nth === undefined || [rule.nth].flat().includes(matched)
  return drawn && turn && matched >= (rule.from ?? 1) && fired < (rule.times ?? Infinity)
}
