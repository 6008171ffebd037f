import type { Account } from '../model/account.ts'
import { none } from '../model/compact.ts'
import { type Complete, mapComplete } from '../model/complete.ts'
import type { Mailbox } from '../model/mailbox.ts'
import type { MappingRow } from '../model/mapping.ts'

/** The lists that describe the same people. */
interface PeopleLists {
  readonly mailboxes: Complete<Mailbox>
  readonly accounts: Complete<Account>
  readonly mappings: Complete<MappingRow>
}

/**
 * The same lists, with one copy in memory of what they all say of one person: identifier, SCIM id, address and display
 * name. Each source brought a copy of its own, and a plan holds all of them, for every person of the tenant.
 */
export function shareTexts({ mailboxes, accounts, mappings }: PeopleLists): PeopleLists {
  const byIdentifier = new Map(mailboxes.map((mailbox) => [mailbox.identifier, mailbox]))
  const ids = new TextPool()
  return {
    mailboxes,
    accounts: mapComplete(accounts, (account) => ({
      ...accountLike(account, byIdentifier.get(account.externalAccountId)),
      scimId: ids.shared(account.scimId),
    })),
    mappings: mapComplete(mappings, (row) => ({
      ...rowLike(row, byIdentifier.get(row.key)),
      scimId: ids.shared(row.scimId),
      lastRunId: ids.shared(row.lastRunId),
    })),
  }
}

function accountLike(account: Account, mailbox: Mailbox | undefined): Account {
  if (mailbox === undefined) return account
  return {
    ...account,
    externalAccountId: mailbox.identifier,
    address: copyOf(account.address, mailbox.primarySmtpAddress),
    displayName: copyOf(account.displayName, mailbox.displayName),
  }
}

function rowLike(row: MappingRow, mailbox: Mailbox | undefined): MappingRow {
  if (mailbox === undefined) return row
  return {
    ...row,
    key: copyOf(row.key, mailbox.identifier),
    address: copyOf(row.address, mailbox.primarySmtpAddress),
    displayName: copyOf(row.displayName, mailbox.displayName),
    refusedAliases: row.refusedAliases.length === 0 ? none : row.refusedAliases,
  }
}

/** The same text: the other's copy where both say the same. */
function copyOf(text: string, other: string | null): string {
  return text === other ? other : text
}

/** Texts that come again and again, in the copy that came first. */
class TextPool {
  readonly #copies = new Map<string, string>()

  shared(text: string): string {
    const copy = this.#copies.get(text)
    if (copy === undefined) this.#copies.set(text, text)
    return copy ?? text
  }
}
