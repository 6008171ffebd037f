import type { Account } from '../model/account.ts'
import { none, type Writable } from '../model/compact.ts'
import type { Mailbox } from '../model/mailbox.ts'
import type { MappingRow } from '../model/mapping.ts'

/** The lists that describe the same people, fresh from their sources: nobody else holds them yet. */
interface PeopleLists {
  /** By identifier. */
  readonly mailboxesById: ReadonlyMap<string, Mailbox>
  /** By SCIM id. */
  readonly accountsById: ReadonlyMap<string, Account>
  readonly mappings: readonly MappingRow[]
}

/**
 * Keeps one copy in memory of what the lists all say of one person: identifier, SCIM id, address and display name. Each
 * source brought a copy of its own, and a plan holds all of them, for every person of the tenant. The lists say what they
 * said before; they are not copied for it, because the copies would be as large as what is saved.
 */
export function shareTexts({ mailboxesById, accountsById, mappings }: PeopleLists): void {
  for (const account of accountsById.values()) shareAccount(account, mailboxesById)
  const texts = new TextPool()
  for (const row of mappings) {
    shareRow(row, mailboxesById.get(row.key), accountsById.get(row.scimId), texts)
  }
}

function shareAccount(
  account: Writable<Account>,
  mailboxesById: PeopleLists['mailboxesById'],
): void {
  const { externalAccountId } = account
  const mailbox = externalAccountId === null ? undefined : mailboxesById.get(externalAccountId)
  if (mailbox === undefined) return
  account.externalAccountId = mailbox.identifier
  account.address = copyOf(account.address, mailbox.primarySmtpAddress)
  account.displayName = copyOf(account.displayName, mailbox.displayName)
}

function shareRow(
  row: Writable<MappingRow>,
  mailbox: Mailbox | undefined,
  account: Account | undefined,
  texts: TextPool,
): void {
  // Most rows were written by a few runs.
  row.lastRunId = texts.shared(row.lastRunId)
  row.linkedAt = texts.shared(row.linkedAt)
  if (row.refusedAliases.length === 0) row.refusedAliases = none
  if (account !== undefined) row.scimId = account.scimId
  if (mailbox === undefined) return
  row.key = copyOf(row.key, mailbox.identifier)
  row.address = copyOf(row.address, mailbox.primarySmtpAddress)
  row.displayName = copyOf(row.displayName, mailbox.displayName)
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
