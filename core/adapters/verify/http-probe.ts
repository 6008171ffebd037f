/** Asks the real services one call at a time, as the app does, without repeating or hiding anything. */
import { randomUUID } from 'node:crypto'
import type { ExchangeAnswer, ExchangeAsk, ProbeAnswer, TenantProbe } from '../../verify/probe.ts'
import {
  batchEntry,
  batchUrl,
  type Cmdlet,
  commonHeaders,
  type ExchangeEndpoint,
  invokeBody,
  invokeHeaders,
  invokeUrl,
} from '../exchange/cmdlet-wire.ts'
import { CookieJar } from '../exchange/cookie-jar.ts'
import type { AnswerHeaders } from '../http/answer-headers.ts'
import { type HttpRequest, HttpTransportError, parseJson, sendHttp } from '../http/http-client.ts'
import type { UpstreamBase } from '../http/upstream-base.ts'
import type { TokenProvider } from '../identity/token-provider.ts'
import { readTokenRights } from '../identity/token-rights.ts'
import type { RateLimiter } from '../zivver/pacing.ts'

export interface HttpProbeOptions {
  readonly tenantId: string
  readonly version: string
  readonly exchange: { readonly base: UpstreamBase; readonly tokens: TokenProvider }
  readonly graph: { readonly base: UpstreamBase; readonly tokens: TokenProvider }
  readonly zivver: {
    /** SCIM base URL. */
    readonly url: string
    readonly key: string
    readonly limiter: RateLimiter
  }
}

const timeoutMs = 60_000
/** A probe may wait for the rate limit, but not for ever. */
const patienceSeconds = 30

export function createHttpProbe(options: HttpProbeOptions): TenantProbe {
  const { exchange, graph, tenantId, version } = options
  const endpoint: ExchangeEndpoint = {
    base: exchange.base,
    tenantId,
    clientVersion: version,
    connectionId: randomUUID(),
  }
  return {
    rights: async () => {
      const tokens = [exchange.tokens.getToken(), graph.tokens.getToken()] as const
      const [ofExchange, ofGraph] = await Promise.all(tokens)
      return { exchange: readTokenRights(ofExchange), graph: readTokenRights(ofGraph) }
    },
    exchange: async (ask) => askExchange(endpoint, ask, await exchange.tokens.getToken()),
    exchangeBatch: async (asks) => {
      const token = await exchange.tokens.getToken()
      const requests = asks.map((ask, index) =>
        batchEntry(endpoint, String(index + 1), cmdletOf(ask), token),
      )
      return probe(exchange.base, {
        method: 'POST',
        url: batchUrl(endpoint),
        headers: commonHeaders(endpoint, token),
        body: JSON.stringify({ requests }),
      })
    },
    graph: async (path) => {
      const url = path.startsWith('/')
        ? `${graph.base.url}/v1.0${path}`
        : graph.base.resolveLink(path)
      if (url === null) return nothing
      const authorization = `Bearer ${await graph.tokens.getToken()}`
      return probe(graph.base, { method: 'GET', url, headers: { authorization } })
    },
    zivver: (method, path, body) => askZivver(options.zivver, method, path, body),
  }
}

const nothing: ProbeAnswer = { status: null, headers: {}, json: undefined, durationMs: 0 }

function cmdletOf({ cmdlet, parameters, select }: ExchangeAsk): Cmdlet {
  return { name: cmdlet, parameters, ...(select !== undefined && { select }) }
}

async function askExchange(
  endpoint: ExchangeEndpoint,
  ask: ExchangeAsk,
  token: string,
): Promise<ExchangeAnswer> {
  const cmdlet = cmdletOf(ask)
  const url =
    ask.link === undefined ? invokeUrl(endpoint, cmdlet) : endpoint.base.resolveLink(ask.link)
  if (url === null) return { ...nothing, cookie: '' }
  const { 'X-AnchorMailbox': anchor, ...headers } = invokeHeaders(endpoint, cmdlet, token)
  const cookies = new CookieJar()
  const answer = await probe(
    endpoint.base,
    {
      method: 'POST',
      url,
      headers: {
        ...headers,
        ...(ask.anchor !== false && anchor !== undefined && { 'X-AnchorMailbox': anchor }),
        ...(ask.pageSize !== undefined && { Prefer: `odata.maxpagesize=${ask.pageSize}` }),
        ...(ask.cookie !== undefined && ask.cookie !== '' && { Cookie: ask.cookie }),
      },
      body: JSON.stringify(invokeBody(cmdlet)),
    },
    (received) => cookies.keep(received),
  )
  return { ...answer, cookie: cookies.headers['Cookie'] ?? '' }
}

async function askZivver(
  { url, key, limiter }: HttpProbeOptions['zivver'],
  method: string,
  path: string,
  body: unknown,
): Promise<ProbeAnswer> {
  const slot = await limiter.acquire({ patienceSeconds, onWait: () => undefined })
  try {
    return await probe(null, {
      method,
      url: url.replace(/\/+$/, '') + path,
      headers: {
        authorization: `Bearer ${key}`,
        accept: 'application/scim+json, application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  } finally {
    // Shared with the runs of this process: a place that is never given back would slow all of them down.
    slot.end(null)
  }
}

/** @param base whose links a redirect may follow; `null` = none is followed */
async function probe(
  base: UpstreamBase | null,
  request: Omit<HttpRequest, 'timeoutMs'>,
  onHeaders: (headers: AnswerHeaders) => void = () => undefined,
): Promise<ProbeAnswer> {
  const started = performance.now()
  try {
    const { status, headers, text, durationMs } = await sendHttp({
      ...request,
      timeoutMs,
      ...(base !== null && { resolveRedirect: (target: URL) => base.resolveLink(target) }),
    })
    onHeaders(headers)
    return { status, headers: Object.fromEntries(headers), json: parseJson(text), durationMs }
  } catch (error) {
    if (!(error instanceof HttpTransportError)) throw error
    return { ...nothing, durationMs: performance.now() - started }
  }
}
