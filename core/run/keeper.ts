import type { Clock, LastLook, OpenJournal } from '../ports.ts'
import { LeaseLost, RunCancelled } from '../ports.ts'

/** What was seen of the lease is good enough for so long: before a write, and between two reads. */
const freshMs = { write: 100, read: 1_000 } as const

/**
 * Keeps the lease of a run alive while work goes on, and answers the one question that matters before each call:
 * may it begin? (issue: before each call to Zivver the remaining lease exceeds the call's timeout.)
 */
export class LeaseKeeper {
  readonly #journal: OpenJournal
  readonly #clock: Clock
  readonly #leaseMs: number
  readonly #callTimeoutMs: number
  readonly #stopped = new AbortController()
  #seenAt: number
  #cancelRequested = false
  #failure: { readonly error: unknown } | null = null
  #renewing: Promise<void> = Promise.resolve()

  /**
   * @param leaseSeconds after so long without a touch the run may be taken over
   * @param callTimeoutMs longest call to Zivver; shorter than the lease
   */
  constructor(journal: OpenJournal, clock: Clock, leaseSeconds: number, callTimeoutMs: number) {
    this.#journal = journal
    this.#clock = clock
    this.#leaseMs = leaseSeconds * 1000
    this.#callTimeoutMs = callTimeoutMs
    this.#seenAt = clock.monotonic()
  }

  /** Begins to renew the lease in the background, three times per lease. */
  start(): void {
    this.#renewing = this.#renewForever()
  }

  async stop(): Promise<void> {
    this.#stopped.abort('the slice is over')
    await this.#renewing
  }

  async #renewForever(): Promise<void> {
    while (!this.#stopped.signal.aborted && this.#failure === null) {
      const slept = await this.#clock
        .sleep(this.#leaseMs / 3, this.#stopped.signal)
        .then(() => true)
        .catch(() => false)
      if (!slept) return
      try {
        await this.#renew()
      } catch (error) {
        if (error instanceof LeaseLost || this.#journal.remainingMs() <= 0)
          this.#failure = { error }
      }
    }
  }

  async #renew(): Promise<void> {
    const { cancelRequested } = await this.#journal.renew()
    this.#note(cancelRequested)
  }

  #note(cancelRequested: boolean): void {
    this.#seenAt = this.#clock.monotonic()
    this.#cancelRequested ||= cancelRequested
  }

  /** Cheap enough to be called between any two pieces of work. @throws RunCancelled, LeaseLost */
  async checkpoint(before: keyof typeof freshMs = 'write'): Promise<void> {
    if (this.#ageMs() > freshMs[before]) {
      const { cancelRequested } = await this.#journal.check()
      this.#note(cancelRequested)
    }
    this.#throwIfOver()
  }

  // While outcomes are stored the lease row rides with each of them: that was the last look.
  #ageMs(): number {
    const sinceLook = this.#clock.monotonic() - this.#seenAt
    const sinceTouch = this.#leaseMs - this.#journal.remainingMs()
    return Math.min(sinceLook, sinceTouch)
  }

  /**
   * Asked before a request: the lease is ours and outlives the call, and nobody asked to cancel.
   * @returns the last look, for the moment in which the bytes leave: a host that was paused in between sends nothing
   * @throws RunCancelled, LeaseLost
   */
  readonly mayBegin = async (): Promise<LastLook> => {
    await this.checkpoint()
    if (this.#journal.remainingMs() <= this.#callTimeoutMs) await this.#renew()
    this.#throwIfOver()
    return this.#lastLook
  }

  readonly #lastLook = (): void => {
    if (this.#journal.remainingMs() <= this.#callTimeoutMs) {
      throw new LeaseLost(this.#journal.lease.runId)
    }
  }

  #throwIfOver(): void {
    if (this.#failure !== null) throw this.#failure.error
    if (this.#journal.remainingMs() <= 0) throw new LeaseLost(this.#journal.lease.runId)
    if (this.#cancelRequested || this.#journal.cancelRequested) throw new RunCancelled()
  }
}
