import type { CallObserver } from '../http/call-observer.ts'
import { type HttpAnswer, HttpTransportError, parseJson, sendHttp } from '../http/http-client.ts'
import type { UpstreamBase } from '../http/upstream-base.ts'
import type { TokenProvider } from '../identity/token-provider.ts'
import type { RawAnswer } from './cmdlet-answer.ts'

/** One POST to the admin API. */
export interface ExchangePost {
  readonly url: string
  /** For the observer; holds no value. */
  readonly operation: string
  readonly timeoutMs: number
  /** `client-request-id`, kept for all repeats. */
  readonly clientRequestId: string
  readonly headers: (token: string) => Readonly<Record<string, string>>
  readonly body: (token: string) => unknown
}

export interface Posted {
  readonly answer: RawAnswer
  readonly durationMs: number
  /** The service's id of the request, or ours. */
  readonly requestId: string
}

interface ExchangeTransportOptions {
  readonly base: UpstreamBase
  readonly tokens: TokenProvider
  readonly observer: CallObserver
}

/** Sends with a token, redirects by hand, and one new token after a 401. */
export class ExchangeTransport {
  readonly #options: ExchangeTransportOptions

  constructor(options: ExchangeTransportOptions) {
    this.#options = options
  }

  /**
   * @param attempt 1 for the first try, for the observer
   * @throws HttpTransportError when no answer came; SyncError `IDENTITY_UNAVAILABLE`
   */
  async post(request: ExchangePost, attempt: number): Promise<Posted> {
    const token = await this.#options.tokens.getToken()
    const first = await this.#send(request, attempt, token)
    if (first.answer.status !== 401) return first
    this.#options.tokens.invalidate(token)
    return this.#send(request, attempt, await this.#options.tokens.getToken())
  }

  async #send(request: ExchangePost, attempt: number, token: string): Promise<Posted> {
    const started = performance.now()
    try {
      const answer = await sendHttp({
        method: 'POST',
        url: request.url,
        headers: { ...request.headers(token), 'client-request-id': request.clientRequestId },
        body: JSON.stringify(request.body(token)),
        timeoutMs: request.timeoutMs,
        resolveRedirect: (target) => this.#options.base.resolveLink(target),
      })
      return this.#posted(request, attempt, answer)
    } catch (error) {
      if (error instanceof HttpTransportError) {
        this.#observe(request, attempt, null, performance.now() - started, request.clientRequestId)
      }
      throw error
    }
  }

  #posted(request: ExchangePost, attempt: number, http: HttpAnswer): Posted {
    const requestId = http.headers.get('request-id') ?? request.clientRequestId
    this.#observe(request, attempt, http.status, http.durationMs, requestId)
    const broken = http.bodyError !== null
    const answer: RawAnswer = {
      status: http.status,
      headers: http.headers,
      body: broken ? undefined : parseJson(http.text),
      text: http.text,
      broken,
    }
    return { answer, durationMs: http.durationMs, requestId }
  }

  #observe(
    { operation }: ExchangePost,
    attempt: number,
    status: number | null,
    durationMs: number,
    requestId: string,
  ): void {
    this.#options.observer.onCall({
      upstream: 'exchange',
      operation,
      status,
      durationMs,
      requestId,
      attempt,
    })
  }
}
