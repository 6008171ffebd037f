import type { Answer, Call, Tags } from '../../shared/call.ts'
import type { FaultInjector } from '../../shared/fault-injector.ts'
import type { Random } from '../../shared/random.ts'
import type { Tenant } from '../../tenant/tenant.ts'
import type { Rights, Settings } from '../settings.ts'
import { audiences, type TokenAuthority } from '../token-authority.ts'
import { answerGraphBatch, graphBatchItemsOf } from './batch.ts'
import { badRequest, GraphFailure, graphErrorAnswer, unauthenticated } from './errors.ts'
import { GraphRouter } from './routes.ts'

export interface GraphParts {
  readonly tenant: Tenant
  readonly settings: Settings
  readonly tokens: TokenAuthority
  readonly random: Random
  /** Path in front of `/v1.0`. */
  readonly prefix: string
  /** Rules that single items of a batch are held against. */
  readonly faults: FaultInjector
}

/** Microsoft Graph v1.0 of reference 5: groups, members, users, directory objects, `$batch`. */
export class Graph {
  readonly #parts: GraphParts
  readonly #router: GraphRouter

  constructor(parts: GraphParts) {
    this.#parts = parts
    this.#router = new GraphRouter(parts.tenant, parts.settings.graph)
  }

  describe(call: Call): Tags {
    const path = this.#pathOf(call.path)
    if (path === '/$batch') {
      const items = String(graphBatchItemsOf(call.body).length)
      return { service: 'graph', operation: '$batch', items }
    }
    return graphTags(call.method, path, call.query)
  }

  async handle(call: Call): Promise<Answer> {
    const path = this.#pathOf(call.path)
    const answer =
      path === '/$batch' && call.method === 'POST'
        ? await this.#batch(call)
        : this.#single({ ...call, path }, call.headers.authorization, `${call.origin}${this.#base}`)
    const units = resourceUnits(path, call.query)
    const id = this.#parts.random.guid()
    const headers = { 'request-id': id, 'x-ms-resource-unit': String(units), ...answer.headers }
    return { ...answer, headers }
  }

  #batch(call: Call): Promise<Answer> | Answer {
    const { settings, random, faults } = this.#parts
    if (this.#rights(call.headers.authorization) === null) return this.#refuse(unauthenticated())
    const calledBase = `${call.origin}${this.#base}`
    return answerGraphBatch(call.body, {
      order: settings.graph.batchOrder,
      random,
      nextFault: (matchable) => faults.next(matchable),
      refuse: (message) => this.#refuse(badRequest(message)),
      tagsOf: ({ method, path, query }) => ({
        ...graphTags(method, path, query),
        operation: 'batch-item',
      }),
      answer: (item) => this.#single(item, call.headers.authorization, calledBase),
    })
  }

  #single(
    call: Pick<Call, 'method' | 'path' | 'query' | 'headers' | 'body'>,
    authorization: string | undefined,
    calledBase: string,
  ): Answer {
    const rights = this.#rights(authorization)
    if (rights === null) return this.#refuse(unauthenticated())
    try {
      return this.#router.answer(call.method, call.body, {
        path: call.path,
        query: call.query,
        consistencyLevel: String(call.headers['consistencylevel'] ?? ''),
        calledBase,
        rights,
      })
    } catch (error) {
      if (error instanceof GraphFailure) return this.#refuse(error)
      throw error
    }
  }

  #refuse(failure: GraphFailure): Answer {
    return graphErrorAnswer(failure, this.#parts.random.guid())
  }

  #rights(authorization: string | undefined): Rights | null {
    return this.#parts.tokens.rightsOf(authorization, audiences.graph)
  }

  get #base(): string {
    return `${this.#parts.prefix}/v1.0`
  }

  #pathOf(path: string): string {
    return decodeURIComponent(path.startsWith(this.#base) ? path.slice(this.#base.length) : path)
  }
}

function graphTags(method: string, path: string, query: URLSearchParams): Tags {
  const [collection = '', id = '', relation] = path.split('/').slice(1)
  const shape = [
    `/${collection}`,
    id === '' ? '' : '/{id}',
    relation === undefined ? '' : `/${relation}`,
  ]
  const page = query.has('$skiptoken') ? 'next' : 'first'
  return { service: 'graph', operation: `${method} ${shape.join('')}`, id, page }
}

/** Cost of a call (reference 5.6). */
function resourceUnits(path: string, query: URLSearchParams): number {
  const base = path.includes('/transitiveMembers')
    ? 5
    : path.includes('/members')
      ? 3
      : path === '/users'
        ? 2
        : 1
  return Math.max(1, base - (query.has('$select') ? 1 : 0))
}
