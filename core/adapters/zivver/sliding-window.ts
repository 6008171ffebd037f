/**
 * When the next call may leave so that the server never sees more than so many in *any* window: pure, in milliseconds
 * of a monotonic clock.
 *
 * The server counts a call somewhere between its start and its answer. A place is therefore free again one window
 * after the *answer*: whatever takes it arrives at least a window after the call before it arrived.
 */
export interface WindowRule {
  readonly calls: number
  readonly windowMs: number
}

interface Allowance {
  calls: number
  readonly until: number
}

export class SlidingWindow {
  #rules: readonly WindowRule[]
  #inFlight = 0
  /** Moments of answers, ascending; as many as the largest rule can ask about. */
  #answers: number[] = []
  #pausedUntil = Number.NEGATIVE_INFINITY
  #allowance: Allowance | null = null

  constructor(rules: readonly WindowRule[]) {
    this.#rules = rules
  }

  /** Replaces the rules; what was counted stays counted. */
  setRules(rules: readonly WindowRule[]): void {
    this.#rules = rules
  }

  /** Takes a place; only when `freeAt` says so. */
  begin(): void {
    this.#inFlight++
    if (this.#allowance !== null) this.#allowance.calls--
  }

  /** The answer is there, or none will come: the place is free one window from now. */
  end(now: number): void {
    this.#inFlight--
    this.#answers.push(now)
    const kept = Math.max(...this.#rules.map((rule) => rule.calls))
    if (this.#answers.length > 2 * kept) this.#answers = this.#answers.slice(-kept)
  }

  /** Nothing was sent: the place is free at once. */
  giveBack(): void {
    this.#inFlight--
    if (this.#allowance !== null) this.#allowance.calls++
  }

  /** Nothing leaves before this moment. */
  pauseUntil(moment: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, moment)
  }

  /**
   * The server grants this many more calls until a moment, counted when the answer was made. Calls in flight may be
   * among them. It binds only where it is less than our own count allows, for then somebody else uses the key too.
   */
  limitUntil(remaining: number, moment: number, now: number): void {
    this.#allowance =
      remaining < this.#room(now)
        ? { calls: Math.max(0, remaining - this.#inFlight), until: moment }
        : null
  }

  /** When the next call may leave: `now` or later; `Infinity` while that depends on an answer. */
  freeAt(now: number): number {
    const moments = this.#rules.map((rule) => this.#ruleFreeAt(rule))
    return Math.max(now, this.#pausedUntil, this.#allowedAt(now), ...moments)
  }

  #allowedAt(now: number): number {
    if (this.#allowance !== null && now >= this.#allowance.until) this.#allowance = null
    return this.#allowance !== null && this.#allowance.calls <= 0 ? this.#allowance.until : now
  }

  #ruleFreeAt(rule: WindowRule): number {
    const places = rule.calls - this.#inFlight
    if (places <= 0) return Number.POSITIVE_INFINITY
    const answer = this.#answers.at(-places)
    return answer === undefined ? Number.NEGATIVE_INFINITY : answer + heldFor(rule)
  }

  /** How many calls our own count allows at this moment. */
  #room(now: number): number {
    const rooms = this.#rules.map((rule) => {
      const counted = this.#answers.filter((answer) => answer + heldFor(rule) > now).length
      return rule.calls - this.#inFlight - counted
    })
    return Math.min(...rooms)
  }
}

// A little more than the window: two clocks drift apart, and a server may round to milliseconds.
function heldFor({ windowMs }: WindowRule): number {
  return windowMs + 1 + windowMs / 2_000
}
