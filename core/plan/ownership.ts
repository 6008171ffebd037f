import type { Account } from '../model/account.ts'
import { byText, domainOf, sameList } from '../model/address.ts'
import type { RefusedAlias } from '../model/mapping.ts'
import type { Policy } from '../model/plan.ts'
import type { Warning } from '../model/warning.ts'
import { type DirectoryIndex, type KnownAccount, once } from './directory-index.ts'
import { listOf } from './few.ts'
import type { Wish } from './wishes.ts'

/** Who owns which address now, and which wishes for addresses can come true in this run. */
export interface Ownership {
  /** The account that has an address now, as primary address or alias. */
  readonly ownerOf: OwnerOf
  /** Wishes that can be followed, each with its final aliases. */
  readonly granted: readonly GrantedWish[]
  /** Wishes whose primary address another account keeps: left alone. */
  readonly refused: ReadonlySet<Wish>
  readonly warnings: readonly Warning[]
}

export type OwnerOf = (address: string) => Account | undefined

export interface GrantedWish {
  readonly wish: Wish
  /** Final aliases: sorted, unique. */
  readonly aliases: readonly string[]
  /** Refusals of aliases that Zivver told us of and that still hold. */
  readonly refusedAliases: readonly RefusedAlias[]
}

const weekMs = 7 * 24 * 60 * 60 * 1000

/** What settling looks at; the maps are made when the first wish claims an address that its account does not have. */
interface Claims {
  readonly ownerOf: OwnerOf
  /** Wishes of existing accounts that may be followed: their accounts may give addresses up. */
  readonly movers: () => Map<Account, Wish>
  readonly wanted: () => WantedAddresses
  readonly policy: Policy
  readonly warnings: Warning[]
}

/**
 * Settles addresses before anything is compared: a collision is a finding with a remedy, not a rejected write.
 * An account that is not changed by this run keeps what it has; one that moves away frees it in time (the order
 * of changes sees to that).
 */
export function settleOwnership(
  wishes: readonly Wish[],
  index: DirectoryIndex,
  policy: Policy,
): Ownership {
  const owners = once(() => ownersOf(index.accounts))
  const refused = new Set<Wish>()
  const claims: Claims = {
    ownerOf: (address) => owners().get(address),
    movers: once(() => moversOf(wishes)),
    wanted: once(() => wantedAddresses(wishes, refused)),
    policy,
    warnings: [],
  }
  refusePrimaries(wishes, refused, claims)
  for (const wish of refused) claims.warnings.push(addressTaken(wish, claims.ownerOf))
  const granted = wishes
    .filter((wish) => !refused.has(wish))
    .map((wish) => grantUnclaimed(wish) ?? grant(wish, claims))
  return { ownerOf: claims.ownerOf, granted, refused, warnings: claims.warnings }
}

function ownersOf(accounts: readonly KnownAccount[]): Map<string, Account> {
  const owners = new Map<string, Account>()
  for (const { account } of accounts) {
    for (const alias of account.aliases) owners.set(alias, account)
  }
  for (const { account } of accounts) owners.set(account.address, account)
  return owners
}

function moversOf(wishes: readonly Wish[]): Map<Account, Wish> {
  const movers = new Map<Account, Wish>()
  for (const wish of wishes) {
    if (wish.account !== null && wish.allowed) movers.set(wish.account, wish)
  }
  return movers
}

/** Will this account still have the address after the run? */
function keeps(owner: Account, address: string, { movers, policy }: Claims): boolean {
  const wish = movers().get(owner)
  if (wish === undefined) return true
  if (wish.desired.address === address || wish.desired.aliases.includes(address)) return true
  return owner.address !== address && isKeptAlias(address, policy)
}

// An alias outside the included domains is never added, but one that Zivver already has is kept.
function isKeptAlias(alias: string, policy: Policy): boolean {
  return !policy.includedDomains.has(domainOf(alias))
}

function refusePrimaries(wishes: readonly Wish[], refused: Set<Wish>, claims: Claims): void {
  const claiming = wishes.filter((wish) => wish.account?.address !== wish.desired.address)
  for (let settled = false; !settled; ) {
    settled = true
    for (const wish of claiming) {
      if (refused.has(wish)) continue
      const { address } = wish.desired
      const owner = claims.ownerOf(address)
      if (owner === undefined || owner === wish.account || !keeps(owner, address, claims)) continue
      refused.add(wish)
      // It stays where it is now, so others may no longer count on its addresses.
      if (wish.account !== null && claims.movers().delete(wish.account)) settled = false
    }
  }
}

/** The usual case: the account has every alias that it should have, and Zivver refused none. */
function grantUnclaimed(wish: Wish): GrantedWish | null {
  const { account, desired, rows } = wish
  if (account === null || !sameList(account.aliases, desired.aliases)) return null
  if (listOf(rows).some((row) => row.refusedAliases.length > 0)) return null
  return { wish, aliases: account.aliases, refusedAliases: [] }
}

function addressTaken(wish: Wish, ownerOf: OwnerOf): Warning {
  const { address } = wish.desired
  const owner = ownerOf(address)
  return {
    code: 'ADDRESS_TAKEN',
    message: `${address} is ${owner?.address === address ? 'the address' : 'an alias'} of another account (${owner?.address ?? ''}), which keeps it; the mailbox is skipped`,
    address,
  }
}

interface WantedAddresses {
  readonly primaries: ReadonlySet<string>
  readonly aliasCounts: ReadonlyMap<string, number>
}

function wantedAddresses(wishes: readonly Wish[], refused: ReadonlySet<Wish>): WantedAddresses {
  const primaries = new Set<string>()
  const aliasCounts = new Map<string, number>()
  for (const wish of wishes) {
    if (refused.has(wish)) continue
    primaries.add(wish.desired.address)
    for (const alias of wish.desired.aliases) {
      aliasCounts.set(alias, (aliasCounts.get(alias) ?? 0) + 1)
    }
  }
  return { primaries, aliasCounts }
}

function grant(wish: Wish, claims: Claims): GrantedWish {
  const own = new Set(wish.account?.aliases)
  const refusedAliases = standingRefusals(wish, own)
  const blocked = refusedAliases.filter((refusal) => isFresh(refusal, claims.policy.now))
  const isBlocked = (alias: string): boolean => blocked.some((refusal) => refusal.address === alias)
  const aliases = wish.desired.aliases.filter((alias) => {
    if (own.has(alias) || alias === wish.account?.address) return true
    if (isBlocked(alias)) return false
    if (isFree(alias, wish, claims)) return true
    claims.warnings.push(aliasTaken(alias, wish, claims.ownerOf))
    return false
  })
  for (const refusal of blocked) claims.warnings.push(aliasRefused(refusal, wish))
  const kept = (wish.account?.aliases ?? []).filter(
    (alias) => isKeptAlias(alias, claims.policy) && alias !== wish.desired.address,
  )
  return {
    wish,
    aliases: kept.length === 0 ? aliases : [...new Set([...aliases, ...kept])].sort(byText),
    refusedAliases,
  }
}

function isFree(alias: string, wish: Wish, claims: Claims): boolean {
  const { primaries, aliasCounts } = claims.wanted()
  if (primaries.has(alias) || (aliasCounts.get(alias) ?? 0) > 1) return false
  const owner = claims.ownerOf(alias)
  return owner === undefined || owner === wish.account || !keeps(owner, alias, claims)
}

function standingRefusals(wish: Wish, own: ReadonlySet<string>): readonly RefusedAlias[] {
  const wanted = new Set(wish.desired.aliases)
  return listOf(wish.rows)
    .flatMap((row) => row.refusedAliases)
    .filter((refusal) => wanted.has(refusal.address) && !own.has(refusal.address))
}

function isFresh(refusal: RefusedAlias, now: string): boolean {
  return Date.parse(now) - Date.parse(refusal.lastTriedAt) < weekMs
}

function aliasTaken(alias: string, wish: Wish, ownerOf: OwnerOf): Warning {
  const owner = ownerOf(alias)
  return {
    code: 'ALIAS_TAKEN',
    message: `the alias ${alias} of ${wish.desired.address} belongs to another account${
      owner === undefined ? '' : ` (${owner.address})`
    } and is left out`,
    address: wish.desired.address,
  }
}

function aliasRefused(refusal: RefusedAlias, wish: Wish): Warning {
  return {
    code: 'ALIAS_REFUSED',
    message: `Zivver refuses the alias ${refusal.address} of ${wish.desired.address} since ${refusal.firstRefusedAt.slice(0, 10)}; it is tried again once a week`,
    address: wish.desired.address,
  }
}
