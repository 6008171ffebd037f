import type { Clock } from '../../ports.ts'
import type { CallObserver, Upstream } from './call-observer.ts'
import type { ConcurrencyLimiter } from './concurrency-limiter.ts'
import { backoffSeconds } from './retry-timing.ts'

/** What one try of a request came to. */
export type Attempt<T> = {
  /** A pause that the upstream asked for; `null` = none. */
  readonly retryAfterSeconds: number | null
  /** True when the upstream said that there were too many calls. */
  readonly tooMany: boolean
} & (
  | { readonly status: 'done'; readonly value: T }
  /** Send it again; `error` is thrown when this was the last try. */
  | { readonly status: 'again'; readonly error: Error }
)

export interface RetryOptions {
  readonly limiter: ConcurrencyLimiter
  readonly clock: Clock
  /** A number in [0, 1). */
  readonly random: () => number
  readonly observer: CallObserver
  readonly upstream: Upstream
  /** Completes "waiting 3 s for …" between two tries. */
  readonly waitingFor: string
}

const maxAttempts = 6

/**
 * Sends until it is done, at most six times: for reads only, which may be sent twice. `Retry-After` wins and holds
 * every call of the limiter; else exponential back-off with full jitter for this call alone (reference 3.9). No
 * place is held while waiting.
 * @param weight calls that one try makes at once
 * @param send one try; gets its number, from 1
 * @throws the last try's error; LongWait when the upstream asks for a longer pause than a slice should hold
 */
export async function withRetries<T>(
  options: RetryOptions,
  weight: number,
  send: (attempt: number) => Promise<Attempt<T>>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(options.limiter, weight, () => send(attempt))
    if (outcome.status === 'done') return outcome.value
    if (attempt === maxAttempts) throw outcome.error
    if (outcome.retryAfterSeconds === null) await backOff(options, attempt)
  }
}

// The pause is set before the place is given free: nothing slips through in between.
function tryOnce<T>(
  limiter: ConcurrencyLimiter,
  weight: number,
  send: () => Promise<Attempt<T>>,
): Promise<Attempt<T>> {
  return limiter.run(weight, async (feedback) => {
    const outcome = await send()
    if (outcome.tooMany) feedback.refused()
    else if (outcome.status === 'done') feedback.succeeded()
    if (outcome.retryAfterSeconds !== null) limiter.pause(outcome.retryAfterSeconds)
    return outcome
  })
}

async function backOff(options: RetryOptions, attempt: number): Promise<void> {
  const seconds = backoffSeconds(attempt, options.random())
  options.observer.onWait({ upstream: options.upstream, seconds, reason: options.waitingFor })
  await options.clock.sleep(seconds * 1000)
}

/** `1 try`, `6 tries`. */
export function triesText(tries: number): string {
  return tries === 1 ? '1 try' : `${tries} tries`
}
