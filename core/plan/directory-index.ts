import type { Account } from '../model/account.ts'
import type { Mailbox } from '../model/mailbox.ts'
import { isMailboxRow, type MappingRow } from '../model/mapping.ts'
import type { Policy, Snapshot } from '../model/plan.ts'
import { type IdentifiedMailbox, scopeOf } from '../source/scope.ts'
import { indexBy, MultiIndex } from './multi-index.ts'

/** The snapshot looked at from every side that correlation asks for. Built once, in one pass per list. */
export interface DirectoryIndex {
  readonly scoped: readonly IdentifiedMailbox[]
  readonly mailboxesByIdentifier: MultiIndex<Mailbox>
  readonly mailboxesByPrimary: MultiIndex<Mailbox>
  /** Made when it is first asked for: only a search by former address needs it. */
  readonly mailboxesBySecondary: () => MultiIndex<Mailbox>
  readonly accounts: readonly Account[]
  readonly accountsById: ReadonlyMap<string, Account>
  readonly accountsByAddress: MultiIndex<Account>
  /** By `ExternalAccountId`, lower case; empty when the mapping is reset. */
  readonly accountsByExternalId: MultiIndex<Account>
  /** Mailbox rows by identifier (two rows may differ in case only); empty when the mapping is reset. */
  readonly rowsByIdentifier: MultiIndex<MappingRow>
  /** All rows by SCIM id, `scim-` rows and reset rows included: they know what we suspended. */
  readonly rowsByScimId: MultiIndex<MappingRow>
  /** Why a mailbox is not in scope; `null` = it is. */
  readonly scopeReason: (mailbox: Mailbox) => string | null
}

/** @param scoped the snapshot's mailboxes that are in scope */
export function indexDirectory(
  snapshot: Snapshot,
  scoped: readonly IdentifiedMailbox[],
  policy: Policy,
): DirectoryIndex {
  const { mailboxes, accounts, mappings, filterMembers } = snapshot
  const { includedDomains, resetAccountMapping } = policy
  return {
    scoped,
    mailboxesByIdentifier: indexBy(mailboxes, (mailbox) => mailbox.identifier),
    mailboxesByPrimary: indexBy(mailboxes, (mailbox) => mailbox.primarySmtpAddress),
    mailboxesBySecondary: once(() => indexSecondary(mailboxes)),
    accounts,
    accountsById: new Map(accounts.map((account) => [account.scimId, account])),
    accountsByAddress: indexBy(accounts, (account) => account.address),
    accountsByExternalId: indexBy(resetAccountMapping ? [] : accounts, externalIdOf),
    rowsByIdentifier: indexBy(resetAccountMapping ? [] : mappings, identifierOf),
    rowsByScimId: indexBy(mappings, (row) => row.scimId),
    scopeReason: (mailbox) => scopeOf(mailbox, { includedDomains, filterMembers }),
  }
}

/** `ExternalAccountId` in the form in which identifiers are compared. */
export function externalIdOf({ externalAccountId }: Account): string | null {
  return externalAccountId === null ? null : externalAccountId.toLowerCase()
}

function identifierOf(row: MappingRow): string | null {
  return isMailboxRow(row) ? row.key.toLowerCase() : null
}

function indexSecondary(mailboxes: readonly Mailbox[]): MultiIndex<Mailbox> {
  const index = new MultiIndex<Mailbox>()
  for (const mailbox of mailboxes) {
    for (const address of mailbox.secondarySmtpAddresses) index.add(address, mailbox)
  }
  return index
}

/** Makes a value when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => (made ??= { value: make() }).value
}
