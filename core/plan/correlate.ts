import type { Account } from '../model/account.ts'
import { sameText } from '../model/address.ts'
import type { Mailbox } from '../model/mailbox.ts'
import type { MappingRow } from '../model/mapping.ts'
import type { Policy, Snapshot } from '../model/plan.ts'
import type { Warning } from '../model/warning.ts'
import type { IdentifiedMailbox } from '../source/scope.ts'
import { Freezer, findConflicts, identitiesOf, kindMismatchMessage } from './conflicts.ts'
import { displayNameOf, kindOfScoped } from './desired.ts'
import {
  type DirectoryIndex,
  externalIdOf,
  type KnownAccount,
  type ScopedMailbox,
} from './directory-index.ts'
import { firstOf, listOf, onlyOf } from './few.ts'
import { indexBy, type MultiIndex } from './multi-index.ts'

/** By which rule of the contract's section 6 a mailbox found its account. */
export type PairRule =
  | 'mapping_row'
  | 'identifier_in_zivver'
  | 'same_address'
  | 'former_address'
  | 'mailbox_made_again'
  | 'relinked'

interface Pair {
  readonly scoped: ScopedMailbox
  readonly known: KnownAccount
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
  readonly unmatched: readonly ScopedMailbox[]
  /** Accounts without a pair that no conflict froze. */
  readonly leftovers: ReadonlyMap<KnownAccount, Leftover>
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
  /** By the place of the mailbox among those in scope. */
  readonly #pairs: (Pair | null)[]
  /** By the place of the account. */
  readonly #isPaired: boolean[]
  readonly #snapshot: Snapshot
  readonly #index: DirectoryIndex
  readonly #policy: Policy
  readonly #freezer: Freezer

  constructor(snapshot: Snapshot, index: DirectoryIndex, policy: Policy, freezer: Freezer) {
    this.#pairs = index.scoped.map(() => null)
    this.#isPaired = index.accounts.map(() => false)
    this.#snapshot = snapshot
    this.#index = index
    this.#policy = policy
    this.#freezer = freezer
  }

  /** Rules 1 and 2. */
  matchByIdentifier(): void {
    for (const scoped of this.#index.scoped) {
      const { mailbox, identity } = scoped
      if (this.#freezer.mailboxes.has(mailbox)) continue
      // Two rows that agree (but for the case of their keys) are no conflict; several accounts would be one, and the
      // mailbox frozen.
      const known = identity.named ?? onlyOf(identity.carrier)
      if (known === undefined) continue
      if (this.#freezer.accounts.has(known.account)) {
        // It has an account, whatever becomes of the conflict: a second one must not be made.
        this.#freezer.mailboxes.add(mailbox)
        continue
      }
      this.#pair(scoped, known, known === identity.named ? 'mapping_row' : 'identifier_in_zivver')
    }
  }

  /** Rules 3 and 4, and the other kind at the mailbox's address. */
  matchByAddress(): void {
    const accounts = indexBy(this.#unpaired(), ({ account }) => account.address)
    if (accounts.size === 0) return
    for (const scoped of this.#index.scoped) {
      for (const known of accounts.all(scoped.mailbox.primarySmtpAddress)) {
        this.#considerSameAddress(scoped, known)
      }
    }
    for (const scoped of this.#index.scoped) {
      if (this.#isSettled(scoped)) continue
      this.#considerFormerAddresses(scoped, accounts)
    }
  }

  /** Accounts that are neither paired nor part of a conflict. */
  #unpaired(): readonly KnownAccount[] {
    return this.#index.accounts.filter(
      ({ account, place }) => !this.#isPaired[place] && !this.#freezer.accounts.has(account),
    )
  }

  /** The mailbox has its account, or none can be found for it in this run. */
  #isSettled({ mailbox, place }: ScopedMailbox): boolean {
    return this.#pairs[place] !== null || this.#freezer.mailboxes.has(mailbox)
  }

  #pair(scoped: ScopedMailbox, known: KnownAccount, rule: PairRule): void {
    this.#pairs[scoped.place] = { scoped, known, rule }
    this.#isPaired[known.place] = true
  }

  #considerSameAddress(scoped: ScopedMailbox, known: KnownAccount): void {
    const { account } = known
    if (this.#freezer.accounts.has(account) || this.#isPaired[known.place]) return
    const link = this.#linkOf(known)
    if (link.to === 'mailbox') return
    const { mailbox } = scoped
    const address = mailbox.primarySmtpAddress
    if (account.kind !== kindOfScoped(mailbox)) {
      this.#freezeWithPair('KIND_MISMATCH', kindMismatchMessage(address), scoped, account)
      return
    }
    if (this.#isSettled(scoped)) {
      if (link.to === 'gone') this.#freezeReused(scoped, account, link.row)
      return
    }
    if (link.to === 'nobody') this.#pair(scoped, known, 'same_address')
    else if (this.#policy.relink.has(address)) this.#pair(scoped, known, 'relinked')
    else if (link.to === 'gone' && isMadeAgain(link.row, mailbox)) {
      this.#pair(scoped, known, 'mailbox_made_again')
    } else {
      if (link.to === 'elsewhere') this.#freezer.warnings.push(linkedElsewhere(account))
      this.#freezeWithPair(
        'ADDRESS_REUSED',
        `${address} is the address of an account that belongs to another mailbox (${
          link.to === 'gone' ? `${link.row.displayName}, gone` : 'of another tenant'
        }); both stay as they are until "relink" names the address`,
        scoped,
        account,
      )
    }
  }

  // This account cannot pass to the mailbox; but one whose address is in use again is not plainly a leaver's.
  #freezeReused(scoped: ScopedMailbox, account: Account, row: MappingRow): void {
    const address = scoped.mailbox.primarySmtpAddress
    this.#freezeWithPair(
      'ADDRESS_REUSED',
      `${address} is the address of an account whose mailbox is gone (${row.displayName}), and of a mailbox that cannot take it over (it has another account, or is part of a conflict); all of them stay as they are until the address is free in Zivver`,
      scoped,
      account,
    )
  }

  #considerFormerAddresses(scoped: ScopedMailbox, accounts: MultiIndex<KnownAccount>): void {
    const { mailbox } = scoped
    const kind = kindOfScoped(mailbox)
    const candidates = mailbox.secondarySmtpAddresses
      .filter((address) => accounts.has(address) && this.#isOnlyOf(mailbox, address))
      .flatMap((address) => accounts.all(address))
      .filter(
        (known) =>
          known.account.kind === kind &&
          !this.#isPaired[known.place] &&
          !this.#freezer.accounts.has(known.account) &&
          this.#linkOf(known).to === 'nobody',
      )
    const [known] = candidates
    if (known === undefined) return
    if (candidates.length === 1) {
      this.#pair(scoped, known, 'former_address')
      return
    }
    this.#freezer.freeze(
      'ACCOUNT_AMBIGUOUS',
      `${candidates.length} unlinked accounts have a former address of ${mailbox.primarySmtpAddress}: ${candidates
        .map(({ account }) => account.address)
        .join(', ')}`,
      mailbox.primarySmtpAddress,
      [mailbox],
      candidates.map(({ account }) => account),
    )
  }

  #isOnlyOf(mailbox: Mailbox, address: string): boolean {
    return (
      !this.#index.mailboxesByPrimary().has(address) &&
      this.#index
        .mailboxesBySecondary()
        .all(address)
        .every((other) => other === mailbox)
    )
  }

  /** Who an account belongs to, by everything but its address. */
  #linkOf(known: KnownAccount): Link {
    const identities = identitiesOf(this.#index, known)
    for (const { identifier, mailbox } of identities) {
      const first = firstOf(mailbox)
      if (first !== undefined) return { to: 'mailbox', mailbox: first, identifier }
    }
    // A reset links afresh by address, whatever identifier an account carries.
    if (!this.#policy.resetAccountMapping && this.#isElsewhere(known)) return { to: 'elsewhere' }
    for (const { identifier, row: rows } of identities) {
      const row = listOf(rows).find(({ scimId }) => scimId === known.account.scimId)
      if (row === undefined) continue
      // Absence counts only where Exchange confirmed it (contract, section 6).
      return this.#snapshot.absentIdentifiers.has(identifier)
        ? { to: 'gone', row }
        : { to: 'elsewhere' }
    }
    return { to: 'nobody' }
  }

  /** It carries a GUID that no mailbox of the tenant has and that none of its own rows tells. */
  #isElsewhere({ account, rows }: KnownAccount): boolean {
    const external = externalIdOf(account)
    if (external === null || !guid.test(external)) return false
    const isOurs = listOf(rows).some(({ key }) => key.toLowerCase() === external)
    return !isOurs && this.#index.identities.get(external)?.mailbox === undefined
  }

  #freezeWithPair(
    code: 'KIND_MISMATCH' | 'ADDRESS_REUSED',
    message: string,
    { mailbox, place }: ScopedMailbox,
    account: Account,
  ): void {
    const own = this.#pairs[place]?.known.account
    this.#freezer.freeze(
      code,
      message,
      mailbox.primarySmtpAddress,
      [mailbox],
      own === undefined ? [account] : [account, own],
    )
    this.#pairs[place] = null
  }

  result(): Correlation {
    const leftovers = new Map<KnownAccount, Leftover>()
    for (const known of this.#unpaired()) leftovers.set(known, this.#leftoverOf(known))
    return {
      pairs: this.#pairs.filter((pair) => pair !== null),
      unmatched: this.#index.scoped.filter((scoped) => !this.#isSettled(scoped)),
      leftovers,
      freezer: this.#freezer,
    }
  }

  #leftoverOf(known: KnownAccount): Leftover {
    const link = this.#linkOf(known)
    // Another installation may manage it: never suspended, whatever a row or a reset says.
    if (link.to === 'elsewhere' || this.#isElsewhere(known)) return { type: 'elsewhere' }
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
    return this.#unlinked(known.account)
  }

  #unlinked(account: Account): Leftover {
    const holders = [
      ...this.#index.mailboxesByPrimary().all(account.address),
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
    sameText(row.displayName, displayNameOf(mailbox))
  )
}
