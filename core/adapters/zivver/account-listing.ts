/** Reads one list of accounts to its end, or fails: absence is concluded from it (contract, section 8; failure story 3). */
import { SyncError } from '../../errors.ts'
import type { Account } from '../../model/account.ts'
import type { AccountKind } from '../../model/mailbox.ts'
import type { AccountPage } from './list-response.ts'
import { endpoint } from './scim-schemas.ts'

export interface AccountListing {
  readonly accounts: readonly Account[]
  /** False = Zivver gave no `totalResults` to check the list against. */
  readonly totalKnown: boolean
}

/** A page by its query (`''` for the first one, without paging parameters). */
export type ReadPage = (query: string) => Promise<AccountPage>

/**
 * Reads a list: whole where the server gives it whole, else on by `startIndex` (1-based) and `count` until
 * `totalResults` is reached (RFC 7644, section 3.4.2.4).
 * @throws SyncError `TARGET_INCOMPLETE` when the pages do not add up to the total
 */
export async function listAccountsOfKind(
  kind: AccountKind,
  readPage: ReadPage,
): Promise<AccountListing> {
  const listing = new ListingInProgress(kind)
  const first = await readPage('')
  listing.add(first)
  if (first.total === null) return { accounts: listing.accounts, totalKnown: false }
  while (listing.accounts.length < first.total) {
    // Counted in accounts, not in rows: a server that repeats some is asked for the rest, and none is passed over.
    const page = await readPage(
      `?startIndex=${listing.accounts.length + 1}&count=${first.accounts.length}`,
    )
    listing.checkTotal(page, first.total)
    if (listing.add(page) === 0)
      listing.fail(`stops after ${listing.accounts.length} of ${first.total}`)
  }
  if (listing.accounts.length > first.total) {
    listing.fail(`holds ${listing.accounts.length}, more than its totalResults of ${first.total}`)
  }
  return { accounts: listing.accounts, totalKnown: true }
}

class ListingInProgress {
  readonly accounts: Account[] = []
  readonly #kind: AccountKind
  readonly #places = new Map<string, number>()

  constructor(kind: AccountKind) {
    this.#kind = kind
  }

  /** Takes over the accounts of a page, and returns how many of them are new. */
  add({ accounts, badRow }: AccountPage): number {
    const before = this.accounts.length
    if (badRow !== null) {
      this.fail(`has an unreadable row (number ${before + badRow.place}: ${badRow.fault})`)
    }
    for (const account of accounts) this.#addAccount(account)
    return this.accounts.length - before
  }

  // Rows that move between pages while they are read cannot be told from rows that are missing.
  checkTotal(page: AccountPage, total: number): void {
    if (page.total !== total) {
      this.fail(`changed while it was read: totalResults ${total} became ${page.total ?? 'absent'}`)
    }
  }

  fail(reason: string): never {
    throw new SyncError(
      'TARGET_INCOMPLETE',
      `The list of GET ${endpoint[this.#kind]} from Zivver ${reason}; nothing was written`,
    )
  }

  #addAccount(account: Account): void {
    const place = this.#places.get(account.scimId)
    if (place === undefined) {
      this.#places.set(account.scimId, this.accounts.push(account) - 1)
    } else if (JSON.stringify(this.accounts[place]) !== JSON.stringify(account)) {
      this.fail(`has two different rows with id ${account.scimId}`)
    }
  }
}
