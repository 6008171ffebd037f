import type { WarningCode } from '../errors.ts'
import type { Account } from '../model/account.ts'
import { byText } from '../model/address.ts'
import { kindOfMailbox, type Mailbox } from '../model/mailbox.ts'
import type { Warning } from '../model/warning.ts'
import type { DirectoryIndex } from './directory-index.ts'

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
export function accountsOfIdentifier(index: DirectoryIndex, identifier: string): Set<Account> {
  const named = new Set<Account>()
  for (const row of index.rowsByIdentifier.get(identifier) ?? []) {
    const account = index.accountsById.get(row.scimId)
    if (account !== undefined) named.add(account)
  }
  for (const account of index.accountsByExternalId.get(identifier) ?? []) named.add(account)
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
  for (const [address, mailboxes] of index.mailboxesByPrimary) {
    if (mailboxes.length < 2) continue
    freezer.freeze(
      'ADDRESS_CONFLICT',
      `${mailboxes.length} mailboxes have the primary address ${address}; none of them is synchronised`,
      address,
      mailboxes,
      index.accountsByAddress.get(address) ?? [],
    )
  }
}

function identifiersWithSeveralAccounts(index: DirectoryIndex, freezer: Freezer): void {
  const identifiers = new Set([
    ...index.rowsByIdentifier.keys(),
    ...index.accountsByExternalId.keys(),
    ...[...index.mailboxesByIdentifier].flatMap(([id, boxes]) => (boxes.length > 1 ? [id] : [])),
  ])
  for (const identifier of identifiers) {
    const mailboxes = index.mailboxesByIdentifier.get(identifier) ?? []
    const named = accountsOfIdentifier(index, identifier)
    const rows = index.rowsByIdentifier.get(identifier) ?? []
    const address = mailboxes[0]?.primarySmtpAddress ?? [...named][0]?.address ?? ''
    if (mailboxes.length > 1) {
      freezer.freeze(
        'MAILBOX_CONFLICT',
        `${mailboxes.length} mailboxes have the identifier ${identifier}`,
        address,
        mailboxes,
        named,
      )
    }
    const mailbox = mailboxes[0]
    const kind = mailbox === undefined ? null : kindOfMailbox(mailbox.recipientTypeDetails)
    const inScope = mailbox !== undefined && index.scopeReason(mailbox) === null
    if (inScope && [...named].some((account) => account.kind !== kind)) {
      freezer.freeze('KIND_MISMATCH', kindMismatchMessage(address), address, mailboxes, named)
    } else if (new Set(rows.map((row) => row.scimId)).size > 1) {
      freezer.freeze(
        'ROW_CONFLICT',
        `${rows.length} rows of CloudSyncMappings have the identifier ${identifier} and name different accounts`,
        address,
        mailboxes,
        named,
      )
    } else if (named.size > 1) {
      freezer.freeze(
        'IDENTIFIER_CONFLICT',
        `the identifier ${identifier} belongs to ${named.size} accounts: ${addressList(named)}`,
        address,
        mailboxes,
        named,
      )
    }
  }
}

function accountsWithSeveralMailboxes(index: DirectoryIndex, freezer: Freezer): void {
  for (const account of index.accounts) {
    const mailboxes = new Set<Mailbox>()
    for (const identifier of identifiersOf(index, account)) {
      for (const mailbox of index.mailboxesByIdentifier.get(identifier) ?? []) {
        mailboxes.add(mailbox)
      }
    }
    if (mailboxes.size < 2) continue
    freezer.freeze(
      'MAILBOX_CONFLICT',
      `${mailboxes.size} mailboxes claim the account ${account.address}: ${[...mailboxes]
        .map((mailbox) => mailbox.primarySmtpAddress)
        .sort(byText)
        .join(', ')}`,
      account.address,
      mailboxes,
      [account],
    )
  }
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
  for (const row of index.rowsByScimId.get(account.scimId) ?? []) {
    const key = row.key.toLowerCase()
    if (index.rowsByIdentifier.has(key)) identifiers.add(key)
  }
  const external = account.externalAccountId?.toLowerCase()
  if (external !== undefined && index.accountsByExternalId.has(external)) identifiers.add(external)
  return identifiers
}

function addressList(accounts: ReadonlySet<Account>): string {
  return [...accounts]
    .map((account) => account.address)
    .sort(byText)
    .join(', ')
}
