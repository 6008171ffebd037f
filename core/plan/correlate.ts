import type { Account } from '../model/account.ts'
import { fold } from '../model/address.ts'
import type { Mailbox } from '../model/mailbox.ts'
import type { MappingRow } from '../model/mapping.ts'
import type { Policy, Snapshot } from '../model/plan.ts'
import type { Warning } from '../model/warning.ts'
import type { IdentifiedMailbox } from '../source/scope.ts'
import { Freezer, findConflicts, identifiersOf, kindMismatchMessage } from './conflicts.ts'
import { displayNameOf, kindOfScoped } from './desired.ts'
import { type DirectoryIndex, externalIdOf } from './directory-index.ts'

/** By which rule of the contract's section 6 a mailbox found its account. */
export type PairRule =
  | 'mapping_row'
  | 'identifier_in_zivver'
  | 'same_address'
  | 'former_address'
  | 'mailbox_made_again'
  | 'relinked'

interface Pair {
  readonly mailbox: IdentifiedMailbox
  readonly account: Account
  readonly rule: PairRule
}

/** What an account without a pair is. */
export type Leftover =
  | { readonly type: 'linked_out_of_scope'; readonly identifier: string; readonly reason: string }
  | { readonly type: 'no_mailbox' }
  | { readonly type: 'elsewhere' }
  | { readonly type: 'address_out_of_scope'; readonly mailbox: Mailbox; readonly reason: string }
  | { readonly type: 'address_of_mailbox' }

/**
 * Which account belongs to which mailbox (contract, section 6). For an in-scope mailbox M, the first rule wins:
 *
 * | rule | row M → A | A.ExternalAccountId = M | A.address = M.primary | A.address ∈ M.secondary | A is else linked to |
 * |---|---|---|---|---|---|
 * | 1 | yes | yes or not another's | | | no other mailbox of the tenant |
 * | 2 | no | yes | | | no other mailbox of the tenant |
 * | 3 | no | no | yes | | nobody; or a gone mailbox with M's kind and name whose row is active; or `relink` |
 * | 4 | no | no | no | yes, and of no other mailbox | nobody |
 */
export interface Correlation {
  readonly pairs: readonly Pair[]
  /** In-scope mailboxes without an account. */
  readonly unmatched: readonly IdentifiedMailbox[]
  /** Accounts without a pair that no conflict froze. */
  readonly leftovers: ReadonlyMap<Account, Leftover>
  readonly freezer: Freezer
}

export function correlate(snapshot: Snapshot, index: DirectoryIndex, policy: Policy): Correlation {
  const freezer = new Freezer()
  findConflicts(index, freezer)
  const matcher = new Matcher(snapshot, index, policy, freezer)
  matcher.matchByIdentifier()
  matcher.matchByAddress()
  return matcher.result()
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

type Link =
  | { readonly to: 'nobody' }
  | { readonly to: 'mailbox'; readonly mailbox: Mailbox; readonly identifier: string }
  | { readonly to: 'gone'; readonly row: MappingRow }
  | { readonly to: 'elsewhere' }

class Matcher {
  readonly #pairs = new Map<IdentifiedMailbox, Pair>()
  readonly #paired = new Set<Account>()
  readonly #snapshot: Snapshot
  readonly #index: DirectoryIndex
  readonly #policy: Policy
  readonly #freezer: Freezer

  constructor(snapshot: Snapshot, index: DirectoryIndex, policy: Policy, freezer: Freezer) {
    this.#snapshot = snapshot
    this.#index = index
    this.#policy = policy
    this.#freezer = freezer
  }

  /** Rules 1 and 2. */
  matchByIdentifier(): void {
    for (const mailbox of this.#index.scoped) {
      if (this.#freezer.mailboxes.has(mailbox)) continue
      const byRow = this.#accountOfRow(mailbox.identifier)
      // Several accounts would be a conflict, and the mailbox frozen.
      const account = byRow ?? this.#index.accountsByExternalId.only(mailbox.identifier)
      if (account === undefined) continue
      if (this.#freezer.accounts.has(account)) {
        // It has an account, whatever becomes of the conflict: a second one must not be made.
        this.#freezer.mailboxes.add(mailbox)
        continue
      }
      this.#pair(mailbox, account, byRow === undefined ? 'identifier_in_zivver' : 'mapping_row')
    }
  }

  #accountOfRow(identifier: string): Account | undefined {
    // Two rows that agree (but for the case of their keys) are no conflict.
    const row = this.#index.rowsByIdentifier.all(identifier)[0]
    return row === undefined ? undefined : this.#index.accountsById.get(row.scimId)
  }

  /** Rules 3 and 4, and the other kind at the mailbox's address. */
  matchByAddress(): void {
    for (const mailbox of this.#index.scoped) {
      for (const account of this.#index.accountsByAddress.all(mailbox.primarySmtpAddress)) {
        this.#considerSameAddress(mailbox, account)
      }
    }
    for (const mailbox of this.#index.scoped) {
      if (this.#freezer.mailboxes.has(mailbox) || this.#pairs.has(mailbox)) continue
      this.#considerFormerAddresses(mailbox)
    }
  }

  #pair(mailbox: IdentifiedMailbox, account: Account, rule: PairRule): void {
    this.#pairs.set(mailbox, { mailbox, account, rule })
    this.#paired.add(account)
  }

  #considerSameAddress(mailbox: IdentifiedMailbox, account: Account): void {
    if (this.#freezer.accounts.has(account) || this.#paired.has(account)) return
    const link = this.#linkOf(account)
    if (link.to === 'mailbox') return
    const address = mailbox.primarySmtpAddress
    if (account.kind !== kindOfScoped(mailbox)) {
      this.#freezeWithPair('KIND_MISMATCH', kindMismatchMessage(address), mailbox, account)
      return
    }
    if (this.#pairs.has(mailbox) || this.#freezer.mailboxes.has(mailbox)) {
      if (link.to === 'gone') this.#freezeReused(mailbox, account, link.row)
      return
    }
    if (link.to === 'nobody') this.#pair(mailbox, account, 'same_address')
    else if (this.#policy.relink.has(address)) this.#pair(mailbox, account, 'relinked')
    else if (link.to === 'gone' && isMadeAgain(link.row, mailbox)) {
      this.#pair(mailbox, account, 'mailbox_made_again')
    } else {
      if (link.to === 'elsewhere') this.#freezer.warnings.push(linkedElsewhere(account))
      this.#freezeWithPair(
        'ADDRESS_REUSED',
        `${address} is the address of an account that belongs to another mailbox (${
          link.to === 'gone' ? `${link.row.displayName}, gone` : 'of another tenant'
        }); both stay as they are until "relink" names the address`,
        mailbox,
        account,
      )
    }
  }

  // This account cannot pass to the mailbox; but one whose address is in use again is not plainly a leaver's.
  #freezeReused(mailbox: IdentifiedMailbox, account: Account, row: MappingRow): void {
    const address = mailbox.primarySmtpAddress
    this.#freezeWithPair(
      'ADDRESS_REUSED',
      `${address} is the address of an account whose mailbox is gone (${row.displayName}), and of a mailbox that cannot take it over (it has another account, or is part of a conflict); all of them stay as they are until the address is free in Zivver`,
      mailbox,
      account,
    )
  }

  #considerFormerAddresses(mailbox: IdentifiedMailbox): void {
    const kind = kindOfScoped(mailbox)
    const candidates = mailbox.secondarySmtpAddresses
      .filter((address) => this.#isOnlyOf(mailbox, address))
      .flatMap((address) => this.#index.accountsByAddress.all(address))
      .filter(
        (account) =>
          account.kind === kind &&
          !this.#paired.has(account) &&
          !this.#freezer.accounts.has(account) &&
          this.#linkOf(account).to === 'nobody',
      )
    const [account] = candidates
    if (account === undefined) return
    if (candidates.length === 1) {
      this.#pair(mailbox, account, 'former_address')
      return
    }
    this.#freezer.freeze(
      'ACCOUNT_AMBIGUOUS',
      `${candidates.length} unlinked accounts have a former address of ${mailbox.primarySmtpAddress}: ${candidates
        .map((candidate) => candidate.address)
        .join(', ')}`,
      mailbox.primarySmtpAddress,
      [mailbox],
      candidates,
    )
  }

  #isOnlyOf(mailbox: Mailbox, address: string): boolean {
    return (
      !this.#index.mailboxesByPrimary.has(address) &&
      this.#index
        .mailboxesBySecondary()
        .all(address)
        .every((other) => other === mailbox)
    )
  }

  /** Who an account belongs to, by everything but its address. */
  #linkOf(account: Account): Link {
    const identifiers = identifiersOf(this.#index, account)
    for (const identifier of identifiers) {
      const mailbox = this.#index.mailboxesByIdentifier.all(identifier)[0]
      if (mailbox !== undefined) return { to: 'mailbox', mailbox, identifier }
    }
    // A reset links afresh by address, whatever identifier an account carries.
    if (!this.#policy.resetAccountMapping && this.#isElsewhere(account)) return { to: 'elsewhere' }
    for (const identifier of identifiers) {
      const row = this.#index.rowsByIdentifier
        .all(identifier)
        .find((candidate) => candidate.scimId === account.scimId)
      if (row === undefined) continue
      // Absence counts only where Exchange confirmed it (contract, section 6).
      return this.#snapshot.absentIdentifiers.has(identifier)
        ? { to: 'gone', row }
        : { to: 'elsewhere' }
    }
    return { to: 'nobody' }
  }

  /** It carries a GUID that no mailbox of the tenant has and that none of its own rows tells. */
  #isElsewhere(account: Account): boolean {
    const external = externalIdOf(account)
    if (external === null || !guid.test(external)) return false
    const isOurs = this.#index.rowsByScimId
      .all(account.scimId)
      .some(({ key }) => key.toLowerCase() === external)
    return !isOurs && !this.#index.mailboxesByIdentifier.has(external)
  }

  #freezeWithPair(
    code: 'KIND_MISMATCH' | 'ADDRESS_REUSED',
    message: string,
    mailbox: IdentifiedMailbox,
    account: Account,
  ): void {
    const own = this.#pairs.get(mailbox)?.account
    this.#freezer.freeze(
      code,
      message,
      mailbox.primarySmtpAddress,
      [mailbox],
      own === undefined ? [account] : [account, own],
    )
    this.#pairs.delete(mailbox)
  }

  result(): Correlation {
    const leftovers = new Map<Account, Leftover>()
    for (const account of this.#index.accounts) {
      if (this.#freezer.accounts.has(account) || this.#paired.has(account)) continue
      leftovers.set(account, this.#leftoverOf(account))
    }
    return {
      pairs: [...this.#pairs.values()],
      unmatched: this.#index.scoped.filter(
        (mailbox) => !this.#pairs.has(mailbox) && !this.#freezer.mailboxes.has(mailbox),
      ),
      leftovers,
      freezer: this.#freezer,
    }
  }

  #leftoverOf(account: Account): Leftover {
    const link = this.#linkOf(account)
    // Another installation may manage it: never suspended, whatever a row or a reset says.
    if (link.to === 'elsewhere' || this.#isElsewhere(account)) return { type: 'elsewhere' }
    if (link.to === 'gone') {
      return {
        type: 'linked_out_of_scope',
        identifier: link.row.key.toLowerCase(),
        reason: 'no_mailbox',
      }
    }
    if (link.to === 'mailbox') {
      const reason = this.#index.scopeReason(link.mailbox)
      // In scope yet unpaired: the mailbox is frozen, or lost its account to a conflict.
      return reason === null
        ? { type: 'address_of_mailbox' }
        : { type: 'linked_out_of_scope', identifier: link.identifier, reason }
    }
    return this.#unlinked(account)
  }

  #unlinked(account: Account): Leftover {
    const holders = [
      ...this.#index.mailboxesByPrimary.all(account.address),
      ...this.#index.mailboxesBySecondary().all(account.address),
    ]
    const outside = holders.find((mailbox) => this.#index.scopeReason(mailbox) !== null)
    if (outside !== undefined) {
      const reason = this.#index.scopeReason(outside) ?? ''
      return { type: 'address_out_of_scope', mailbox: outside, reason }
    }
    return holders.length > 0 ? { type: 'address_of_mailbox' } : { type: 'no_mailbox' }
  }
}

/** An account that carries an identifier which neither the tenant nor our table knows. */
export function linkedElsewhere(account: Account): Warning {
  return {
    code: 'LINKED_ELSEWHERE',
    message: `${account.address} carries the identifier ${account.externalAccountId ?? ''}, which this tenant does not know; another installation may manage it, so it is left alone`,
    address: account.address,
  }
}

// Contract, section 6, "made again": a new employee must not inherit a leaver's mail, so the account passes on
// without asking only to a mailbox that is recognisably the same person's.
function isMadeAgain(row: MappingRow, mailbox: IdentifiedMailbox): boolean {
  return (
    row.active &&
    row.kind === kindOfScoped(mailbox) &&
    fold(row.displayName) === fold(displayNameOf(mailbox))
  )
}
