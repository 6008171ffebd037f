/** One HTTP call with a deadline, manual redirects and a bounded body: what every upstream adapter stands on. */

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
  /** Bytes of body read at most. */
  readonly maxBodyBytes?: number
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  /** The body as text; `''` when it could not be read (the status is known all the same). */
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

/** Method, host and path of a request, for messages and logs: never a query (it may hold a key or a cursor). */
export function describeRequest(method: string, url: string): string {
  const { host, pathname } = new URL(url)
  return `${method} ${host}${pathname}`
}

/**
 * Sends one request.
 * @throws HttpTransportError when no status came back
 */
export async function sendHttp(request: HttpRequest): Promise<HttpAnswer> {
  const started = performance.now()
  const signal = AbortSignal.timeout(request.timeoutMs)
  const response = await followRedirects(request, signal)
  const { text, bodyError } = await readBody(request, response)
  return {
    status: response.status,
    headers: response.headers,
    text,
    bodyError,
    durationMs: performance.now() - started,
  }
}

async function followRedirects(request: HttpRequest, signal: AbortSignal): Promise<Response> {
  let url = request.url
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await fetchOnce(request, url, signal)
    const location = response.headers.get('location')
    if (response.status < 301 || response.status > 308 || location === null) return response
    await response.body?.cancel().catch(() => undefined)
    url = allowedRedirect(request, url, location)
  }
  throw new HttpTransportError(
    'redirect',
    `${describeRequest(request.method, request.url)} was redirected more than ${maxRedirects} times`,
  )
}

async function fetchOnce(request: HttpRequest, url: string, signal: AbortSignal) {
  try {
    return await fetch(url, {
      method: request.method,
      headers: request.headers,
      redirect: 'manual',
      signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    })
  } catch (error) {
    throw transportError(request, error)
  }
}

// fetch would turn a redirected POST into a GET and drop Authorization across origins (reference 3.10): by hand,
// with the same method and headers, and only to origins that the caller trusts.
function allowedRedirect(request: HttpRequest, from: string, location: string): string {
  const target = new URL(location, from)
  const allowed =
    request.resolveRedirect === undefined
      ? (request.redirectOrigins ?? []).includes(target.origin)
        ? target.href
        : null
      : request.resolveRedirect(target)
  if (allowed !== null) return allowed
  throw new HttpTransportError(
    'redirect',
    `${describeRequest(request.method, request.url)} was redirected to ${target.host}, which is not an allowed host; nothing was sent there`,
  )
}

// A 403 that claims gzip but carries NUL bytes makes reading fail although the status is known (reference 3.10).
async function readBody(
  request: HttpRequest,
  response: Response,
): Promise<{ text: string; bodyError: string | null }> {
  if (response.body === null) return { text: '', bodyError: null }
  const limit = request.maxBodyBytes ?? defaultMaxBodyBytes
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  try {
    for await (const chunk of response.body) {
      bytes += chunk.byteLength
      if (bytes > limit) break
      text += decoder.decode(chunk, { stream: true })
    }
  } catch (error) {
    if (isTimeout(error)) throw transportError(request, error)
    return { text: '', bodyError: error instanceof Error ? error.message : 'unreadable body' }
  }
  if (bytes > limit) {
    throw new HttpTransportError(
      'body_too_large',
      `${describeRequest(request.method, request.url)} answered more than ${limit} bytes`,
    )
  }
  return { text: text + decoder.decode(), bodyError: null }
}

function transportError(request: HttpRequest, error: unknown): HttpTransportError {
  const what = describeRequest(request.method, request.url)
  if (isTimeout(error)) {
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

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
}

/** The body as JSON, or `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
