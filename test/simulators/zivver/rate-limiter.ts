import { type Answer, jsonAnswer } from '../shared/call.ts'
import type { Options } from './options.ts'
import { SlidingWindow } from './sliding-window.ts'

type Limit = NonNullable<Options['rateLimit']>
type Headers = Readonly<Record<string, string>>

/** Zivver's rate limit (reference 6.5): a sliding window over arrival times, all routes together. */
export class RateLimiter {
  readonly #window = new SlidingWindow()
  #refused = 0

  /** How many requests were answered with 429. */
  get refused(): number {
    return this.#refused
  }

  /** Decides when a request arrives. @param at milliseconds of `performance.now()` */
  admit(at: number, limit: Limit | null): boolean {
    if (limit === null) return true
    const admitted = this.#window.admit(at, limit.budget, limit.windowSeconds * 1000)
    if (!admitted) this.#refused += 1
    return admitted
  }

  /** The `RateLimit-*` headers of draft-polli-ratelimit-headers-02 for any answer, where the options ask for them. */
  headers(at: number, limit: Limit | null): Headers {
    if (limit?.headers !== 'ratelimit') return {}
    const { remaining, resetMs } = this.#window.room(at, limit.budget, limit.windowSeconds * 1000)
    return {
      'ratelimit-limit': String(limit.budget),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': String(Math.ceil(resetMs / 1000)),
    }
  }

  /** The answer to a request that was not admitted. */
  tooMany(at: number, limit: Limit): Answer {
    const { resetMs } = this.#window.room(at, limit.budget, limit.windowSeconds * 1000)
    const { budget, windowSeconds } = limit
    const body = {
      code: 429,
      message: 'Too Many Requests',
      emptiedBucketDetails: { limiterId: 'cab', budget, windowSeconds },
      reference: 'https://tools.ietf.org/html/draft-polli-ratelimit-headers-02',
    }
    const wait = { 'retry-after': String(Math.ceil(resetMs / 1000)) }
    return jsonAnswer(429, body, limit.headers === 'retry_after' ? wait : {})
  }
}
