/** Reads from Zivver: a usable answer as JSON, or an error that says which call failed. */
import { SyncError } from '../../errors.ts'
import type { Account } from '../../model/account.ts'
import type { AccountKind } from '../../model/mailbox.ts'
import type { MayBegin } from '../../ports.ts'
import type { BodySink } from '../http/http-body.ts'
import { type HttpAnswer, parseJson } from '../http/http-client.ts'
import { readAttempts } from './attempts.ts'
import { type AccountPage, ListResponseReader } from './list-response.ts'
import type { RateLimiter } from './pacing.ts'
import { saysUnknownAccount, upstreamText } from './scim-errors.ts'
import { addressPath, parseAccount, unwrapResource } from './scim-payloads.ts'
import { endpoint } from './scim-schemas.ts'
import { describeEnd, type ZivverClient } from './zivver-client.ts'

const minPatienceSeconds = 30

interface ReadOptions {
  readonly mayBegin?: MayBegin | undefined
  readonly openBody?: () => BodySink
}

export class ZivverReader {
  readonly #client: ZivverClient
  readonly #limiter: RateLimiter

  constructor(client: ZivverClient, limiter: RateLimiter) {
    this.#client = client
    this.#limiter = limiter
  }

  /** One page of a list. @throws SyncError `TARGET_UNREACHABLE`, `TARGET_INCOMPLETE`, `ZIVVER_*`; LongWait */
  async readPage(kind: AccountKind, query: string, mayBegin?: MayBegin): Promise<AccountPage> {
    const operation = `GET ${endpoint[kind]}`
    let list = new ListResponseReader(kind)
    const openBody = () => (list = new ListResponseReader(kind))
    const answer = await this.#read(operation, endpoint[kind] + query, { mayBegin, openBody })
    if (answer.status !== 200) throw unusable(operation, answer)
    if (answer.text !== '') list.push(Buffer.from(answer.text))
    const page = list.end()
    if (!page.ok) throw unreadable(operation, page.fault)
    return page.value
  }

  /** Whether an account exists. Only a 404, or a 400 that says so, is `gone`. @throws as `readPage` */
  async probe(kind: AccountKind, scimId: string, mayBegin?: MayBegin): Promise<'present' | 'gone'> {
    const operation = `GET ${endpoint[kind]}/{id}`
    const path = `${endpoint[kind]}/${encodeURIComponent(scimId)}`
    const answer = await this.#read(operation, path, { mayBegin })
    if (answer.status === 404) return 'gone'
    if (answer.status === 400 && saysUnknownAccount(answer.text, scimId)) return 'gone'
    if (answer.status !== 200) throw unusable(operation, answer)
    const parsed = parseAccount(kind, unwrapResource(parseJson(answer.text)))
    if (!parsed.ok) throw unreadable(operation, parsed.fault)
    if (parsed.value.scimId !== scimId) throw unreadable(operation, 'it is another account')
    return 'present'
  }

  /** The account with exactly this primary address, case aside; `null` = none. @throws as `readPage` */
  async find(kind: AccountKind, address: string, mayBegin: MayBegin): Promise<Account | null> {
    const operation = `GET ${endpoint[kind]}`
    const page = await this.readPage(kind, `?filter=${addressFilter(kind, address)}`, mayBegin)
    const { accounts, badRow } = page
    if (badRow !== null) throw unreadable(operation, badRow.fault)
    // A server may ignore the filter, and then a page of strangers proves nothing.
    const found = accounts.filter((account) => account.address === address.toLowerCase())
    if (found.length > 1) throw unreadable(operation, 'two accounts have one primary address')
    if (found.length === 0 && accounts.length < (page.total ?? 0)) {
      throw unreadable(operation, 'the account looked for may be on a page that was not given')
    }
    return found[0] ?? null
  }

  async #read(
    operation: string,
    path: string,
    { mayBegin, openBody }: ReadOptions = {},
  ): Promise<HttpAnswer> {
    const end = await this.#client.call({
      method: 'GET',
      path,
      operation,
      attempts: readAttempts,
      // Our own window is waited out, however long: after a LongWait the whole list would be read again.
      patienceSeconds: Math.max(minPatienceSeconds, this.#limiter.windowSeconds),
      ...(mayBegin && { mayBegin }),
      ...(openBody && { openBody }),
    })
    if (end.kind === 'no_answer' || isUnavailable(end.answer)) {
      throw new SyncError('TARGET_UNREACHABLE', describeEnd({ operation }, end))
    }
    return end.answer
  }
}

function isUnavailable({ status, bodyError }: HttpAnswer): boolean {
  return status === 429 || status >= 500 || (status < 300 && bodyError !== null)
}

// RFC 7644, section 3.4.2.2: the value of a filter is a JSON string.
function addressFilter(kind: AccountKind, address: string): string {
  return encodeURIComponent(`${addressPath(kind)} eq ${JSON.stringify(address)}`)
}

function unusable(operation: string, { status, text }: HttpAnswer): SyncError {
  return unreadable(operation, `status ${status} ${upstreamText(text)}`.trim())
}

function unreadable(operation: string, fault: string): SyncError {
  return new SyncError(
    'TARGET_INCOMPLETE',
    `The answer of Zivver to ${operation} cannot be used: ${fault}`,
  )
}
