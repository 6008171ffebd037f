import { differingAttributes } from '../../core/adapters/zivver/answer-check.ts'
import { emptyMembersBody, resourceBody } from '../../core/adapters/zivver/scim-bodies.ts'
import { readRejection } from '../../core/adapters/zivver/scim-errors.ts'
import {
  parseAccount,
  parseAttributes,
  parseListPage,
} from '../../core/adapters/zivver/scim-payloads.ts'
import type { Account } from '../../core/model/account.ts'
import { type Complete, sealComplete } from '../../core/model/complete.ts'
import type { AccountKind } from '../../core/model/mailbox.ts'
import type {
  AccountTarget,
  AccountWriter,
  MayBegin,
  ResolvedWrite,
  WriteAnswer,
} from '../../core/ports.ts'
import type { Answer } from '../simulators/shared/call.ts'
import type { Random } from '../simulators/shared/random.ts'
import { type GivenOptions, withOptions } from '../simulators/zivver/options.ts'
import { Organisation } from '../simulators/zivver/organisation.ts'
import { ScimApi } from '../simulators/zivver/scim-api.ts'

const basePath = '/api/scim/v2'
const endpoint: Readonly<Record<AccountKind, string>> = { user: 'Users', functional: 'Groups' }

/**
 * The simulated Zivver without its HTTP server: bodies, rules, refusals and answers are those of the wire, and every
 * write takes a random while, so that writes which may overlap do.
 */
export class InProcessZivver implements AccountTarget, AccountWriter {
  readonly organisation: Organisation
  readonly api: ScimApi
  readonly #random: Random

  constructor(random: Random, options: GivenOptions) {
    this.organisation = new Organisation(random.integer(1, 2 ** 30))
    this.api = new ScimApi(
      this.organisation,
      basePath,
      withOptions({ ...options, rateLimit: null, key: 'in-process' }),
    )
    this.#random = random
  }

  async listAccounts(): Promise<{ accounts: Complete<Account>; warnings: readonly never[] }> {
    const accounts = [...this.#list('user'), ...this.#list('functional')]
    return { accounts: sealComplete(accounts), warnings: [] }
  }

  async probeAccounts(
    accounts: readonly { readonly scimId: string }[],
  ): Promise<ReadonlyMap<string, 'present' | 'gone'>> {
    const known = this.organisation.accounts
    return new Map(
      accounts.map(({ scimId }) => [scimId, known.has(scimId) ? 'present' : 'gone'] as const),
    )
  }

  create(kind: AccountKind, write: ResolvedWrite, mayBegin: MayBegin): Promise<WriteAnswer> {
    return this.#write({ kind, scimId: null, method: 'POST', sent: write }, mayBegin)
  }

  update(
    kind: AccountKind,
    scimId: string,
    write: ResolvedWrite,
    mayBegin: MayBegin,
  ): Promise<WriteAnswer> {
    return this.#write({ kind, scimId, method: 'PUT', sent: write }, mayBegin)
  }

  emptyMembers(scimId: string, mayBegin: MayBegin): Promise<WriteAnswer> {
    const sent = { members: [] }
    return this.#write({ kind: 'functional', scimId, method: 'PATCH', sent }, mayBegin)
  }

  findByAddress(): Promise<Account | null> {
    throw new Error('every create is answered, so nothing is looked up')
  }

  #list(kind: AccountKind): Account[] {
    const page = parseListPage(JSON.parse(String(this.#call('GET', endpoint[kind]).body)))
    if (!page.ok) throw new Error(page.fault)
    return page.value.rows.map((row) => {
      const account = parseAccount(kind, row)
      if (!account.ok) throw new Error(account.fault)
      return account.value
    })
  }

  async #write({ kind, scimId, method, sent }: Write, mayBegin: MayBegin): Promise<WriteAnswer> {
    await this.#pause()
    const lookOnceMore = await mayBegin()
    const path = scimId === null ? endpoint[kind] : `${endpoint[kind]}/${scimId}`
    const body = method === 'PATCH' ? emptyMembersBody() : resourceBody(kind, sent)
    lookOnceMore()
    const answer = this.#call(method, path, body)
    await this.#pause()
    const text = String(answer.body ?? '')
    const operation = `${method} ${endpoint[kind]}`
    if (answer.status >= 300) {
      return readRejection({ operation, status: answer.status, body: text, scimId })
    }
    const shown = parseAttributes(kind, JSON.parse(text))
    if (!shown.ok) throw new Error(shown.fault)
    const differing = differingAttributes(kind, sent, shown.value)
    if (differing.length > 0)
      throw new Error(
        `${operation} does not show ${differing.join()}: ${JSON.stringify(body)} ${text}`,
      )
    return { status: 'done', scimId: scimId ?? shown.value.scimId ?? '' }
  }

  #call(method: string, path: string, body?: object): Answer {
    const call = {
      method,
      path: `${basePath}/${path}`,
      query: new URLSearchParams(),
      headers: { authorization: 'Bearer in-process', 'content-type': 'application/scim+json' },
      rawBody: '',
      body: body && (JSON.parse(JSON.stringify(body)) as unknown),
      origin: '',
      tags: {},
    }
    this.api.arrive(call)
    return this.api.handle(call)
  }

  async #pause(): Promise<void> {
    for (let turns = this.#random.integer(0, 12); turns > 0; turns--) await Promise.resolve()
  }
}

interface Write {
  readonly kind: AccountKind
  readonly scimId: string | null
  readonly method: 'POST' | 'PUT' | 'PATCH'
  readonly sent: ResolvedWrite
}
