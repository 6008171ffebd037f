import type { CallRecord, WaitRecord } from '../../../core/adapters/http/call-observer.ts'
import { RateLimiter } from '../../../core/adapters/zivver/pacing.ts'
import { createZivver } from '../../../core/adapters/zivver/zivver.ts'
import type { RateLimit } from '../../../core/config.ts'
import type { Clock } from '../../../core/ports.ts'
import { instantClock } from './clocks.ts'

export const apiKey = 'zivver-key'

export interface OpenOptions {
  readonly limit?: RateLimit
  readonly clock?: Clock
  readonly timeoutMs?: number
  readonly apiKey?: string
}

/** The adapter as the composition makes it, on a clock whose sleeps take no time, with all that its observer saw. */
export function openZivver(baseUrl: string, options: OpenOptions = {}) {
  const {
    limit = { requests: 50, seconds: 10 },
    clock = instantClock(),
    timeoutMs = 5_000,
  } = options
  const calls: CallRecord[] = []
  const waits: WaitRecord[] = []
  const limiter = new RateLimiter(limit, clock)
  const zivver = createZivver({
    baseUrl,
    apiKey: options.apiKey ?? apiKey,
    limiter,
    clock,
    observer: { onCall: (call) => calls.push(call), onWait: (wait) => waits.push(wait) },
    random: () => 0.5,
    timeoutMs,
  })
  return { target: zivver.target, writer: zivver.openWriter(), limiter, clock, calls, waits }
}
