import type { Account } from '../model/account.ts'
import { byText } from '../model/address.ts'
import type { DelegateRef } from '../model/change.ts'
import type { Delegation } from '../model/mailbox.ts'
import type { DirectoryIndex } from './directory-index.ts'
import type { Wish, Wishes } from './wishes.ts'

/** What a delegate's mailbox can offer as an account in this run. */
type Availability =
  | { readonly type: 'account'; readonly ref: DelegateRef; readonly afterItsChange: boolean }
  /** It has an account that cannot be named now: not added, and not removed where it is. */
  | { readonly type: 'kept' }
  /** Its account is part of a conflict: something about this delegation is unknown. */
  | { readonly type: 'uncertain' }

/** By identifier of the delegate's mailbox. */
export type DelegateAvailability = ReadonlyMap<string, Availability>

/** One account's delegates, compared by account. */
export interface DelegateComparison {
  readonly differs: boolean
  /** Complete list to write, sorted by address. */
  readonly wanted: readonly DelegateRef[]
  /** Addresses to show, sorted. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Identifiers of delegates whose own create or reactivation must come first. */
  readonly needs: readonly string[]
}

const nothing: DelegateComparison = { differs: false, wanted: [], before: [], after: [], needs: [] }

export function delegateAvailability(wishes: Wishes, index: DirectoryIndex): DelegateAvailability {
  const availability = new Map<string, Availability>()
  for (const mailbox of index.scoped) availability.set(mailbox.identifier, { type: 'uncertain' })
  for (const wish of wishes.wishes) {
    if (wish.desired.kind === 'user') availability.set(wish.desired.identifier, ofWish(wish))
  }
  for (const wish of wishes.protectedPairs) {
    if (wish.desired.kind !== 'user') continue
    const found: Availability =
      wish.account?.active === true ? existing(wish, wish.account) : { type: 'kept' }
    availability.set(wish.desired.identifier, found)
  }
  for (const wish of wishes.byHand) availability.set(wish.desired.identifier, { type: 'kept' })
  return availability
}

function ofWish(wish: Wish): Availability {
  if (wish.account !== null && wish.action === 'update') return existing(wish, wish.account)
  if (!wish.allowed) return { type: 'kept' }
  return {
    type: 'account',
    afterItsChange: true,
    ref: {
      identifier: wish.desired.identifier,
      scimId: wish.account?.scimId ?? null,
      address: wish.account?.address ?? wish.desired.address,
    },
  }
}

function existing(wish: Wish, account: Account): Availability {
  return {
    type: 'account',
    afterItsChange: false,
    ref: {
      identifier: wish.desired.identifier,
      scimId: account.scimId,
      address: account.address,
    },
  }
}

/**
 * Compares an account's delegates with its mailbox's Full Access. While something is unknown, certain delegates
 * are added and none is removed (contract, section 5).
 * @param delegation `undefined` when delegates are not read: nothing differs and what is there is carried over
 */
export function compareDelegates(
  account: Account | null,
  delegation: Delegation | undefined,
  availability: DelegateAvailability,
  owners: ReadonlyMap<string, Account>,
  accountsById: ReadonlyMap<string, Account>,
): DelegateComparison {
  const hasCurrent = account !== null && account.delegates.length > 0
  const hasWanted = delegation !== undefined && delegation.delegates.length > 0
  if (!hasCurrent && !hasWanted) return nothing
  const current = currentDelegates(account, owners, accountsById)
  if (delegation === undefined) return unchanged(current)
  const wanted = new Map<string, DelegateRef>()
  const needs: string[] = []
  let isUncertain = delegation.unknown.length > 0
  const kept = new Set<string>()
  for (const identifier of delegation.delegates) {
    const found = availability.get(identifier)
    if (found === undefined || found.type === 'uncertain') isUncertain = true
    else if (found.type === 'kept') kept.add(identifier)
    else {
      wanted.set(keyOf(found.ref), found.ref)
      if (found.afterItsChange) needs.push(identifier)
    }
  }
  for (const [key, ref] of current) {
    if (!wanted.has(key) && (isUncertain || mayStay(ref, kept, accountsById))) wanted.set(key, ref)
  }
  const differs =
    wanted.size !== current.size || [...wanted.keys()].some((key) => !current.has(key))
  return {
    differs,
    wanted: sorted(wanted),
    before: addressesOf(current),
    after: addressesOf(wanted),
    needs: needs.sort(byText),
  }
}

// A delegate whose mailbox still has the right but whose account is suspended by hand: it cannot be named anew,
// and taking it away would be a change nobody asked for.
function mayStay(
  ref: DelegateRef,
  kept: ReadonlySet<string>,
  accountsById: ReadonlyMap<string, Account>,
): boolean {
  if (kept.size === 0 || ref.scimId === null) return false
  return accountsById.get(ref.scimId)?.active === false
}

function unchanged(current: ReadonlyMap<string, DelegateRef>): DelegateComparison {
  const addresses = addressesOf(current)
  return { differs: false, wanted: sorted(current), before: addresses, after: addresses, needs: [] }
}

function currentDelegates(
  account: Account | null,
  owners: ReadonlyMap<string, Account>,
  accountsById: ReadonlyMap<string, Account>,
): Map<string, DelegateRef> {
  const current = new Map<string, DelegateRef>()
  for (const text of account?.delegates ?? []) {
    const found = account?.kind === 'user' ? owners.get(text) : accountsById.get(text)
    const ref: DelegateRef = {
      identifier: null,
      scimId: found?.scimId ?? (account?.kind === 'functional' ? text : null),
      address: found?.address ?? text,
    }
    current.set(keyOf(ref), ref)
  }
  return current
}

function keyOf(ref: DelegateRef): string {
  return ref.scimId ?? ref.identifier ?? ref.address
}

function sorted(refs: ReadonlyMap<string, DelegateRef>): readonly DelegateRef[] {
  return [...refs.values()].sort((left, right) => byText(left.address, right.address))
}

function addressesOf(refs: ReadonlyMap<string, DelegateRef>): readonly string[] {
  return [...refs.values()].map((ref) => ref.address).sort(byText)
}
