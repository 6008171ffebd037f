import type { HttpAnswer, HttpRequest } from '../../core/adapters/http/http-client.ts'
import type { AccountView } from '../simulators/zivver/account.ts'
import { withOptions } from '../simulators/zivver/options.ts'
import { Organisation } from '../simulators/zivver/organisation.ts'
import { ScimApi } from '../simulators/zivver/scim-api.ts'
import type { Write } from '../simulators/zivver/write-log.ts'
import type { Fault } from './faults.ts'

const basePath = '/api/scim/v2'
/** What the adapter is given. */
export const zivverUrl = `https://zivver.example${basePath}`
export const zivverKey = 'simulated-key'

const ordinary = withOptions({ key: zivverKey, rateLimit: null })

/** The simulated Zivver behind the simulated network: the real adapter calls it, the real rules judge. */
export class SimZivver {
  readonly organisation: Organisation
  readonly #api: ScimApi

  /** @param guests addresses that are refused as an alias */
  constructor(seed: number, guests: readonly string[]) {
    this.organisation = new Organisation(seed)
    const options = { ...ordinary, guests: new Set(guests) }
    this.#api = new ScimApi(this.organisation, basePath, options)
  }

  /** Every write that was worked on, in order. */
  get writes(): readonly Write[] {
    return this.#api.log.writes
  }

  accounts(): readonly AccountView[] {
    return this.organisation.views()
  }

  serve(request: HttpRequest, fault: Fault | null): HttpAnswer {
    if (fault?.kind === 'throttled') return throttled(fault.retryAfter)
    if (fault?.kind === 'rejected') return answerOf(400, {}, fault.text)
    if (fault?.kind === 'ignored') this.#api.ignoreWrites({})
    const isCut = fault?.kind === 'zivver_list_cut'
    if (isCut) this.#api.setOptions({ missingFromLists: 1 })
    const url = new URL(request.url)
    const call = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      rawBody: request.body ?? '',
      body: request.body === undefined ? undefined : (JSON.parse(request.body) as unknown),
      origin: url.origin,
      tags: {},
    }
    this.#api.arrive(call)
    const { status, headers = {}, body = '' } = this.#api.handle(call)
    if (isCut) this.#api.setOptions({ missingFromLists: 0 })
    return answerOf(status, headers, String(body))
  }
}

function throttled(retryAfter: number | null): HttpAnswer {
  const details = { budget: 50, windowSeconds: 10 }
  return retryAfter === null
    ? answerOf(429, {}, JSON.stringify({ emptiedBucketDetails: details }))
    : answerOf(429, { 'retry-after': String(retryAfter) }, 'too many requests')
}

function answerOf(status: number, headers: object, text: string): HttpAnswer {
  const own = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
  return {
    status,
    headers: new Headers(own.map(([name, value]) => [name, value])),
    text,
    bodyError: null,
    durationMs: 1,
  }
}
