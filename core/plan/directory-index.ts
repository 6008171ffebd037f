import type { Account } from '../model/account.ts'
import type { Mailbox } from '../model/mailbox.ts'
import { isMailboxRow, type MappingRow } from '../model/mapping.ts'
import type { Policy, Snapshot } from '../model/plan.ts'
import { type IdentifiedMailbox, isInScope, scopeOf } from '../source/scope.ts'

/** The snapshot looked at from every side that correlation asks for. Built once, in one pass per list. */
export interface DirectoryIndex {
  /** In-scope mailboxes, sorted by identifier. */
  readonly scoped: readonly IdentifiedMailbox[]
  readonly mailboxesByIdentifier: ReadonlyMap<string, readonly Mailbox[]>
  readonly mailboxesByPrimary: ReadonlyMap<string, readonly Mailbox[]>
  readonly mailboxesBySecondary: ReadonlyMap<string, readonly Mailbox[]>
  readonly accounts: readonly Account[]
  readonly accountsById: ReadonlyMap<string, Account>
  readonly accountsByAddress: ReadonlyMap<string, readonly Account[]>
  /** By `ExternalAccountId`, lower case; empty when the mapping is reset. */
  readonly accountsByExternalId: ReadonlyMap<string, readonly Account[]>
  /** Mailbox rows by identifier (two rows may differ in case only); empty when the mapping is reset. */
  readonly rowsByIdentifier: ReadonlyMap<string, readonly MappingRow[]>
  /** All rows by SCIM id, `scim-` rows and reset rows included: they know what we suspended. */
  readonly rowsByScimId: ReadonlyMap<string, readonly MappingRow[]>
  /** Why a mailbox is not in scope; `null` = it is. */
  scopeReason(mailbox: Mailbox): string | null
}

export function indexDirectory(snapshot: Snapshot, policy: Policy): DirectoryIndex {
  const scope = {
    includedDomains: policy.includedDomains,
    filterMembers: snapshot.filterMembers,
  }
  const known = !policy.resetAccountMapping
  const accountsByExternalId = new Map<string, Account[]>()
  const rowsByIdentifier = new Map<string, MappingRow[]>()
  if (known) {
    for (const account of snapshot.accounts) {
      if (account.externalAccountId !== null) {
        push(accountsByExternalId, account.externalAccountId.toLowerCase(), account)
      }
    }
    for (const row of snapshot.mappings) {
      if (isMailboxRow(row)) push(rowsByIdentifier, row.key.toLowerCase(), row)
    }
  }
  return {
    scoped: snapshot.mailboxes.filter((mailbox) => isInScope(mailbox, scope)).sort(byIdentifier),
    mailboxesByIdentifier: group(snapshot.mailboxes, (mailbox) => mailbox.identifier),
    mailboxesByPrimary: group(snapshot.mailboxes, (mailbox) => mailbox.primarySmtpAddress),
    mailboxesBySecondary: groupBySecondary(snapshot.mailboxes),
    accounts: [...snapshot.accounts].sort((left, right) => (left.scimId < right.scimId ? -1 : 1)),
    accountsById: new Map(snapshot.accounts.map((account) => [account.scimId, account])),
    accountsByAddress: group(snapshot.accounts, (account) => account.address),
    accountsByExternalId,
    rowsByIdentifier,
    rowsByScimId: group(snapshot.mappings, (row) => row.scimId),
    scopeReason: (mailbox) => scopeOf(mailbox, scope),
  }
}

function byIdentifier(left: IdentifiedMailbox, right: IdentifiedMailbox): number {
  if (left.identifier !== right.identifier) return left.identifier < right.identifier ? -1 : 1
  return left.exchangeGuid < right.exchangeGuid ? -1 : 1
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [item])
  else list.push(item)
}

function group<T>(items: readonly T[], keyOf: (item: T) => string | null): Map<string, T[]> {
  const map = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key !== null) push(map, key, item)
  }
  return map
}

function groupBySecondary(mailboxes: readonly Mailbox[]): Map<string, Mailbox[]> {
  const map = new Map<string, Mailbox[]>()
  for (const mailbox of mailboxes) {
    for (const address of mailbox.secondarySmtpAddresses) push(map, address, mailbox)
  }
  return map
}
