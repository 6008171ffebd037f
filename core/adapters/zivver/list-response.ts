/** Reads a ListResponse (RFC 7644, section 3.4.2) while it arrives: 100,000 accounts come in one answer of 60 MB. */
import type { Account } from '../../model/account.ts'
import type { AccountKind } from '../../model/mailbox.ts'
import type { BodySink } from '../http/http-body.ts'
import { parseJson } from '../http/http-client.ts'
import { JsonArraySplitter } from '../http/json-array-splitter.ts'
import { type Parsed, parseAccount, parseListPage } from './scim-payloads.ts'

/** One page of a list, as accounts. */
export interface AccountPage {
  /** `totalResults`; `null` when the answer has none. */
  readonly total: number | null
  readonly accounts: readonly Account[]
  /** The first row that is no account: its place on the page, from 1, and why; `null` = there is none. */
  readonly badRow: { readonly place: number; readonly fault: string } | null
}

export class ListResponseReader implements BodySink {
  readonly #accounts: Account[] = []
  readonly #splitter: JsonArraySplitter
  readonly isSlow = true
  #rows = 0
  #badRow: AccountPage['badRow'] = null

  constructor(kind: AccountKind) {
    this.#splitter = new JsonArraySplitter('Resources', (text) => this.#add(kind, text))
  }

  push(chunk: Buffer): void {
    this.#splitter.push(chunk)
  }

  /** The page, once the whole answer was pushed. */
  end(): Parsed<AccountPage> {
    const page = parseListPage(parseJson(this.#splitter.rest()))
    if (!page.ok) return page
    if (page.value.rows.length > 0) return { ok: false, fault: 'Resources comes twice' }
    const { total } = page.value
    return { ok: true, value: { total, accounts: this.#accounts, badRow: this.#badRow } }
  }

  #add(kind: AccountKind, text: string): void {
    this.#rows += 1
    if (this.#badRow !== null) return
    const parsed = parseAccount(kind, parseJson(text))
    if (parsed.ok) this.#accounts.push(parsed.value)
    else this.#badRow = { place: this.#rows, fault: parsed.fault }
  }
}
