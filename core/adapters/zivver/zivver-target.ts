import pLimit from 'p-limit'
import { sealComplete } from '../../model/complete.ts'
import type { AccountKind } from '../../model/mailbox.ts'
import type { Warning } from '../../model/warning.ts'
import type { AccountTarget, MayBegin } from '../../ports.ts'
import { type AccountListing, listAccountsOfKind } from './account-listing.ts'
import { endpoint } from './scim-schemas.ts'
import type { ZivverReader } from './zivver-reader.ts'

// Enough to fill the rate limit's window at usual latencies without a crowd of connections.
const probesAtOnce = 8

/** Zivver's accounts, read: both lists whole, single accounts by id. */
export class ZivverTarget implements AccountTarget {
  readonly #reader: ZivverReader

  constructor(reader: ZivverReader) {
    this.#reader = reader
  }

  async listAccounts(mayBegin?: MayBegin): ReturnType<AccountTarget['listAccounts']> {
    // Both are waited for, so that no call goes on after the read has failed.
    const [users, groups] = await Promise.allSettled([
      this.#list('user', mayBegin),
      this.#list('functional', mayBegin),
    ])
    if (users.status === 'rejected') throw users.reason
    if (groups.status === 'rejected') throw groups.reason
    return {
      accounts: sealComplete([...users.value.accounts, ...groups.value.accounts]),
      warnings: [
        ...totalWarnings('user', users.value),
        ...totalWarnings('functional', groups.value),
      ],
    }
  }

  async probeAccounts(
    accounts: Parameters<AccountTarget['probeAccounts']>[0],
    mayBegin?: MayBegin,
  ): ReturnType<AccountTarget['probeAccounts']> {
    const limit = pLimit(probesAtOnce)
    try {
      const probes = accounts.map(({ kind, scimId }) =>
        limit(async () => [scimId, await this.#reader.probe(kind, scimId, mayBegin)] as const),
      )
      return new Map(await Promise.all(probes))
    } finally {
      limit.clearQueue()
    }
  }

  #list(kind: AccountKind, mayBegin?: MayBegin): Promise<AccountListing> {
    return listAccountsOfKind(kind, (query) => this.#reader.readPage(kind, query, mayBegin))
  }
}

function totalWarnings(kind: AccountKind, { totalKnown }: AccountListing): readonly Warning[] {
  if (totalKnown) return []
  return [
    {
      code: 'TARGET_TOTAL_MISSING',
      message: `Zivver gave no totalResults for GET ${endpoint[kind]}, so that the list could not be checked for completeness`,
    },
  ]
}
