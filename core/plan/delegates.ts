import type { Account } from '../model/account.ts'
import { byText } from '../model/address.ts'
import type { DelegateRef } from '../model/change.ts'
import type { Delegation } from '../model/mailbox.ts'
import type { Correlation } from './correlate.ts'
import { type DirectoryIndex, once } from './directory-index.ts'
import { onlyOf } from './few.ts'
import type { OwnerOf } from './ownership.ts'
import type { Wish, Wishes } from './wishes.ts'

/** What a delegate's mailbox can offer as an account in this run. */
type Availability =
  | { readonly type: 'account'; readonly ref: DelegateRef; readonly afterItsChange: boolean }
  /** It has no account that can be named now: not added, and its account (if any) not removed where it is named. */
  | { readonly type: 'kept'; readonly scimId: string | null }
  /** Its account is part of a conflict: something about this delegation is unknown. */
  | { readonly type: 'uncertain' }

export interface DelegateAvailability {
  /** By identifier of the delegate's mailbox, which is in scope. */
  readonly of: (identifier: string) => Availability
  /** A suspended account that this run reactivates: it can be named after that. `null` = it is none. */
  readonly reactivated: (scimId: string | null) => DelegateRef | null
}

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

/**
 * What each in-scope user mailbox can offer as a delegate; found out for those that are asked for.
 * @param refused wishes that cannot come true in this run: what they would create or reactivate will not be there
 */
export function delegateAvailability(
  wishes: Wishes,
  refused: ReadonlySet<Wish>,
  correlation: Correlation,
  index: DirectoryIndex,
): DelegateAvailability {
  const isPossible = (wish: Wish): boolean => wish.allowed && !refused.has(wish)
  const find = once(() => indexUsers(wishes, index))
  return {
    of(identifier) {
      const identity = index.identities.get(identifier)
      const mailbox = onlyOf(identity?.mailbox)
      const place = identity?.place ?? -1
      const open = find().open[place]
      if (open !== undefined) return ofWish(open, isPossible(open))
      const closed = find().closed[place]
      if (closed !== undefined) return ofWish(closed, false)
      const isFrozen = mailbox === undefined || correlation.freezer.mailboxes.has(mailbox)
      return isFrozen ? { type: 'uncertain' } : { type: 'kept', scimId: null }
    },
    reactivated(scimId) {
      const wish = scimId === null ? undefined : find().suspended.get(scimId)
      return wish !== undefined && isPossible(wish) ? refOf(wish) : null
    },
  }
}

/** Wishes of users, by place: those that may become changes, and those whose accounts stay as they are. */
function indexUsers({ wishes, protectedPairs, byHand }: Wishes, { scoped }: DirectoryIndex) {
  const open = scoped.map((): Wish | undefined => undefined)
  const closed = scoped.map((): Wish | undefined => undefined)
  const suspended = new Map<string, Wish>()
  for (const wish of wishes) {
    if (wish.desired.kind !== 'user') continue
    open[wish.place] = wish
    if (wish.action === 'reactivate' && wish.account !== null) {
      suspended.set(wish.account.scimId, wish)
    }
  }
  for (const wish of [...protectedPairs, ...byHand]) {
    if (wish.desired.kind === 'user') closed[wish.place] = wish
  }
  return { open, closed, suspended }
}

function ofWish(wish: Wish, isPossible: boolean): Availability {
  const isActive = wish.account?.active === true
  if (!isActive && !isPossible) return { type: 'kept', scimId: wish.account?.scimId ?? null }
  return { type: 'account', afterItsChange: !isActive, ref: refOf(wish) }
}

function refOf({ desired, account }: Wish): DelegateRef {
  return {
    identifier: desired.identifier,
    scimId: account?.scimId ?? null,
    address: account?.address ?? desired.address,
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
  ownerOf: OwnerOf,
  accountById: DirectoryIndex['accountById'],
): DelegateComparison {
  const hasCurrent = account !== null && account.delegates.length > 0
  const hasWanted = delegation !== undefined && delegation.delegates.length > 0
  if (!hasCurrent && !hasWanted) return nothing
  const current = currentDelegates(account, availability, ownerOf, accountById)
  if (delegation === undefined) {
    const needs = [...current.values()].flatMap(({ identifier }) => identifier ?? [])
    return new Comparison(false, current, writableOf(current, account, accountById), needs)
  }
  const wanted = new Map<string, DelegateRef>()
  const needs: string[] = []
  let isUncertain = delegation.unknown.length > 0
  const kept = new Set<string>()
  for (const identifier of delegation.delegates) {
    const found = availability.of(identifier)
    if (found.type === 'uncertain') isUncertain = true
    else if (found.type === 'kept') {
      if (found.scimId !== null) kept.add(found.scimId)
    } else {
      wanted.set(keyOf(found.ref), found.ref)
      if (found.afterItsChange) needs.push(identifier)
    }
  }
  for (const [key, ref] of current) {
    // A mailbox that still has the right and whose account is suspended by hand: taking it away would be a change
    // nobody asked for.
    if (wanted.has(key) || (!isUncertain && !kept.has(key))) continue
    wanted.set(key, ref)
    if (ref.identifier !== null) needs.push(ref.identifier)
  }
  const differs =
    wanted.size !== current.size || [...wanted.keys()].some((key) => !current.has(key))
  return new Comparison(differs, current, writableOf(wanted, account, accountById), needs)
}

/** Lists are sorted when they are asked for: most accounts have nothing to write. */
class Comparison implements DelegateComparison {
  readonly differs: boolean
  readonly needs: readonly string[]
  readonly #current: ReadonlyMap<string, DelegateRef>
  readonly #writable: ReadonlyMap<string, DelegateRef>

  constructor(
    differs: boolean,
    current: ReadonlyMap<string, DelegateRef>,
    writable: ReadonlyMap<string, DelegateRef>,
    needs: readonly string[],
  ) {
    this.differs = differs
    this.needs = needs.toSorted(byText)
    this.#current = current
    this.#writable = writable
  }

  get wanted(): readonly DelegateRef[] {
    return [...this.#writable.values()].sort((left, right) => byText(left.address, right.address))
  }

  get before(): readonly string[] {
    return addressesOf(this.#current)
  }

  get after(): readonly string[] {
    return addressesOf(this.#writable)
  }
}

/**
 * A delegate that is suspended stays where it is as long as nothing else has to be written; a User that names it is
 * refused as a whole (reference/zivver.md 5.3), so then it is left out. A Group may name it.
 */
function writableOf(
  refs: ReadonlyMap<string, DelegateRef>,
  account: Account | null,
  accountById: DirectoryIndex['accountById'],
): ReadonlyMap<string, DelegateRef> {
  if (account?.kind !== 'user') return refs
  const isSuspended = ({ identifier, scimId }: DelegateRef): boolean =>
    identifier === null && scimId !== null && accountById(scimId)?.account.active === false
  return new Map([...refs].filter(([, ref]) => !isSuspended(ref)))
}

/** What Zivver names now, by account; with an identifier where this run reactivates the account. */
function currentDelegates(
  account: Account | null,
  availability: DelegateAvailability,
  ownerOf: OwnerOf,
  accountById: DirectoryIndex['accountById'],
): Map<string, DelegateRef> {
  const current = new Map<string, DelegateRef>()
  for (const text of account?.delegates ?? []) {
    const found = account?.kind === 'user' ? ownerOf(text) : accountById(text)?.account
    const scimId = found?.scimId ?? (account?.kind === 'functional' ? text : null)
    const ref = (found?.active === false ? availability.reactivated(scimId) : null) ?? {
      identifier: null,
      scimId,
      address: found?.address ?? text,
    }
    current.set(keyOf(ref), ref)
  }
  return current
}

function keyOf(ref: DelegateRef): string {
  return ref.scimId ?? ref.identifier ?? ref.address
}

function addressesOf(refs: ReadonlyMap<string, DelegateRef>): readonly string[] {
  return [...refs.values()].map((ref) => ref.address).sort(byText)
}
