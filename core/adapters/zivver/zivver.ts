/** Zivver's SCIM API behind the ports `AccountTarget` and `AccountWriter`. */
import type { AccountTarget, AccountWriter, Clock } from '../../ports.ts'
import type { CallObserver } from '../http/call-observer.ts'
import { sendHttp } from '../http/http-client.ts'
import type { RateLimiter } from './pacing.ts'
import { ZivverClient } from './zivver-client.ts'
import { ZivverReader } from './zivver-reader.ts'
import { ZivverTarget } from './zivver-target.ts'
import { ZivverWriter } from './zivver-writer.ts'

/** The whole of a call, connect to last byte. A lease must outlast it before a write begins. */
export const callTimeoutMs = 30_000

export interface ZivverOptions {
  /** SCIM base URL, with or without a slash at its end. */
  readonly baseUrl: string
  readonly apiKey: string
  /** Of `limiterFor`: shared by all that call with this key. */
  readonly limiter: RateLimiter
  readonly clock: Clock
  readonly observer: CallObserver
  /** Random numbers in [0, 1) for the jitter of repeats. */
  readonly random?: () => number
  /** Deadline of one call; `callTimeoutMs` unless given. */
  readonly timeoutMs?: number
  /** Sends a request; over HTTP unless given. */
  readonly send?: typeof sendHttp
}

export interface Zivver {
  readonly target: AccountTarget
  /** Only a sync run opens it. */
  openWriter(): AccountWriter
}

export function createZivver(options: ZivverOptions): Zivver {
  const client = new ZivverClient({
    ...options,
    random: options.random ?? Math.random,
    timeoutMs: options.timeoutMs ?? callTimeoutMs,
    send: options.send ?? sendHttp,
  })
  const reader = new ZivverReader(client, options.limiter)
  return {
    target: new ZivverTarget(reader),
    openWriter: () => new ZivverWriter(client, reader),
  }
}
