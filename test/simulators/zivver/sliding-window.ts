/** Times of the requests that were let through lately: never more than `budget` in any window of this length. */
export class SlidingWindow {
  #arrivals: number[] = []

  /**
   * Decides on a request; a refused one does not count against the budget.
   * @param at arrival in milliseconds, never before an earlier call's
   */
  admit(at: number, budget: number, windowMs: number): boolean {
    this.#forget(at - windowMs)
    if (this.#arrivals.length >= budget) return false
    this.#arrivals.push(at)
    return true
  }

  /** Requests left now, and milliseconds until the oldest one no longer counts. */
  room(at: number, budget: number, windowMs: number): { remaining: number; resetMs: number } {
    this.#forget(at - windowMs)
    const oldest = this.#arrivals[0] ?? at
    return {
      remaining: Math.max(0, budget - this.#arrivals.length),
      resetMs: this.#arrivals.length === 0 ? 0 : oldest + windowMs - at,
    }
  }

  #forget(until: number): void {
    const kept = this.#arrivals.findIndex((at) => at > until)
    if (kept !== 0) this.#arrivals = kept < 0 ? [] : this.#arrivals.slice(kept)
  }
}
