import { LongWait } from '../../errors.ts'
import type { Clock } from '../../ports.ts'
import type { CallObserver, Upstream } from './call-observer.ts'

/** A wait longer than this ends the slice instead of holding it (contract, section 9 and issue 3). */
const longestHeldSeconds = 30

interface LimiterOptions {
  /** Never more than this in flight. */
  readonly max: number
  readonly clock: Clock
  readonly observer: CallObserver
  readonly upstream: Upstream
  /** Completes "waiting 7 s for …" when the upstream asked for a pause. */
  readonly waitingFor: string
}

const startLimit = 4
const successesPerStep = 200

/** How a task tells what became of its call; to be told before the task ends. */
export interface CallFeedback {
  /** The upstream answered as a healthy one does (a definite "no" included). */
  succeeded(): void
  /** The upstream said that there were too many calls. */
  refused(): void
}

interface Waiting {
  readonly weight: number
  readonly begin: (generation: number) => void
  readonly refuse: (error: Error) => void
}

/**
 * How many calls to one upstream are in flight: adaptive, first come first served, with one pause for all
 * (reference 3.14). It starts at 4. Until the first refusal each success adds one, so that a healthy service is used
 * fully after two round trips; a refusal halves it, and from then on it takes 200 successes to add one.
 */
export class ConcurrencyLimiter {
  readonly #options: LimiterOptions
  readonly #queue: Waiting[] = []
  #limit: number
  #inFlight = 0
  #refused = false
  #successes = 0
  // Calls that were in flight together are refused together: they halve the limit once, not once each.
  #generation = 0
  #pausedUntil = 0
  #pauseTimerSet = false

  constructor(options: LimiterOptions) {
    this.#options = options
    this.#limit = Math.min(startLimit, options.max)
  }

  /** What may be in flight now. */
  get limit(): number {
    return this.#limit
  }

  /**
   * Runs a task once there is room for it.
   * @param weight how many upstream calls the task makes at once (items of a batch); a task heavier than the limit
   *   runs alone
   * @throws LongWait when the upstream asked for a pause too long to hold; the task is not begun
   */
  async run<T>(weight: number, task: (feedback: CallFeedback) => Promise<T>): Promise<T> {
    const generation = await this.#enter(weight)
    try {
      return await task({
        succeeded: () => this.#grow(weight),
        refused: () => this.#halve(generation),
      })
    } finally {
      this.#inFlight -= weight
      this.#drain()
    }
  }

  /**
   * Lets nothing begin for some seconds (`Retry-After`).
   * @throws LongWait when that is too long to hold
   */
  pause(seconds: number): void {
    const { clock, observer, upstream, waitingFor } = this.#options
    const until = clock.monotonic() + seconds * 1000
    if (until > this.#pausedUntil) {
      this.#pausedUntil = until
      observer.onWait({ upstream, seconds, reason: waitingFor })
    }
    const tooLong = this.#longWait()
    if (tooLong === null) return
    for (const waiting of this.#queue.splice(0)) waiting.refuse(tooLong)
    throw tooLong
  }

  #enter(weight: number): Promise<number> {
    return new Promise((begin, refuse) => {
      const tooLong = this.#longWait()
      if (tooLong !== null) return refuse(tooLong)
      this.#queue.push({ weight, begin, refuse })
      this.#drain()
    })
  }

  #longWait(): LongWait | null {
    const seconds = (this.#pausedUntil - this.#options.clock.monotonic()) / 1000
    return seconds > longestHeldSeconds ? new LongWait(seconds, this.#options.waitingFor) : null
  }

  #drain(): void {
    if (this.#pausedUntil > this.#options.clock.monotonic()) {
      void this.#drainAfterPause()
      return
    }
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (this.#inFlight > 0 && this.#inFlight + next.weight > this.#limit) return
      this.#queue.shift()
      this.#inFlight += next.weight
      next.begin(this.#generation)
    }
  }

  async #drainAfterPause(): Promise<void> {
    if (this.#pauseTimerSet || this.#queue.length === 0) return
    this.#pauseTimerSet = true
    await this.#options.clock.sleep(this.#pausedUntil - this.#options.clock.monotonic())
    this.#pauseTimerSet = false
    this.#drain()
  }

  #grow(weight: number): void {
    if (this.#limit >= this.#options.max) return
    this.#successes += weight
    const perStep = this.#refused ? successesPerStep : 1
    const steps = Math.floor(this.#successes / perStep)
    this.#successes -= steps * perStep
    this.#limit = Math.min(this.#options.max, this.#limit + steps)
  }

  #halve(generation: number): void {
    if (generation !== this.#generation) return
    this.#generation += 1
    this.#refused = true
    this.#successes = 0
    this.#limit = Math.max(1, Math.floor(this.#limit / 2))
  }
}
