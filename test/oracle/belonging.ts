/** Section 6 of the contract: which account belongs to which mailbox, and what a conflict freezes. */
import type { Facts } from './facts.ts'
import type { AccountView, OracleRow } from './model.ts'
import type { Mailbox } from './scope.ts'
import { isSameText } from './text.ts'

export class Belonging {
  /** The account of each mailbox in scope that has one; also of frozen ones, where it is clear. */
  readonly accountOf = new Map<Mailbox, AccountView>()
  readonly frozenMailboxes = new Set<Mailbox>()
  readonly frozenAccounts = new Set<AccountView>()

  freeze(mailboxes: Iterable<Mailbox>, accounts: Iterable<AccountView>): void {
    for (const mailbox of mailboxes) this.frozenMailboxes.add(mailbox)
    for (const account of accounts) this.frozenAccounts.add(account)
  }

  ownerOf(account: AccountView): Mailbox | undefined {
    return [...this.accountOf].find(([, owned]) => owned === account)?.[0]
  }
}

/** Applies the rules in their order; the first one that finds an account wins. */
export function belonging(facts: Facts): Belonging {
  const found = new Belonging()
  if (facts.knowsIdentifiers) matchByIdentifier(facts, found)
  const inScope = facts.mailboxes.filter((mailbox) => mailbox.inScope)
  freezeSharedPrimaries(facts, found, inScope)
  for (const mailbox of inScope) matchByAddress(facts, found, mailbox)
  for (const mailbox of inScope) {
    if (!found.accountOf.has(mailbox) && !found.frozenMailboxes.has(mailbox)) {
      matchByAlias(facts, found, mailbox)
    }
  }
  freezeSharedAccounts(found)
  return found
}

/**
 * Rules 1 and 2, and the conflicts they can show. A mailbox that is not in scope counts as absent, so that its kind
 * cannot be the wrong one; but its identifier can still name two accounts.
 */
function matchByIdentifier(facts: Facts, found: Belonging): void {
  for (const identifier of facts.identifiers()) {
    const mailbox = facts.mailboxOf(identifier)
    const accounts = facts.namedBy(identifier)
    const [account, another] = accounts
    const rowsDiffer = new Set(facts.rowsOf(identifier).map(({ scimId }) => scimId)).size > 1
    const isOfOtherKind =
      mailbox?.inScope === true && accounts.some(({ kind }) => kind !== mailbox.kind)
    if (another !== undefined || rowsDiffer || isOfOtherKind) {
      found.freeze(mailbox === undefined ? [] : [mailbox], accounts)
    } else if (mailbox?.inScope === true && account !== undefined) {
      found.accountOf.set(mailbox, account)
    }
  }
  for (const account of facts.before.accounts) {
    const linked = facts.linkedMailboxes(account)
    if (linked.length > 1) found.freeze(linked, [account])
  }
  for (const [mailbox, account] of found.accountOf) {
    if (found.frozenAccounts.has(account)) found.freeze([mailbox], [])
  }
}

function freezeSharedPrimaries(facts: Facts, found: Belonging, inScope: readonly Mailbox[]): void {
  for (const mailbox of inScope) {
    const twins = inScope.filter(({ primary }) => primary === mailbox.primary)
    const account = facts.accountAt(mailbox.primary)
    if (twins.length > 1) found.freeze(twins, account === undefined ? [] : [account])
  }
}

/** Rule 3, "made again", and the other kind at the address. */
function matchByAddress(facts: Facts, found: Belonging, mailbox: Mailbox): void {
  const account = facts.accountAt(mailbox.primary)
  if (account === undefined || found.frozenAccounts.has(account)) return
  if (found.accountOf.get(mailbox) === account) return
  if (facts.linkedMailboxes(account).some((linked) => linked !== mailbox)) return
  const canTakeIt = !found.accountOf.has(mailbox) && !found.frozenMailboxes.has(mailbox)
  if (account.kind !== mailbox.kind) {
    found.freeze([mailbox], [account])
  } else if (canTakeIt && mayTake(facts, account, mailbox)) {
    found.accountOf.set(mailbox, account)
  } else if (canTakeIt || facts.lostRow(account) !== undefined) {
    // An account whose mailbox is gone and whose address is in use again is not plainly a leaver's.
    found.freeze([mailbox], [account])
  }
}

/** It is nobody's; or the same person's, made again; or somebody has said that it may pass. */
function mayTake(facts: Facts, account: AccountView, mailbox: Mailbox): boolean {
  if (facts.mayPass(account.address)) return true
  if (facts.isLinkedElsewhere(account)) return false
  const row = facts.lostRow(account)
  return row === undefined || isSamePerson(row, mailbox)
}

function isSamePerson({ active, kind, displayName }: OracleRow, mailbox: Mailbox): boolean {
  return active && kind === mailbox.kind && isSameText(displayName, mailbox.displayName)
}

/** Rule 4. Two accounts for one mailbox are as much a conflict as the reverse. */
function matchByAlias(facts: Facts, found: Belonging, mailbox: Mailbox): void {
  const accounts = facts.before.accounts.filter(
    (account) =>
      account.kind === mailbox.kind &&
      mailbox.secondary.includes(account.address) &&
      facts.mailboxesWith(account.address).length === 1 &&
      isUnlinked(facts, account),
  )
  const [account, another] = accounts
  if (another !== undefined) found.freeze([mailbox], accounts)
  else if (account !== undefined) found.accountOf.set(mailbox, account)
}

/** No row, no identifier of this tenant, nobody else's; with a reset, nothing of these is known. */
function isUnlinked(facts: Facts, account: AccountView): boolean {
  if (!facts.knowsIdentifiers) return true
  return (
    facts.linkedMailboxes(account).length === 0 &&
    facts.lostRow(account) === undefined &&
    !facts.isLinkedElsewhere(account)
  )
}

function freezeSharedAccounts(found: Belonging): void {
  const owners = Map.groupBy(found.accountOf.keys(), (mailbox) => found.accountOf.get(mailbox))
  for (const [account, mailboxes] of owners) {
    if (account !== undefined && mailboxes.length > 1) found.freeze(mailboxes, [account])
  }
}
