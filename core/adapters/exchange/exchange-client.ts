import { randomUUID } from 'node:crypto'
import type { Clock } from '../../ports.ts'
import type { CallObserver } from '../http/call-observer.ts'
import { ConcurrencyLimiter } from '../http/concurrency-limiter.ts'
import { HttpTransportError } from '../http/http-client.ts'
import { type Attempt, withRetries } from '../http/retry.ts'
import { type UpstreamBase, upstreamBase } from '../http/upstream-base.ts'
import type { TokenProvider } from '../identity/token-provider.ts'
import { type BatchReply, batchAttempt } from './batch-attempt.ts'
import { type CmdletReply, cmdletAttempt } from './cmdlet-attempt.ts'
import {
  batchEntry,
  batchTimeoutMs,
  batchUrl,
  type Cmdlet,
  commonHeaders,
  type ExchangeEndpoint,
  invokeBody,
  invokeHeaders,
  invokeUrl,
} from './cmdlet-wire.ts'
import type { CookieJar } from './cookie-jar.ts'
import { exchangeNoAnswer } from './exchange-errors.ts'
import { type ExchangePost, ExchangeTransport, type Posted } from './exchange-transport.ts'

export interface ExchangeClientOptions {
  /** `EXCHANGE_URL`. */
  readonly baseUrl: string
  /** Entra tenant GUID. */
  readonly tenantId: string
  /** Tokens for `exchangeBase(baseUrl).audience`. */
  readonly tokens: TokenProvider
  /** `EXCHANGE_CONCURRENCY`: most cmdlets in flight, batch items counted. */
  readonly concurrency: number
  /** Our version, sent as `X-ClientModuleVersion`. */
  readonly clientVersion: string
  readonly clock: Clock
  readonly observer: CallObserver
  /** A number in [0, 1), for the jitter of repeats. */
  readonly random: () => number
}

/** How one cmdlet is to be sent. */
interface InvokeOptions {
  /** Names the call in messages: `Get-Mailbox, page 3`. */
  readonly label: string
  readonly timeoutMs: number
  /** A next link that `base.resolveLink` allowed; none = the first page. */
  readonly url?: string
  readonly cookies?: CookieJar
  /** `client-request-id`: one for all pages and repeats of a cmdlet. */
  readonly clientRequestId?: string
}

/** Where Exchange is called, and the audience of its tokens (contract, section 2). */
export function exchangeBase(baseUrl: string): UpstreamBase {
  return upstreamBase(baseUrl, 'https://outlook.office365.com')
}

/**
 * Exchange Online's admin API, `adminapi/beta` (reference 3): sends one cmdlet, or one batch of them, with tokens,
 * repeats, pauses and the limit of cmdlets in flight. Knows no cmdlet's meaning.
 */
export class ExchangeClient {
  readonly base: UpstreamBase
  readonly #endpoint: ExchangeEndpoint
  readonly #options: ExchangeClientOptions
  readonly #transport: ExchangeTransport
  readonly #limiter: ConcurrencyLimiter

  constructor(options: ExchangeClientOptions) {
    const { tokens, observer, clock, tenantId, clientVersion } = options
    this.base = exchangeBase(options.baseUrl)
    this.#options = options
    this.#endpoint = { base: this.base, tenantId, clientVersion, connectionId: randomUUID() }
    this.#transport = new ExchangeTransport({ base: this.base, tokens, observer })
    this.#limiter = new ConcurrencyLimiter({
      max: options.concurrency,
      clock,
      observer,
      upstream: 'exchange',
      waitingFor: "Exchange Online's throttling",
    })
  }

  /**
   * Runs one cmdlet, or fetches one more page of it: by POST of the same body to the next link (reference 3.6).
   * @throws SyncError `EXCHANGE_UNAUTHORIZED`, `EXCHANGE_FORBIDDEN`; `SOURCE_INCOMPLETE` or `SOURCE_UNREACHABLE` when
   *   every try failed; LongWait
   */
  invoke(cmdlet: Cmdlet, options: InvokeOptions): Promise<CmdletReply> {
    const { label, timeoutMs, cookies, clientRequestId = randomUUID() } = options
    const request: ExchangePost = {
      url: options.url ?? invokeUrl(this.#endpoint, cmdlet),
      operation: cmdlet.name,
      timeoutMs,
      clientRequestId,
      headers: (token) => ({
        ...invokeHeaders(this.#endpoint, cmdlet, token),
        ...cookies?.headers,
      }),
      body: () => invokeBody(cmdlet),
    }
    return this.#send(request, 1, label, (posted, attempt) => {
      cookies?.keep(posted.answer.headers)
      return cmdletAttempt(label, attempt, posted, this.#options.clock.now())
    })
  }

  /**
   * Runs a few cmdlets in one `$batch` (reference 3.13).
   * @returns `null` when the service did not answer as a batch does: batches are an optimisation, so that is no error
   * @throws SyncError as `invoke`; LongWait
   */
  invokeBatch(cmdlets: readonly Cmdlet[]): Promise<BatchReply | null> {
    const ids = cmdlets.map(() => randomUUID())
    const label = `$batch of ${cmdlets.length}`
    const request: ExchangePost = {
      url: batchUrl(this.#endpoint),
      operation: label,
      timeoutMs: batchTimeoutMs,
      clientRequestId: randomUUID(),
      headers: (token) => commonHeaders(this.#endpoint, token),
      body: (token) => ({
        requests: cmdlets.map((cmdlet, index) =>
          batchEntry(this.#endpoint, String(ids[index]), cmdlet, token),
        ),
      }),
    }
    return this.#send(request, cmdlets.length, label, (posted, attempt) =>
      batchAttempt(label, ids, attempt, posted, this.#options.clock.now()),
    )
  }

  #send<T>(
    request: ExchangePost,
    weight: number,
    label: string,
    judge: (posted: Posted, attempt: number) => Attempt<T>,
  ): Promise<T> {
    const { clock, random, observer } = this.#options
    const retry = {
      limiter: this.#limiter,
      clock,
      random,
      observer,
      upstream: 'exchange',
      waitingFor: 'Exchange Online to answer again',
    } as const
    return withRetries(retry, weight, async (attempt) => {
      try {
        return judge(await this.#transport.post(request, attempt), attempt)
      } catch (error) {
        if (!(error instanceof HttpTransportError)) throw error
        const failure = exchangeNoAnswer(label, attempt, request.clientRequestId, error)
        if (error.kind === 'redirect' || error.kind === 'body_too_large') throw failure
        return { status: 'again', tooMany: false, retryAfterSeconds: null, error: failure }
      }
    })
  }
}
