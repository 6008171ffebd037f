import { randomUUID } from 'node:crypto'
import { Client, GraphClientError, ResponseType } from '@microsoft/microsoft-graph-client'
import type { Clock } from '../../ports.ts'
import type { CallObserver } from '../http/call-observer.ts'
import { ConcurrencyLimiter } from '../http/concurrency-limiter.ts'
import { parseJson } from '../http/http-client.ts'
import { type UpstreamBase, upstreamBase } from '../http/upstream-base.ts'
import type { TokenProvider } from '../identity/token-provider.ts'
import { Authentication, CallName, ErrorCarrier, Retry, requestIdOf } from './graph-middleware.ts'
import { GraphTransport, nominalOrigin } from './graph-transport.ts'

export interface GraphClientOptions {
  /** `GRAPH_URL`. */
  readonly baseUrl: string
  /** Tokens for `graphBase(baseUrl).audience`. */
  readonly tokens: TokenProvider
  /** Most calls in flight. */
  readonly concurrency: number
  readonly clock: Clock
  readonly observer: CallObserver
  /** A number in [0, 1), for the jitter of repeats. */
  readonly random: () => number
}

/** A definite answer, a refusal included. */
export interface GraphAnswer {
  readonly status: number
  /** Parsed JSON; `undefined` when the body is none. */
  readonly body: unknown
  readonly requestId: string
}

/** Where Graph is called, and the audience of its tokens (contract, section 2). */
export function graphBase(baseUrl: string): UpstreamBase {
  return upstreamBase(baseUrl, nominalOrigin)
}

/** Microsoft Graph v1.0 by its SDK, with a middleware chain of our own (reference 6.1). */
export class GraphClient {
  readonly #base: UpstreamBase
  readonly #client: Client

  constructor(options: GraphClientOptions) {
    const { clock, observer, random, tokens } = options
    this.#base = graphBase(options.baseUrl)
    const limiter = new ConcurrencyLimiter({
      max: options.concurrency,
      clock,
      observer,
      upstream: 'graph',
      waitingFor: "Microsoft Graph's throttling",
    })
    this.#client = Client.initWithMiddleware({
      baseUrl: nominalOrigin,
      middleware: [
        new ErrorCarrier(),
        new Authentication(tokens),
        new Retry({ limiter, clock, observer, random }),
        new GraphTransport(this.#base),
      ],
    })
  }

  /**
   * GETs a path below `/v1.0`, or a link that `resolveLink` gave.
   * @param label names the call in messages
   * @throws SyncError `SOURCE_INCOMPLETE` or `SOURCE_UNREACHABLE` when every try failed, `IDENTITY_UNAVAILABLE`; LongWait
   */
  async get(path: string, label: string): Promise<GraphAnswer> {
    const name = new CallName(operationOf(path), label, randomUUID())
    const response = await this.#send(path, name)
    return {
      status: response.status,
      body: parseJson(await response.text()),
      requestId: requestIdOf(name, response),
    }
  }

  /** The URL to `get` for a next link: of the configured base or the cloud's public host; `null` for any other. */
  resolveLink(link: string): string | null {
    const target = this.#base.resolveLink(link)
    return target?.startsWith(this.#base.url) === true
      ? nominalOrigin + target.slice(this.#base.url.length)
      : null
  }

  async #send(path: string, name: CallName): Promise<Response> {
    try {
      const request = this.#client.api(path).middlewareOptions([name])
      request.responseType(ResponseType.RAW).header('client-request-id', name.requestId)
      const response: unknown = await request.get()
      if (response instanceof Response) return response
    } catch (error) {
      throw error instanceof GraphClientError && error.cause !== undefined ? error.cause : error
    }
    throw new TypeError('the Graph SDK gave no raw response')
  }
}

/** The path without its values, for the observer: collections and ids take turns. */
function operationOf(path: string): string {
  const { pathname } = new URL(path, nominalOrigin)
  const segments = pathname
    .replace(/^\/v1\.0/, '')
    .split('/')
    .slice(1)
  return `GET /${segments.map((segment, index) => (index % 2 === 1 ? '{id}' : segment)).join('/')}`
}
