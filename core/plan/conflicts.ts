import type { WarningCode } from '../errors.ts'
import type { Account } from '../model/account.ts'
import { byText } from '../model/address.ts'
import { kindOfMailbox, type Mailbox } from '../model/mailbox.ts'
import type { Warning } from '../model/warning.ts'
import {
  type DirectoryIndex,
  externalIdOf,
  type Identity,
  type KnownAccount,
} from './directory-index.ts'
import { isSeveral, listOf, onlyOf } from './few.ts'
import { indexBy } from './multi-index.ts'

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

/** Accounts that an identifier leads to: by mapping rows (rule 1) and by `ExternalAccountId` (rule 2). */
function accountsOf({ row, carrier }: Identity, index: DirectoryIndex): Set<Account> {
  const accounts = new Set<Account>()
  for (const { scimId } of listOf(row)) {
    const known = index.accountById(scimId)
    if (known !== undefined) accounts.add(known.account)
  }
  for (const { account } of listOf(carrier)) accounts.add(account)
  return accounts
}

/** Finds every conflict that identifiers and primary addresses show before any account is looked for by address. */
export function findConflicts(index: DirectoryIndex, freezer: Freezer): void {
  sharedPrimaryAddresses(index, freezer)
  identifiersWithSeveralAccounts(index, freezer)
  accountsWithSeveralMailboxes(index, freezer)
  freezeLinkedAccounts(index, freezer)
}

function sharedPrimaryAddresses(index: DirectoryIndex, freezer: Freezer): void {
  const shared = index.sharedPrimaries
  if (shared.size === 0) return
  const accounts = index.accounts.map(({ account }) => account)
  const accountsAt = indexBy(
    accounts.filter(({ address }) => shared.has(address)),
    ({ address }) => address,
  )
  for (const address of shared) {
    const mailboxes = index.mailboxesByPrimary().all(address)
    freezer.freeze(
      'ADDRESS_CONFLICT',
      `${mailboxes.length} mailboxes have the primary address ${address}; none of them is synchronised`,
      address,
      mailboxes,
      accountsAt.all(address),
    )
  }
}

function identifiersWithSeveralAccounts(index: DirectoryIndex, freezer: Freezer): void {
  for (const identity of index.identities.values()) {
    if (isDoubtful(identity)) judgeIdentity(identity, index, freezer)
  }
}

/** The identifier may lead to several accounts, several mailboxes, or an account of the other kind. */
function isDoubtful({ mailbox, place, row, named, carrier }: Identity): boolean {
  if (isSeveral(mailbox) || isSeveral(row) || isSeveral(carrier)) return true
  if (named !== undefined && carrier !== undefined && named !== carrier) return true
  const known = named ?? carrier
  if (place === null || mailbox === undefined || known === undefined) return false
  return known.account.kind !== kindOfMailbox(mailbox.recipientTypeDetails)
}

function judgeIdentity(identity: Identity, index: DirectoryIndex, freezer: Freezer): void {
  const { identifier } = identity
  const mailboxes = listOf(identity.mailbox)
  const rows = listOf(identity.row)
  const named = accountsOf(identity, index)
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
  for (const known of index.accounts) {
    if (hasOneIdentifier(known)) continue
    const mailboxes = new Set(
      identitiesOf(index, known).flatMap((identity) => listOf(identity.mailbox)),
    )
    if (mailboxes.size < 2) continue
    const { account } = known
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

/** The usual case, told without making a list: one row, and `ExternalAccountId` says the same or nothing. */
function hasOneIdentifier({ account, rows }: KnownAccount): boolean {
  const row = onlyOf(rows)
  if (row === undefined) return rows === undefined
  return account.externalAccountId === null || row.key === account.externalAccountId
}

// An account that is linked to a frozen mailbox must not be taken for one without a mailbox.
function freezeLinkedAccounts(index: DirectoryIndex, freezer: Freezer): void {
  for (const { identifier } of freezer.mailboxes) {
    const identity = identifier === null ? undefined : index.identities.get(identifier)
    if (identity === undefined) continue
    for (const account of accountsOf(identity, index)) freezer.accounts.add(account)
  }
}

/** What an account is linked by: the identifiers of its rows, and its `ExternalAccountId`. */
export function identitiesOf(
  index: DirectoryIndex,
  { account, rows }: KnownAccount,
): readonly Identity[] {
  const identities = new Set<Identity>()
  for (const { key } of listOf(rows)) {
    const identity = index.identities.get(key.toLowerCase())
    if (identity?.row !== undefined) identities.add(identity)
  }
  const external = externalIdOf(account)
  const identity = external === null ? undefined : index.identities.get(external)
  if (identity?.carrier !== undefined) identities.add(identity)
  return [...identities]
}

function addressesOf(accounts: ReadonlySet<Account>): string[] {
  return [...accounts].map((account) => account.address).sort(byText)
}
