import * as z from 'zod'
import { type CallMatch, callMatchSchema, compileMatch, type Matchable } from './call-match.ts'
import { createRandom, type Random } from './random.ts'

/** How long calls take: `ms`, plus up to `jitterMs` more. */
export const latencyRuleSchema = z.strictObject({
  match: callMatchSchema.optional(),
  ms: z.number().min(0),
  jitterMs: z.number().min(0).optional(),
})
export type LatencyRule = z.infer<typeof latencyRuleSchema>

/** Latency per call: a rule set later wins over an earlier one; without a rule a call takes no extra time. */
export class Latency {
  readonly #random: Random
  #rules: { readonly rule: LatencyRule; readonly matches: (call: Matchable) => boolean }[] = []

  constructor(seed: number) {
    this.#random = createRandom(seed).fork('latency')
  }

  /** Adds a rule; without `match` it is for every call. */
  set(ms: number, match?: CallMatch, jitterMs?: number): void {
    this.add({ ms, match, jitterMs })
  }

  add(rule: LatencyRule): void {
    this.#rules.unshift({ rule, matches: compileMatch(rule.match ?? {}) })
  }

  clear(): void {
    this.#rules = []
  }

  list(): readonly LatencyRule[] {
    return this.#rules.map(({ rule }) => rule)
  }

  /** Milliseconds that this call takes before it is worked on. */
  of(call: Matchable): number {
    const found = this.#rules.find(({ matches }) => matches(call))
    if (found === undefined) return 0
    return found.rule.ms + (found.rule.jitterMs ?? 0) * this.#random.next()
  }
}
