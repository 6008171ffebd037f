/** The one gate that every call with one Zivver key passes, reads and writes alike, first come first served. */
import { createHash } from 'node:crypto'
import type { RateLimit } from '../../config.ts'
import { LongWait } from '../../errors.ts'
import type { Clock } from '../../ports.ts'
import type { RateHints } from './rate-hints.ts'
import { SlidingWindow, type WindowRule } from './sliding-window.ts'

/** Leave for one call. Exactly one of its methods is called, once. */
export interface Slot {
  /** The call was answered, or none can come any more; the answer's hints adapt the pace. */
  end(hints: RateHints | null): void
  /** The call was not sent after all. */
  giveBack(): void
}

export interface SlotRequest {
  /** A longer wait for the next call of the key ends in LongWait. */
  readonly patienceSeconds: number
  /** Told of a wait that an administrator would notice. */
  onWait(seconds: number): void
}

interface Waiter extends SlotRequest {
  grant(slot: Slot): void
  fail(error: unknown): void
}

/** What is waited for, in words. */
export const waitingForRateLimit = "Zivver's rate limit"

const noticeableMs = 1_000

export class RateLimiter {
  readonly #clock: Clock
  readonly #window: SlidingWindow
  #limit: RateLimit
  #learned: readonly RateLimit[] = []
  #queue: Waiter[] = []
  #serving = false
  #lastCallAt: Date | null = null

  constructor(limit: RateLimit, clock: Clock) {
    this.#clock = clock
    this.#limit = limit
    this.#window = new SlidingWindow(rulesOf(limit, []))
  }

  /** Seconds of the configured window (`ZIVVER_RATE_LIMIT`). */
  get windowSeconds(): number {
    return this.#limit.seconds
  }

  /** Wall clock of the last call's start or answer in this process; `null` = none yet. */
  get lastCallAt(): Date | null {
    return this.#lastCallAt
  }

  /** Takes over a changed setting; what was counted stays counted. */
  configure(limit: RateLimit): void {
    this.#limit = limit
    this.#window.setRules(rulesOf(limit, this.#learned))
  }

  /**
   * Respects calls that another process made with this key: as far as anybody knows it used the whole window until
   * `lastCallAt`. Our own last call is counted anyway; one that came after the other's says nothing about the other's.
   */
  restoreAfter(lastCallAt: Date): void {
    if (this.#lastCallAt?.getTime() === lastCallAt.getTime()) return
    const agoMs = Math.max(0, this.#clock.now().getTime() - lastCallAt.getTime())
    this.#window.pauseUntil(this.#clock.monotonic() - agoMs + this.#limit.seconds * 1_000)
  }

  /**
   * Waits until a call may leave.
   * @throws LongWait when the next call of this key may leave only after the requester's patience
   */
  acquire(request: SlotRequest): Promise<Slot> {
    return new Promise((resolve, reject) => {
      this.#queue.push({
        patienceSeconds: request.patienceSeconds,
        onWait: (seconds) => request.onWait(seconds),
        grant: resolve,
        fail: reject,
      })
      this.#dismissImpatient()
      void this.#serve()
    })
  }

  async #serve(): Promise<void> {
    if (this.#serving) return
    this.#serving = true
    try {
      for (;;) {
        this.#grantFree()
        this.#dismissImpatient()
        const head = this.#queue[0]
        const waitMs = this.#waitMs()
        // Without a known moment it is an answer that goes on serving.
        if (head === undefined || waitMs === Number.POSITIVE_INFINITY) return
        if (waitMs >= noticeableMs) head.onWait(waitMs / 1_000)
        await this.#clock.sleep(waitMs)
      }
    } catch (error) {
      for (const waiter of this.#queue.splice(0)) waiter.fail(error)
    } finally {
      this.#serving = false
    }
  }

  #waitMs(): number {
    const now = this.#clock.monotonic()
    return this.#window.freeAt(now) - now
  }

  #grantFree(): void {
    while (this.#queue.length > 0 && this.#waitMs() <= 0) {
      this.#window.begin()
      this.#lastCallAt = this.#clock.now()
      this.#queue.shift()?.grant(this.#newSlot())
    }
  }

  // Judged by the next free place, not by the place in the queue: while calls leave, the run is not waiting. In whole
  // seconds, for a window is held a few milliseconds longer than it is.
  #dismissImpatient(): void {
    const waitSeconds = this.#waitMs() / 1_000
    if (waitSeconds === Number.POSITIVE_INFINITY) return
    const isPatient = (waiter: Waiter) => Math.floor(waitSeconds) <= waiter.patienceSeconds
    const impatient = this.#queue.filter((waiter) => !isPatient(waiter))
    this.#queue = this.#queue.filter(isPatient)
    for (const waiter of impatient) waiter.fail(new LongWait(waitSeconds, waitingForRateLimit))
  }

  #newSlot(): Slot {
    return {
      end: (hints) => {
        this.#window.end(this.#clock.monotonic())
        if (hints !== null) this.#learn(hints)
        this.#lastCallAt = this.#clock.now()
        void this.#serve()
      },
      giveBack: () => {
        this.#window.giveBack()
        void this.#serve()
      },
    }
  }

  #learn({ quotas, remaining, waitSeconds }: RateHints): void {
    const now = this.#clock.monotonic()
    if (quotas.length > 0) {
      this.#learned = quotas
      this.#window.setRules(rulesOf(this.#limit, quotas))
    }
    if (remaining !== null) {
      this.#window.limitUntil(remaining.calls, now + remaining.resetSeconds * 1_000, now)
    }
    if (waitSeconds !== null) this.#window.pauseUntil(now + waitSeconds * 1_000)
  }
}

// Our own limit always holds; what the server names can only make it stricter.
function rulesOf(limit: RateLimit, learned: readonly RateLimit[]): readonly WindowRule[] {
  return [limit, ...learned].map(({ requests, seconds }) => ({
    calls: requests,
    windowMs: seconds * 1_000,
  }))
}

const limiters = new Map<string, RateLimiter>()

export interface LimiterKey {
  readonly baseUrl: string
  readonly apiKey: string
  readonly limit: RateLimit
  readonly clock: Clock
}

/** The limiter of a key, the same one for as long as the process lives: several tenants have several keys. */
export function limiterFor({ baseUrl, apiKey, limit, clock }: LimiterKey): RateLimiter {
  const name = `${baseUrl} ${createHash('sha256').update(apiKey).digest('hex')}`
  const known = limiters.get(name)
  if (known !== undefined) {
    known.configure(limit)
    return known
  }
  const made = new RateLimiter(limit, clock)
  limiters.set(name, made)
  return made
}
