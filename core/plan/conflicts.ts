import type { WarningCode } from '../errors.ts'
import type { Account } from '../model/account.ts'
import { byText } from '../model/address.ts'
import { kindOfMailbox, type Mailbox } from '../model/mailbox.ts'
import type { Warning } from '../model/warning.ts'
import { type DirectoryIndex, externalIdOf } from './directory-index.ts'

/**
 * Everything that a conflict names is frozen: neither created, changed nor suspended in this run (contract,
 * section 6). A freeze is kept with the first conflict that caused it.
 */
export class Freezer {
  readonly mailboxes = new Set<Mailbox>()
  readonly accounts = new Set<Account>()
  readonly warnings: Warning[] = []

  freeze(
    code: WarningCode,
    message: string,
    address: string,
    mailboxes: Iterable<Mailbox>,
    accounts: Iterable<Account>,
  ): void {
    for (const mailbox of mailboxes) this.mailboxes.add(mailbox)
    for (const account of accounts) this.accounts.add(account)
    this.warnings.push({ code, message, address })
    if (code === 'KIND_MISMATCH') this.#warnOfLogins(mailboxes, accounts)
  }

  // A leaver's mailbox became a shared one: the frozen user account keeps its login until somebody acts.
  #warnOfLogins(mailboxes: Iterable<Mailbox>, accounts: Iterable<Account>): void {
    const isShared = [...mailboxes].some(
      ({ recipientTypeDetails }) => kindOfMailbox(recipientTypeDetails) === 'functional',
    )
    for (const { kind, active, address } of isShared ? accounts : []) {
      if (kind !== 'user' || !active) continue
      const message = `${address} can still log in: its mailbox is a shared one now, its Zivver account an active user account`
      this.warnings.push({ code: 'CAN_STILL_LOG_IN', message, address })
    }
  }

  /** How many mailboxes and accounts are frozen. */
  get size(): number {
    return this.mailboxes.size + this.accounts.size
  }
}

/** The sentence that administrators know from Zivver's own tool. */
export function kindMismatchMessage(address: string): string {
  return `Skipping account ${address} because it is a group in one system and a user mailbox in the other`
}

/** Accounts that the identifier leads to: by mapping rows (rule 1) and by `ExternalAccountId` (rule 2). */
function accountsOfIdentifier(index: DirectoryIndex, identifier: string): Set<Account> {
  const named = new Set<Account>()
  for (const row of index.rowsByIdentifier.all(identifier)) {
    const account = index.accountsById.get(row.scimId)
    if (account !== undefined) named.add(account)
  }
  for (const account of index.accountsByExternalId.all(identifier)) named.add(account)
  return named
}

/** Finds every conflict that identifiers and primary addresses show before any account is looked for by address. */
export function findConflicts(index: DirectoryIndex, freezer: Freezer): void {
  sharedPrimaryAddresses(index, freezer)
  identifiersWithSeveralAccounts(index, freezer)
  accountsWithSeveralMailboxes(index, freezer)
  freezeLinkedAccounts(index, freezer)
}

function sharedPrimaryAddresses(index: DirectoryIndex, freezer: Freezer): void {
  for (const address of index.mailboxesByPrimary.repeated()) {
    const mailboxes = index.mailboxesByPrimary.all(address)
    freezer.freeze(
      'ADDRESS_CONFLICT',
      `${mailboxes.length} mailboxes have the primary address ${address}; none of them is synchronised`,
      address,
      mailboxes,
      index.accountsByAddress.all(address),
    )
  }
}

/** Identifiers that may lead to several accounts, several mailboxes, or an account of the other kind. */
function doubtfulIdentifiers(index: DirectoryIndex): Set<string> {
  const doubtful = new Set([
    ...index.mailboxesByIdentifier.repeated(),
    ...index.rowsByIdentifier.repeated(),
    ...index.accountsByExternalId.repeated(),
  ])
  for (const account of index.accounts) {
    const external = externalIdOf(account)
    if (external === null) continue
    const row = index.rowsByIdentifier.only(external)
    if (row !== undefined && row.scimId !== account.scimId) doubtful.add(external)
  }
  for (const mailbox of index.scoped) {
    const { identifier } = mailbox
    const kind = kindOfMailbox(mailbox.recipientTypeDetails)
    const row = index.rowsByIdentifier.only(identifier)
    const linked = row === undefined ? undefined : index.accountsById.get(row.scimId)
    const named = linked ?? index.accountsByExternalId.only(identifier)
    if (named !== undefined && named.kind !== kind) doubtful.add(identifier)
  }
  return doubtful
}

function identifiersWithSeveralAccounts(index: DirectoryIndex, freezer: Freezer): void {
  for (const identifier of doubtfulIdentifiers(index)) {
    judgeIdentifier(identifier, index, freezer)
  }
}

function judgeIdentifier(identifier: string, index: DirectoryIndex, freezer: Freezer): void {
  const mailboxes = index.mailboxesByIdentifier.all(identifier)
  const named = accountsOfIdentifier(index, identifier)
  const rows = index.rowsByIdentifier.all(identifier)
  const addresses = [
    ...mailboxes.map((mailbox) => mailbox.primarySmtpAddress),
    ...addressesOf(named),
  ]
  const address = addresses[0] ?? ''
  const freeze = (code: WarningCode, message: string): void =>
    freezer.freeze(code, message, address, mailboxes, named)
  if (mailboxes.length > 1) {
    freeze('MAILBOX_CONFLICT', `${mailboxes.length} mailboxes have the identifier ${identifier}`)
  }
  if (isOtherKind(mailboxes[0], named, index)) {
    freeze('KIND_MISMATCH', kindMismatchMessage(address))
  } else if (new Set(rows.map((row) => row.scimId)).size > 1) {
    freeze(
      'ROW_CONFLICT',
      `${rows.length} rows of CloudSyncMappings have the identifier ${identifier} and name different accounts`,
    )
  } else if (named.size > 1) {
    freeze(
      'IDENTIFIER_CONFLICT',
      `the identifier ${identifier} belongs to ${named.size} accounts: ${addressesOf(named).join(', ')}`,
    )
  }
}

function isOtherKind(
  mailbox: Mailbox | undefined,
  named: ReadonlySet<Account>,
  index: DirectoryIndex,
): boolean {
  if (mailbox === undefined || index.scopeReason(mailbox) !== null) return false
  const kind = kindOfMailbox(mailbox.recipientTypeDetails)
  return [...named].some((account) => account.kind !== kind)
}

function accountsWithSeveralMailboxes(index: DirectoryIndex, freezer: Freezer): void {
  for (const account of index.accounts) {
    if (hasOneIdentifier(index, account)) continue
    const mailboxes = new Set(
      [...identifiersOf(index, account)].flatMap((id) => index.mailboxesByIdentifier.all(id)),
    )
    if (mailboxes.size < 2) continue
    const claimants = [...mailboxes].map((mailbox) => mailbox.primarySmtpAddress).sort(byText)
    freezer.freeze(
      'MAILBOX_CONFLICT',
      `${mailboxes.size} mailboxes claim the account ${account.address}: ${claimants.join(', ')}`,
      account.address,
      mailboxes,
      [account],
    )
  }
}

/** The usual case, told without making a set: one row, and `ExternalAccountId` says the same or nothing. */
function hasOneIdentifier(index: DirectoryIndex, account: Account): boolean {
  const row = index.rowsByScimId.only(account.scimId)
  if (row === undefined) return !index.rowsByScimId.has(account.scimId)
  return account.externalAccountId === null || row.key === account.externalAccountId
}

// An account that is linked to a frozen mailbox must not be taken for one without a mailbox.
function freezeLinkedAccounts(index: DirectoryIndex, freezer: Freezer): void {
  for (const mailbox of freezer.mailboxes) {
    if (mailbox.identifier === null) continue
    for (const account of accountsOfIdentifier(index, mailbox.identifier)) {
      freezer.accounts.add(account)
    }
  }
}

/** The identifiers that an account is linked by: its rows' and its `ExternalAccountId`, lower case. */
export function identifiersOf(index: DirectoryIndex, account: Account): Set<string> {
  const identifiers = new Set<string>()
  for (const row of index.rowsByScimId.all(account.scimId)) {
    const key = row.key.toLowerCase()
    if (index.rowsByIdentifier.has(key)) identifiers.add(key)
  }
  const external = externalIdOf(account)
  if (external !== null && index.accountsByExternalId.has(external)) identifiers.add(external)
  return identifiers
}

function addressesOf(accounts: ReadonlySet<Account>): string[] {
  return [...accounts].map((account) => account.address).sort(byText)
}
