import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Invoker } from '../invoker.ts'
import { describeError, type HostLog } from '../log.ts'
import type { RegisteredFunction } from '../worker/registry.ts'
import { type AdminApi, answerAdmin } from './admin.ts'
import { answerEmpty } from './answer.ts'
import { readBody } from './body.ts'
import { runHttpFunction } from './http-trigger.ts'
import { carriesKey } from './keys.ts'
import { matchRoute, type Route } from './routes.ts'

/** One HTTP function and where it is reached. */
export interface HttpFunction {
  readonly fn: RegisteredFunction
  readonly route: Route
  /** Upper case. */
  readonly methods: ReadonlySet<string>
  readonly authLevel: 'anonymous' | 'function' | 'admin'
}

/** What the server serves; known only after the app was loaded. */
export interface Site {
  readonly functions: readonly HttpFunction[]
  readonly routePrefix: string
  readonly invoker: Invoker
  readonly admin: AdminApi
  readonly streamUrl: string | null
}

export interface ServerOptions {
  /** `null` = keys are not asked for. */
  readonly key: string | null
  readonly bodyLimit: number
  readonly httpMs: number
  readonly log: HostLog
}

/** The host's HTTP edge. It listens before the app is loaded, and answers `503` until `open` is called. */
export class HttpHost {
  readonly #options: ServerOptions
  readonly #server: Server
  #site: Site | null = null

  constructor(options: ServerOptions) {
    this.#options = options
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  /** Binds to loopback. @returns the port; @throws Error with the remedy when it is taken */
  async listen(port: number): Promise<number> {
    const ready = Promise.withResolvers<void>()
    this.#server.once('error', ready.reject).listen(port, '127.0.0.1', ready.resolve)
    try {
      await ready.promise
    } catch (error) {
      throw new Error(`cannot listen on port ${port}: set PORT to a free one`, { cause: error })
    }
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : port
  }

  open(site: Site): void {
    this.#site = site
  }

  /** Takes no further request; answers under way may still be finished. */
  stop(): void {
    this.#server.close()
    this.#server.closeIdleConnections()
  }

  close(): void {
    this.#server.closeAllConnections()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const cut = setTimeout(() => answerEmpty(response, 504), this.#options.httpMs)
    try {
      await this.#route(request, response)
    } catch (error) {
      this.#options.log('error', 'Host.Http', 'host', describeError(error))
      answerEmpty(response, 500)
    } finally {
      clearTimeout(cut)
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const site = this.#site
    const url = requestUrl(request)
    if (url === null) return answerEmpty(response, 400)
    if (site === null) return answerEmpty(response, 503, { 'retry-after': '1' })
    if (/^\/admin(\/|$)/i.test(url.pathname)) {
      if (!this.#isAllowed(request, url, 'admin')) return answerEmpty(response, 401)
      return answerAdmin(request, response, url.pathname, site.admin)
    }
    const found = findFunction(site, request.method ?? 'GET', url.pathname)
    if (found === null) return answerEmpty(response, 404)
    if (!this.#isAllowed(request, url, found.authLevel)) return answerEmpty(response, 401)
    const body = await readBody(request, this.#options.bodyLimit)
    if (body === null) return answerEmpty(response, 413, { connection: 'close' })
    const call = { request, response, url, parameters: found.parameters, body }
    return runHttpFunction(found.fn, call, site.invoker, site.streamUrl)
  }

  #isAllowed(request: IncomingMessage, url: URL, level: HttpFunction['authLevel']): boolean {
    const { key } = this.#options
    return level === 'anonymous' || key === null || carriesKey(request, url, key)
  }
}

function requestUrl(request: IncomingMessage): URL | null {
  const host = request.headers.host ?? '127.0.0.1'
  return URL.parse(request.url ?? '/', `http://${host}`)
}

/** The most precise match; a path that exists with another method only is unknown, as in the real host. */
function findFunction(
  site: Site,
  method: string,
  path: string,
): (HttpFunction & { parameters: Record<string, string> }) | null {
  const prefix = site.routePrefix === '' ? '/' : `/${site.routePrefix}/`
  if (!path.toLowerCase().startsWith(prefix.toLowerCase())) return null
  const rest = path.slice(prefix.length)
  const matches = site.functions.flatMap((candidate) => {
    const parameters = candidate.methods.has(method) ? matchRoute(candidate.route, rest) : null
    return parameters === null ? [] : [{ ...candidate, parameters }]
  })
  return matches.toSorted(byRank)[0] ?? null
}

function byRank(left: HttpFunction, right: HttpFunction): number {
  return left.route.rank < right.route.rank ? -1 : left.route.rank > right.route.rank ? 1 : 0
}
