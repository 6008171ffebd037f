import type { Answer, Call, Tags } from '../../shared/call.ts'
import { jsonAnswer } from '../../shared/call.ts'
import type { FaultInjector } from '../../shared/fault-injector.ts'
import type { Latency } from '../../shared/latency.ts'
import type { Random } from '../../shared/random.ts'
import type { Tenant } from '../../tenant/tenant.ts'
import type { Rights, Settings } from '../settings.ts'
import { audiences, mayReadMailboxes, type TokenAuthority } from '../token-authority.ts'
import { answerBatch, batchItemsOf } from './batch.ts'
import { CmdletGate } from './cmdlet-gate.ts'
import { concurrencyAnswer, forbiddenAnswer, unauthorizedAnswer } from './errors.ts'
import { CommandRunner, cmdlets, type Invocation, namesIn } from './invoke-command.ts'
import { Session } from './session.ts'

export interface ExchangeParts {
  readonly tenant: Tenant
  readonly settings: Settings
  readonly tokens: TokenAuthority
  readonly random: Random
  readonly cmdletLatency: Latency
  /** Path in front of `/adminapi`; the regional twin is this with `-eur`. */
  readonly prefix: string
  /** Rules that single items of a batch are held against. */
  readonly faults: FaultInjector
}

/** What is asked for below `/adminapi`. */
interface Route {
  readonly version: string
  readonly organization: string
  readonly operation: string
  readonly isRegional: boolean
}

/** The Exchange Online admin API of reference 3: `InvokeCommand`, `$batch`, `EXOModuleFile`. */
export class Exchange {
  readonly gate: CmdletGate
  readonly #parts: ExchangeParts
  readonly #runner: CommandRunner

  constructor(parts: ExchangeParts) {
    this.#parts = parts
    this.gate = new CmdletGate(parts.settings.exchange, parts.cmdletLatency)
    this.#runner = new CommandRunner({ tenant: parts.tenant, settings: parts.settings.exchange })
  }

  describe(call: Call): Tags {
    const operation = this.#route(call.path)?.operation ?? ''
    if (operation === '$batch') {
      return { service: 'exchange', operation, items: String(batchItemsOf(call.body).length) }
    }
    return { service: 'exchange', operation, ...commandTags(call.body, call.query) }
  }

  async handle(call: Call): Promise<Answer> {
    const route = this.#route(call.path)
    if (route === null)
      return jsonAnswer(404, { error: { code: 'NotFound', message: 'No such resource' } })
    if (this.#parts.settings.exchange.redirect === 'regional' && !route.isRegional) {
      return this.#sendToRegion(call)
    }
    const isKnownTenant =
      route.organization === this.#parts.tenant.id || route.organization.includes('.')
    const rights = isKnownTenant ? this.#rights(call.headers.authorization) : null
    if (rights === null) return this.#unauthorized(namesIn(call.body).cmdlet)
    return this.#withCommonHeaders(call, await this.#dispatch(call, route, rights))
  }

  async #dispatch(call: Call, route: Route, rights: Rights): Promise<Answer> {
    const isCommand = route.operation === 'InvokeCommand' || route.operation === '$batch'
    const method = isCommand ? 'POST' : 'GET'
    // Below v1.0 there is no InvokeCommand (reference 3.1).
    if (call.method !== method || (isCommand && route.version !== 'beta')) {
      return jsonAnswer(405, { error: { code: 'MethodNotAllowed', message: 'Method Not Allowed' } })
    }
    if (route.operation === 'EXOModuleFile') return this.#moduleFile(rights)
    const session = new Session(call, this.#parts.random)
    const answer =
      route.operation === '$batch'
        ? await this.#batch(call, session)
        : await this.#single(call, route, session)
    return session.complete(answer)
  }

  #single(call: Call, route: Route, session: Session): Promise<Answer> {
    const invocation = {
      ...invocationOf(call.query, call.body, route.organization, session),
      prefer: String(call.headers['prefer'] ?? ''),
      anchor: String(call.headers['x-anchormailbox'] ?? ''),
      calledUrl: `${call.origin}${call.path}`,
    }
    return this.gate.whileOpen(1, () =>
      this.#invoke(invocation, call.headers.authorization, call.tags, call.arrivedAt),
    )
  }

  #batch(call: Call, session: Session): Promise<Answer> {
    const { settings, random, faults } = this.#parts
    const count = batchItemsOf(call.body).length
    return this.gate.whileOpen(count, () =>
      answerBatch(call.body, {
        settings: settings.exchange,
        random,
        nextFault: (matchable) => faults.next(matchable),
        invoke: (item, tags) => {
          const url = new URL(item.url, call.origin)
          const route = this.#route(url.pathname)
          if (route?.operation !== 'InvokeCommand') {
            return Promise.resolve(
              jsonAnswer(404, { error: { code: 'NotFound', message: item.url } }),
            )
          }
          const invocation = {
            ...invocationOf(url.searchParams, item.body, route.organization, session),
            prefer: item.headers.get('prefer') ?? '',
            anchor: item.headers.get('x-anchormailbox') ?? '',
            calledUrl: `${call.origin}${this.#parts.prefix}${url.pathname.slice(url.pathname.indexOf('/adminapi'))}`,
          }
          const authorization = item.headers.get('authorization') ?? call.headers.authorization
          return this.#invoke(invocation, authorization, tags)
        },
        tagsOf: (item) => ({
          service: 'exchange',
          operation: 'batch-item',
          ...commandTags(item.body, new URL(item.url, call.origin).searchParams),
        }),
      }),
    )
  }

  /** One cmdlet: the ladder of rights, the tenant's cap, the work. */
  async #invoke(
    invocation: Invocation,
    authorization: string | undefined,
    tags: Tags,
    beganAt = performance.now(),
  ): Promise<Answer> {
    const { exchange } = this.#parts.settings
    const { cmdlet: name } = namesIn(invocation.body)
    const rights = this.#rights(authorization)
    if (rights === null || !rights.appRole) return this.#unauthorized(name)
    if (!mayReadMailboxes(rights) || (name !== '' && cmdlets[name] === undefined)) {
      return forbiddenAnswer(exchange.forbiddenBody)
    }
    const answer = await this.gate.run(tags, beganAt, () => this.#runner.run(invocation))
    return answer ?? concurrencyAnswer(exchange.concurrencyStatus)
  }

  /** Which cmdlets the identity has: a cheap check before 10,000 calls (reference 3.1). */
  #moduleFile(rights: Rights): Answer {
    if (!rights.appRole) return this.#unauthorized('EXOModuleFile')
    if (!mayReadMailboxes(rights)) {
      return forbiddenAnswer(this.#parts.settings.exchange.forbiddenBody)
    }
    return jsonAnswer(200, { value: [{ exportedCmdlets: Object.keys(cmdlets).join(',') }] })
  }

  #rights(authorization: string | undefined): Rights | null {
    return this.#parts.tokens.rightsOf(authorization, audiences.exchange)
  }

  #unauthorized(cmdlet: string): Answer {
    return unauthorizedAnswer(cmdlet, this.#parts.settings.exchange.unauthorizedBody)
  }

  #sendToRegion(call: Call): Answer {
    const query = call.query.size === 0 ? '' : `?${call.query.toString()}`
    const path = call.path.replace(this.#parts.prefix, `${this.#parts.prefix}-eur`)
    return { status: 302, headers: { location: `${call.origin}${path}${query}` } }
  }

  #withCommonHeaders(call: Call, answer: Answer): Answer {
    const prefer = call.headers['prefer']
    const headers = {
      'odata-version': '4.0',
      'request-id': this.#parts.random.guid(),
      ...(prefer === undefined ? {} : { 'preference-applied': prefer }),
      ...(this.#parts.settings.exchange.rateLimitHeaders ? this.#rateLimitHeaders() : {}),
      ...answer.headers,
    }
    return { ...answer, headers }
  }

  #rateLimitHeaders() {
    return {
      'rate-limit-limit': '30000',
      'rate-limit-remaining': '29000',
      'rate-limit-reset': new Date(Date.now() + 60_000).toISOString(),
      'x-concurrencycount': String(this.gate.load.running),
      'x-combinedapponlyconcurrencycount': String(this.gate.load.running),
    }
  }

  #route(path: string): Route | null {
    const match = /^(.*)\/adminapi\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path)
    if (match === null) return null
    const [, before = '', version = '', organization = '', operation = ''] = match
    return {
      version,
      organization: decodeURIComponent(organization).toLowerCase(),
      operation: decodeURIComponent(operation),
      isRegional: before.endsWith('-eur'),
    }
  }
}

function invocationOf(
  query: URLSearchParams,
  body: unknown,
  organization: string,
  session: Session,
) {
  return {
    organization,
    select: query.get('$select'),
    skipToken: query.get('$skiptoken'),
    body,
    cookie: session.cookie,
  }
}

function commandTags(body: unknown, query: URLSearchParams): Tags {
  const { cmdlet, identity } = namesIn(body)
  if (cmdlet === '') return {}
  return { cmdlet, identity, page: query.has('$skiptoken') ? 'next' : 'first' }
}
