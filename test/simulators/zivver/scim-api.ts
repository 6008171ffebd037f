import { type Answer, type Call, jsonAnswer, type Tags } from '../shared/call.ts'
import { type CallMatch, compileMatch, type Matchable } from '../shared/call-match.ts'
import type { Account } from './account.ts'
import { createGroup, patchGroup, replaceGroup } from './groups.ts'
import { listAccounts } from './list.ts'
import { type Options, withOptions } from './options.ts'
import type { Organisation } from './organisation.ts'
import { RateLimiter } from './rate-limiter.ts'
import { Refusal, refusalAnswer, refusals } from './refusal.ts'
import { locationOf, scimResource } from './resource.ts'
import { findRoute, type Route, tagsOf } from './route.ts'
import { createUser, replaceUser } from './users.ts'
import { WriteLog } from './write-log.ts'

/** What is fixed when a call arrives, before any latency. */
interface Arrival {
  readonly at: number
  readonly admitted: boolean
  readonly route: Route | 404 | 405
}

interface IgnoreRule {
  readonly matches: (call: Matchable) => boolean
  timesLeft: number
}

/** Zivver's SCIM 2.0 API (reference 6) over one organisation. */
export class ScimApi {
  readonly organisation: Organisation
  readonly limiter = new RateLimiter()
  readonly log = new WriteLog()
  readonly #basePath: string
  readonly #arrivals = new WeakMap<Call, Arrival>()
  #options: Options
  #ignoreRules: IgnoreRule[] = []

  constructor(organisation: Organisation, basePath: string, options: Options) {
    this.organisation = organisation
    this.#basePath = basePath
    this.#options = options
  }

  /** Changes options while the server runs. @throws ZodError */
  setOptions(given: unknown): void {
    this.#options = withOptions(given, this.#options)
  }

  /** The next `times` writes that fit are answered as a success and change nothing. */
  ignoreWrites(match: CallMatch, times = 1): void {
    this.#ignoreRules.push({ matches: compileMatch(match), timesLeft: times })
  }

  /** No write is ignored any more. */
  heedWrites(): void {
    this.#ignoreRules = []
  }

  /** To be called when a request arrives: the rate limit goes by arrival. @returns the call's names */
  arrive(call: Call): Tags {
    const at = performance.now()
    const route = findRoute(call.method, call.path, this.#basePath)
    this.#arrivals.set(call, {
      at,
      route,
      admitted: this.limiter.admit(at, this.#options.rateLimit),
    })
    return tagsOf(route, call.query, call.body)
  }

  /** Works on a call that has arrived. */
  handle(call: Call): Answer {
    const arrival = this.#arrivals.get(call)
    if (arrival === undefined) throw new Error('handle needs a call that arrive has seen')
    const answer = this.#answer(call, arrival)
    const limit = this.limiter.headers(arrival.at, this.#options.rateLimit)
    return { ...answer, headers: { ...limit, ...answer.headers } }
  }

  #answer(call: Call, { at, admitted, route }: Arrival): Answer {
    const { key, rateLimit, errorFormat } = this.#options
    if (call.headers.authorization !== `Bearer ${key}`) {
      return refusalAnswer(new Refusal(401, 'Unauthorized'), errorFormat)
    }
    if (!admitted && rateLimit !== null) return this.limiter.tooMany(at, rateLimit)
    try {
      if (typeof route === 'number')
        throw new Refusal(route, `No route ${call.method} ${call.path}`)
      return route.operation === 'list' || route.operation === 'read'
        ? this.#read(call, route)
        : this.#write(call, route, at)
    } catch (error) {
      if (error instanceof Refusal) return refusalAnswer(error, errorFormat)
      throw error
    }
  }

  #read(call: Call, route: Route): Answer {
    const rules = { organisation: this.organisation, options: this.#options }
    if (route.id === null) return listAccounts(rules, route.kind, call.query)
    return this.#show(200, this.#find(route))
  }

  #write(call: Call, route: Route, at: number): Answer {
    const method = call.method as 'POST' | 'PUT' | 'PATCH' | 'DELETE'
    const entry = { at, method, kind: route.kind, body: call.body ?? call.rawBody }
    try {
      const next = this.#next(call, route)
      const isIgnored = this.#isIgnored(call)
      if (!isIgnored) this.#commit(route, next)
      const answer = this.#written(route, next)
      const outcome = isIgnored ? 'ignored' : 'applied'
      this.log.record({ ...entry, id: next.id, status: answer.status, outcome, message: null })
      return answer
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { status, message } = error
      this.log.record({ ...entry, id: route.id, status, outcome: 'refused', message })
      throw error
    } finally {
      if (route.id !== null) this.log.endWrite(route.id, at)
    }
  }

  /** The account as it is after the call. @throws Refusal */
  #next(call: Call, route: Route): Account {
    const rules = { organisation: this.organisation, options: this.#options }
    const isUser = route.kind === 'user'
    if (route.operation === 'delete') return this.#find(route)
    checkContentType(call)
    if (route.operation === 'create') return (isUser ? createUser : createGroup)(rules, call.body)
    const current = this.#find(route)
    if (route.operation === 'patch') return patchGroup(rules, current, call.body)
    return (isUser ? replaceUser : replaceGroup)(rules, current, call.body)
  }

  #commit(route: Route, next: Account): void {
    if (route.operation === 'delete') this.organisation.remove(next.id)
    else this.organisation.put(next)
  }

  /** The answer to a write. An ignored PUT shows the account unchanged; an ignored POST shows one that is not there. */
  #written(route: Route, next: Account): Answer {
    if (route.operation === 'delete') return { status: 204 }
    if (route.operation === 'create') return this.#show(201, next, { location: locationOf(next) })
    if (route.operation === 'patch' && this.#options.patchStatus === 204) return { status: 204 }
    return this.#show(200, this.organisation.get(next.id) ?? next)
  }

  #isIgnored(call: Call): boolean {
    const rule = this.#ignoreRules.find(({ matches, timesLeft }) => timesLeft > 0 && matches(call))
    if (rule !== undefined) rule.timesLeft -= 1
    return rule !== undefined
  }

  #find({ kind, id }: Route): Account {
    const account = this.organisation.get(id ?? '')
    if (account?.kind !== kind) throw refusals.unknownId(id ?? '', this.#options)
    return account
  }

  #show(status: number, account: Account, headers: Record<string, string> = {}): Answer {
    const resource = scimResource(account, this.organisation, this.#options)
    const type = 'application/scim+json; charset=utf-8'
    return jsonAnswer(status, resource, { 'content-type': type, ...headers })
  }
}

function checkContentType(call: Call): void {
  const type = call.headers['content-type'] ?? ''
  if (!/^application\/(scim\+)?json\b/i.test(type)) {
    throw new Refusal(415, `Unsupported content type: ${type}`)
  }
}
