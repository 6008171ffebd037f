/** The wire: one call to Zivver's SCIM API, paced, with a deadline, authorised, observed, and repeated where that is safe. */
import { SyncError } from '../../errors.ts'
import type { Clock, LastLook, MayBegin } from '../../ports.ts'
import type { CallObserver } from '../http/call-observer.ts'
import type { BodySink } from '../http/http-body.ts'
import { type HttpAnswer, HttpTransportError, type sendHttp } from '../http/http-client.ts'
import { backoffSeconds } from '../http/retry-timing.ts'
import { type Attempts, failureOf } from './attempts.ts'
import { type RateLimiter, waitingForRateLimit } from './pacing.ts'
import { type RateHints, readRateHints } from './rate-hints.ts'
import { upstreamText } from './scim-errors.ts'

export interface ZivverCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  /** Below the base URL, with its query. */
  readonly path: string
  /** What messages and logs call it: no id, no query. */
  readonly operation: string
  readonly body?: unknown
  readonly contentType?: string
  readonly attempts: Attempts
  /** The longest wait for the rate limit; a longer one is a LongWait. */
  readonly patienceSeconds: number
  /** Asked right before each request leaves. */
  readonly mayBegin?: MayBegin
  /** Takes a long answer while it arrives; made anew for each attempt. */
  readonly openBody?: () => BodySink
}

/** The last attempt's end. `no_answer`: the call may have been executed. */
export type CallEnd =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer; readonly attempts: number }
  | { readonly kind: 'no_answer'; readonly message: string; readonly attempts: number }

export interface ZivverClientOptions {
  readonly baseUrl: string
  readonly apiKey: string
  readonly limiter: RateLimiter
  readonly clock: Clock
  readonly observer: CallObserver
  /** Random numbers in [0, 1) for the jitter of repeats. */
  readonly random: () => number
  readonly timeoutMs: number
  /** Sends a request: `sendHttp`, or what stands in for the network in a simulation. */
  readonly send: typeof sendHttp
}

const maxWriteAnswerBytes = 16 * 1024 * 1024

interface AttemptEnd {
  readonly got: HttpAnswer | HttpTransportError
  /** The limiter is paused for as long as the server asked. */
  readonly paused: boolean
}

export class ZivverClient {
  readonly #options: ZivverClientOptions
  readonly #base: string

  constructor(options: ZivverClientOptions) {
    this.#options = options
    this.#base = options.baseUrl.replace(/\/+$/, '')
  }

  /**
   * Makes a call, as many times as it needs and may.
   * @throws SyncError `ZIVVER_UNAUTHORIZED` and `ZIVVER_FORBIDDEN`; LongWait; whatever `mayBegin` throws
   */
  async call(call: ZivverCall): Promise<CallEnd> {
    for (let attempt = 1; ; attempt++) {
      const { got, paused } = await this.#attempt(call, attempt)
      const failure = failureOf(got)
      if (failure === null || attempt >= call.attempts[failure]) return this.#callEnd(got, attempt)
      if (!paused) await this.#backOff(attempt)
    }
  }

  async #attempt(call: ZivverCall, attempt: number): Promise<AttemptEnd> {
    const headers = this.#headers(call)
    const slot = await this.#options.limiter.acquire({
      patienceSeconds: call.patienceSeconds,
      onWait: (seconds) => this.#announceWait(seconds, waitingForRateLimit),
    })
    const lastLook = await call.mayBegin?.().catch((error: unknown) => {
      slot.giveBack()
      throw error
    })
    const started = this.#options.clock.monotonic()
    const got = await this.#send(call, headers, lastLook).catch((error: unknown) => {
      if (error instanceof HttpTransportError) return error
      // The last look forbade it: nothing was sent.
      slot.giveBack()
      throw error
    })
    const hints = got instanceof HttpTransportError ? null : this.#hints(got)
    slot.end(hints)
    this.#observe(call, attempt, got, this.#options.clock.monotonic() - started)
    if (!(got instanceof HttpTransportError)) refuseBadKey(call, got)
    return { got, paused: (hints?.waitSeconds ?? 0) > 0 }
  }

  #send(
    call: ZivverCall,
    headers: Readonly<Record<string, string>>,
    lastLook: LastLook | undefined,
  ): Promise<HttpAnswer> {
    return this.#options.send({
      ...(lastLook !== undefined && { beforeSend: lastLook }),
      ...(call.openBody !== undefined && { openBody: call.openBody }),
      method: call.method,
      url: this.#base + call.path,
      headers,
      timeoutMs: this.#options.timeoutMs,
      // Only lists are large; a write's answer is one account.
      ...(call.method !== 'GET' && { maxBodyBytes: maxWriteAnswerBytes }),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    })
  }

  #headers(call: ZivverCall): Readonly<Record<string, string>> {
    const { apiKey } = this.#options
    // fetch would name the key in its complaint about it.
    if (!/^[\x21-\x7e]+$/.test(apiKey)) {
      throw new SyncError(
        'CONFIG_INVALID',
        'CLOUD_SYNC__ZIVVER_API_KEY is empty or holds characters that no key has (blanks, line breaks, accents)',
      )
    }
    return {
      authorization: `Bearer ${apiKey}`,
      accept: 'application/scim+json, application/json',
      ...(call.body === undefined
        ? {}
        : { 'content-type': call.contentType ?? 'application/json' }),
    }
  }

  #hints(answer: HttpAnswer): RateHints {
    const hints = readRateHints(answer, this.#options.clock.now())
    if (answer.status !== 429) return hints
    // A 429 always pauses: by what the server says, else by our own window.
    return { ...hints, waitSeconds: hints.waitSeconds ?? this.#options.limiter.windowSeconds }
  }

  async #backOff(attempt: number): Promise<void> {
    const seconds = backoffSeconds(attempt, this.#options.random(), 1, 20)
    if (seconds >= 1) this.#announceWait(seconds, 'Zivver to answer again')
    await this.#options.clock.sleep(seconds * 1_000)
  }

  #announceWait(seconds: number, reason: string): void {
    this.#options.observer.onWait({ upstream: 'zivver', seconds, reason })
  }

  #observe(call: ZivverCall, attempt: number, got: AttemptEnd['got'], durationMs: number): void {
    const answer = got instanceof HttpTransportError ? null : got
    this.#options.observer.onCall({
      upstream: 'zivver',
      operation: call.operation,
      status: answer?.status ?? null,
      durationMs,
      requestId: answer?.headers.get('x-request-id') ?? answer?.headers.get('request-id') ?? null,
      attempt,
    })
  }

  #callEnd(got: AttemptEnd['got'], attempts: number): CallEnd {
    if (got instanceof HttpTransportError) {
      return { kind: 'no_answer', message: this.#masked(got.message), attempts }
    }
    // An upstream may repeat the request's headers in its error page.
    const answer = got.status < 400 ? got : { ...got, text: this.#masked(got.text) }
    return { kind: 'answer', answer, attempts }
  }

  #masked(text: string): string {
    return text.replaceAll(this.#options.apiKey, '***')
  }
}

/** One sentence about the end of a call that brought nothing usable. */
export function describeEnd(call: Pick<ZivverCall, 'operation'>, end: CallEnd): string {
  const times = end.attempts === 1 ? 'once' : `${end.attempts} times`
  const last =
    end.kind === 'no_answer'
      ? end.message
      : `status ${end.answer.status} ${upstreamText(end.answer.text)}`.trim()
  return `${call.operation} was tried ${times} at Zivver without a usable answer; the last one: ${last}`
}

function refuseBadKey(call: ZivverCall, { status }: HttpAnswer): void {
  if (status === 401) {
    throw new SyncError(
      'ZIVVER_UNAUTHORIZED',
      `${attemptText(call)} [401 Unauthorized]: Zivver does not accept the API key; make a new one in Zivver and set CLOUD_SYNC__ZIVVER_API_KEY`,
    )
  }
  if (status === 403) {
    throw new SyncError(
      'ZIVVER_FORBIDDEN',
      `${attemptText(call)} [403 Forbidden]: the API key lacks the right; it must be made by a full administrator of the Zivver organisation`,
    )
  }
}

// The words of the message that administrators know from Zivver's own manual (reference zivver 3d).
function attemptText({ method, operation }: ZivverCall): string {
  const resource = operation.includes('/Groups') ? 'Groups' : 'Users'
  return `An error occurred while attempting to ${method === 'GET' ? 'fetch' : 'write'} SCIM ${resource}`
}
