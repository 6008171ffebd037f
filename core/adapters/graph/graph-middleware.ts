import {
  type Context,
  GraphClientError,
  type Middleware,
  type MiddlewareOptions,
} from '@microsoft/microsoft-graph-client'
import { SyncError } from '../../errors.ts'
import { HttpTransportError } from '../http/http-client.ts'
import { type Attempt, type RetryOptions, triesText, withRetries } from '../http/retry.ts'
import { retryAfterSeconds } from '../http/retry-timing.ts'
import type { TokenProvider } from '../identity/token-provider.ts'
import { graphIncomplete } from './graph-errors.ts'

/** How a call is named; travels with the request through the chain. */
export class CallName implements MiddlewareOptions {
  /** For the observer, without values: `GET /groups/{id}/members`. */
  readonly operation: string
  /** For messages: `GET /groups/9000…/members, page 2`. */
  readonly label: string
  /** `client-request-id`. */
  readonly requestId: string

  constructor(operation: string, label: string, requestId: string) {
    this.operation = operation
    this.label = label
    this.requestId = requestId
  }
}

abstract class Link implements Middleware {
  #next: Middleware | undefined

  setNext(next: Middleware): void {
    this.#next = next
  }

  protected async next(context: Context): Promise<Response> {
    await this.#next?.execute(context)
    if (context.response === undefined) throw new Error('the middleware chain has no last link')
    return context.response
  }

  abstract execute(context: Context): Promise<void>
}

/** Outermost: the SDK turns every error into one of its own, but for this class; the real one rides along as cause. */
export class ErrorCarrier extends Link {
  override async execute(context: Context): Promise<void> {
    try {
      await this.next(context)
    } catch (error) {
      const carrier = new GraphClientError('carries an error through the SDK')
      carrier.cause = error
      throw carrier
    }
  }
}

/** Sets the token, and after a 401 sends once more with a new one. */
export class Authentication extends Link {
  readonly #tokens: TokenProvider

  constructor(tokens: TokenProvider) {
    super()
    this.#tokens = tokens
  }

  override async execute(context: Context): Promise<void> {
    const token = await this.#tokens.getToken()
    const response = await this.#send(context, token)
    if (response.status !== 401) return
    this.#tokens.invalidate(token)
    await this.#send(context, await this.#tokens.getToken())
  }

  #send(context: Context, token: string): Promise<Response> {
    const headers = new Headers(context.options?.headers)
    headers.set('Authorization', `Bearer ${token}`)
    context.options = { ...context.options, headers: Object.fromEntries(headers) }
    return this.next(context)
  }
}

/** Repeats what may be different next time, and tells the observer of every call. */
export class Retry extends Link {
  readonly #options: RetryOptions

  constructor(options: Omit<RetryOptions, 'upstream' | 'waitingFor'>) {
    super()
    this.#options = { ...options, upstream: 'graph', waitingFor: 'Microsoft Graph to answer again' }
  }

  override async execute(context: Context): Promise<void> {
    const name = context.middlewareControl?.getMiddlewareOptions(CallName)
    if (!(name instanceof CallName)) throw new Error('a Graph call without a name')
    context.response = await withRetries(this.#options, 1, (attempt) =>
      this.#tryOnce(context, name, attempt),
    )
  }

  async #tryOnce(context: Context, name: CallName, attempt: number): Promise<Attempt<Response>> {
    const started = performance.now()
    try {
      const response = await this.next(context)
      this.#observe(name, response, started, attempt)
      return this.#judge(name, response, attempt)
    } catch (error) {
      if (!(error instanceof HttpTransportError)) throw error
      this.#observe(name, null, started, attempt)
      return unanswered(name, error, attempt)
    }
  }

  #judge(name: CallName, response: Response, attempt: number): Attempt<Response> {
    const { status, headers } = response
    const mayDiffer = status === 408 || status === 429 || status >= 500
    if (!mayDiffer) {
      return { status: 'done', value: response, tooMany: false, retryAfterSeconds: null }
    }
    const detail = `HTTP ${status} after ${triesText(attempt)} (request id ${requestIdOf(name, response)})`
    return {
      status: 'again',
      tooMany: status === 429 || status === 503,
      retryAfterSeconds: retryAfterSeconds(headers.get('retry-after'), this.#options.clock.now()),
      error: graphIncomplete(name.label, detail),
    }
  }

  #observe(name: CallName, response: Response | null, started: number, attempt: number): void {
    this.#options.observer.onCall({
      upstream: 'graph',
      operation: name.operation,
      status: response?.status ?? null,
      durationMs: performance.now() - started,
      requestId: requestIdOf(name, response),
      attempt,
    })
  }
}

/** Graph's id of the request, or ours. */
export function requestIdOf(name: CallName, response: Response | null): string {
  return response?.headers.get('request-id') ?? name.requestId
}

function unanswered(name: CallName, error: HttpTransportError, attempt: number): Attempt<Response> {
  const failure = new SyncError(
    error.kind === 'body_too_large' ? 'SOURCE_INCOMPLETE' : 'SOURCE_UNREACHABLE',
    `Microsoft Graph: ${name.label}: no usable answer after ${triesText(attempt)} (request id ${name.requestId}): ${error.message}`,
    { cause: error },
  )
  if (error.kind === 'redirect' || error.kind === 'body_too_large') throw failure
  return { status: 'again', tooMany: false, retryAfterSeconds: null, error: failure }
}
