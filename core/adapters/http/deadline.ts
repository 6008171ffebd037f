/**
 * The deadline of one call: destroys what is open of it when the time is over. A plain timer, and no
 * `AbortSignal.timeout`: that cannot be taken back, so each of thousands of calls would hold its own long after its answer.
 */
export class Deadline {
  readonly #timer: NodeJS.Timeout
  #open: { destroy(error: Error): unknown } | null = null
  #hasPassed = false

  /** @param ms from now */
  constructor(ms: number) {
    this.#timer = setTimeout(() => {
      this.#hasPassed = true
      this.#open?.destroy(new Error('the time is over'))
    }, ms)
  }

  get hasPassed(): boolean {
    return this.#hasPassed
  }

  /** Says what is open now, in place of what was before. */
  watch(stream: { destroy(error: Error): unknown }): void {
    this.#open = stream
  }

  /** The call has ended. */
  clear(): void {
    clearTimeout(this.#timer)
  }
}
