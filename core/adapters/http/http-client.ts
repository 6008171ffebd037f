/** One HTTP call with a deadline, manual redirects and a bounded body: what every upstream adapter stands on. */
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { urlToHttpOptions } from 'node:url'
import { type AnswerHeaders, ReceivedHeaders } from './answer-headers.ts'
import { Deadline } from './deadline.ts'
import { type BodySink, readBody, TextBody } from './http-body.ts'

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds for the whole call: connect, headers and body, redirects included. */
  readonly timeoutMs: number
  /** Origins that a redirect may lead to with the same method and headers; anything else is an error. */
  readonly redirectOrigins?: readonly string[]
  /** In place of `redirectOrigins`: the URL to call for a redirect's target, `null` where it must not be followed. */
  readonly resolveRedirect?: (target: URL) => string | null
  /** Bytes of body read at most, after decompression. */
  readonly maxBodyBytes?: number
  /**
   * The last look before the request leaves: called when the connection is open, in the same turn in which the bytes are
   * handed to the system. What it throws is thrown by `sendHttp`, and nothing was sent.
   */
  readonly beforeSend?: () => void
  /**
   * Takes the body of a successful answer piece by piece, in place of `text`; made anew for each answer. A sender that has
   * the body whole may give the text all the same.
   */
  readonly openBody?: () => BodySink
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: AnswerHeaders
  /** The body as text; `''` when it went to `openBody` or could not be read (the status is known all the same). */
  readonly text: string
  /** Set when the body ended in an error, a lie about its encoding among them. */
  readonly bodyError: string | null
  readonly durationMs: number
}

/**
 * No answer: the connection failed, the deadline passed, or a redirect led where it must not. The message names
 * method, host and path, never the query.
 */
export class HttpTransportError extends Error {
  readonly kind: 'timeout' | 'connection' | 'redirect' | 'body_too_large'

  constructor(kind: HttpTransportError['kind'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HttpTransportError'
    this.kind = kind
  }
}

const maxRedirects = 5
const defaultMaxBodyBytes = 256 * 1024 * 1024
// Longer than between two calls of a run, shorter than servers keep idle connections.
const idleConnectionMs = 15_000

const connections = { keepAlive: true, timeout: idleConnectionMs } as const
const agents = {
  'http:': new http.Agent(connections),
  'https:': new https.Agent(connections),
} as const

/** Method, host and path of a request, for messages and logs: never a query (it may hold a key or a cursor). */
function describeRequest(method: string, url: string): string {
  const { host, pathname } = new URL(url)
  return `${method} ${host}${pathname}`
}

/**
 * Sends one request.
 * @throws HttpTransportError when no status came back; whatever `beforeSend` throws
 */
export async function sendHttp(request: HttpRequest): Promise<HttpAnswer> {
  const started = performance.now()
  const deadline = new Deadline(request.timeoutMs)
  try {
    const response = await followRedirects(request, deadline)
    const { text, bodyError } = await takeBody(request, response, deadline)
    return {
      status: response.statusCode ?? 0,
      headers: new ReceivedHeaders(response.headers),
      text,
      bodyError,
      durationMs: performance.now() - started,
    }
  } finally {
    deadline.clear()
  }
}

async function followRedirects(request: HttpRequest, deadline: Deadline): Promise<IncomingMessage> {
  let url = request.url
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await exchange(request, url, deadline)
    const { statusCode = 0 } = response
    const { location } = response.headers
    if (statusCode < 301 || statusCode > 308 || location === undefined) return response
    response.destroy()
    url = allowedRedirect(request, url, location)
  }
  throw new HttpTransportError(
    'redirect',
    `${describeRequest(request.method, request.url)} was redirected more than ${maxRedirects} times`,
  )
}

// Thousands of cmdlets go to one URL, one after the other.
let lastTarget: { readonly url: string; readonly options: http.RequestOptions } | null = null

/** The options that a URL stands for. */
function targetOf(url: string): http.RequestOptions {
  if (lastTarget?.url === url) return lastTarget.options
  const { protocol, hostname, port, path } = urlToHttpOptions(new URL(url))
  lastTarget = { url, options: { protocol, hostname, port, path } }
  return lastTarget.options
}

// node:http instead of fetch, because only here it can be known when a request leaves: a host that was paused while it
// connected must look at its lease again before a single byte goes out (issue: a paused host sends at most the one
// request it had begun).
function exchange(request: HttpRequest, url: string, deadline: Deadline): Promise<IncomingMessage> {
  const target = targetOf(url)
  const isTls = target.protocol === 'https:'
  const { body, beforeSend } = request
  return new Promise((resolve, reject) => {
    const outgoing = (isTls ? https : http).request({
      ...target,
      method: request.method,
      headers: {
        'accept-encoding': 'gzip, deflate, br',
        ...request.headers,
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
      agent: agents[isTls ? 'https:' : 'http:'],
    })
    deadline.watch(outgoing)
    outgoing.once('response', (response) => {
      deadline.watch(response)
      resolve(response)
    })
    outgoing.on('error', (error) => reject(transportError(request, error, deadline)))
    outgoing.once('socket', (socket) => {
      const send = (): void => {
        try {
          beforeSend?.()
        } catch (error) {
          reject(error)
          outgoing.destroy()
          return
        }
        outgoing.end(body)
      }
      if (socket.connecting) socket.once(isTls ? 'secureConnect' : 'connect', send)
      else send()
    })
  })
}

// With the same method and headers, and only to where the caller trusts (reference 3.10).
function allowedRedirect(request: HttpRequest, from: string, location: string): string {
  const what = `${describeRequest(request.method, request.url)} was redirected to`
  const target = URL.parse(location, from)
  if (target === null) throw new HttpTransportError('redirect', `${what} what is no address`)
  const allowed =
    request.resolveRedirect === undefined
      ? (request.redirectOrigins ?? []).includes(target.origin)
        ? target.href
        : null
      : request.resolveRedirect(target)
  if (allowed !== null) return allowed
  throw new HttpTransportError(
    'redirect',
    `${what} ${target.host}, which is not an allowed host; nothing was sent there`,
  )
}

// A 403 that claims gzip but carries NUL bytes makes reading fail although the status is known (reference 3.10).
async function takeBody(
  request: HttpRequest,
  response: IncomingMessage,
  deadline: Deadline,
): Promise<{ text: string; bodyError: string | null }> {
  const limit = request.maxBodyBytes ?? defaultMaxBodyBytes
  const { statusCode = 0 } = response
  const own = new TextBody()
  const sink = statusCode >= 200 && statusCode < 300 ? request.openBody?.() : undefined
  let end: Awaited<ReturnType<typeof readBody>>
  try {
    end = await readBody(response, limit, sink ?? own)
  } catch (error) {
    response.destroy()
    if (deadline.hasPassed) throw transportError(request, error, deadline)
    return { text: '', bodyError: error instanceof Error ? error.message : 'unreadable body' }
  }
  if (end === 'whole') return { text: own.text(), bodyError: null }
  throw new HttpTransportError(
    'body_too_large',
    `${describeRequest(request.method, request.url)} answered more than ${limit} bytes`,
  )
}

function transportError(
  request: HttpRequest,
  error: unknown,
  deadline: Deadline,
): HttpTransportError {
  const what = describeRequest(request.method, request.url)
  if (deadline.hasPassed) {
    return new HttpTransportError(
      'timeout',
      `${what} gave no complete answer within ${request.timeoutMs / 1000} s`,
      { cause: error },
    )
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const detail = cause instanceof Error ? cause.message : String(cause)
  return new HttpTransportError('connection', `${what} failed: ${detail}`, { cause: error })
}

/** The body as JSON, or `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
