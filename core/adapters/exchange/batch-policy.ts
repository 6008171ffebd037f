/** The most items that anybody is known to have put into one batch (reference 3.13). */
const largestBatch = 10

/** Below this a batch cannot show by its time whether its items ran side by side. */
const smallestBatch = 3

/** The batch that is timed is small: its items hold places while they wait, should they be worked on one after the other. */
const trialBatch = 4

/**
 * Decides by measurement whether cmdlets go out singly or in batches (`docs/decisions/0005-batch-or-single.md`).
 * Nobody has published whether the service runs the items of a `$batch` side by side or one after the other. Side by
 * side, a batch saves HTTP calls at the same speed; one after the other, it makes a scan several times slower, because its
 * items hold places of the concurrency setting while they wait. So the first cmdlet goes out singly and is timed, then
 * one batch; batches are used only while each takes less than half of what its items took one after the other. One
 * slow batch ends them for good: singly is never wrong.
 */
export class BatchPolicy {
  /** Half of what may be in flight, so that one batch travels while another is worked on. */
  readonly #largest: number
  #state: 'unmeasured' | 'measuring' | 'batches' | 'single'
  #fastestSingleMs = Number.POSITIVE_INFINITY

  /** @param concurrency most cmdlets in flight, batch items counted */
  constructor(concurrency: number) {
    this.#largest = Math.max(1, Math.min(largestBatch, Math.floor(concurrency / 2)))
    this.#state = this.#largest < smallestBatch ? 'single' : 'unmeasured'
  }

  /** Items in one batch. */
  get size(): number {
    return this.#state === 'batches' ? this.#largest : Math.min(trialBatch, this.#largest)
  }

  /** True once it is settled that everything goes out singly. */
  get isSingle(): boolean {
    return this.#state === 'single'
  }

  /** Whether this many cmdlets go out as one batch now. While the first batch is timed, all others go out singly. */
  takeBatch(items: number): boolean {
    if (items < smallestBatch) return false
    if (this.#state === 'batches') return true
    if (this.#state !== 'unmeasured' || this.#fastestSingleMs === Number.POSITIVE_INFINITY)
      return false
    this.#state = 'measuring'
    return true
  }

  singleTook(durationMs: number): void {
    this.#fastestSingleMs = Math.min(this.#fastestSingleMs, durationMs)
  }

  batchTook(items: number, durationMs: number): void {
    const isSideBySide = durationMs < (items * this.#fastestSingleMs) / 2
    this.#state = isSideBySide && this.#state !== 'single' ? 'batches' : 'single'
  }

  /** A batch that told nothing about its speed, because items were left unanswered: measure again. */
  batchWasPartial(): void {
    if (this.#state === 'measuring') this.#state = 'unmeasured'
  }

  /** The service has no batches, or none that we understand. */
  batchFailed(): void {
    this.#state = 'single'
  }
}
