import type { Account } from '../model/account.ts'
import { byText, domainOf } from '../model/address.ts'
import type { RefusedAlias } from '../model/mapping.ts'
import type { Policy } from '../model/plan.ts'
import type { Warning } from '../model/warning.ts'
import type { DirectoryIndex } from './directory-index.ts'
import type { Wish } from './wishes.ts'

/** Who owns which address now, and which wishes for addresses can come true in this run. */
export interface Ownership {
  /** Owner of an address now: the account that has it as primary address or alias. */
  readonly currentOwner: ReadonlyMap<string, Account>
  /** Wishes that can be followed, each with its final aliases. */
  readonly granted: readonly GrantedWish[]
  /** Wishes whose primary address another account keeps: left alone. */
  readonly refused: readonly Wish[]
  readonly warnings: readonly Warning[]
}

export interface GrantedWish extends Wish {
  /** Final aliases: sorted, unique. */
  readonly aliases: readonly string[]
  /** Refusals of aliases that Zivver told us of and that still hold. */
  readonly refusedAliases: readonly RefusedAlias[]
}

const weekMs = 7 * 24 * 60 * 60 * 1000

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
  const currentOwner = ownersOf(index.accounts)
  const movers = new Map<Account, Wish>()
  for (const wish of wishes) {
    if (wish.account !== null && wish.allowed) movers.set(wish.account, wish)
  }
  const refused = refusePrimaries(wishes, currentOwner, movers, policy)
  const warnings = [...refused].map((wish) => addressTaken(wish, currentOwner))
  const wanted = wantedAddresses(wishes, refused)
  const granted: GrantedWish[] = []
  for (const wish of wishes) {
    if (refused.has(wish)) continue
    granted.push(grant(wish, { currentOwner, movers, wanted, policy, warnings }))
  }
  return { currentOwner, granted, refused: [...refused], warnings }
}

function ownersOf(accounts: readonly Account[]): Map<string, Account> {
  const owners = new Map<string, Account>()
  for (const account of accounts) {
    for (const alias of account.aliases) owners.set(alias, account)
  }
  for (const account of accounts) owners.set(account.address, account)
  return owners
}

/** Will this account still have the address after the run? */
function keeps(
  owner: Account,
  address: string,
  movers: ReadonlyMap<Account, Wish>,
  policy: Policy,
): boolean {
  const wish = movers.get(owner)
  if (wish === undefined) return true
  if (wish.desired.address === address || wish.desired.aliases.includes(address)) return true
  return owner.address !== address && isKeptAlias(address, policy)
}

// An alias outside the included domains is never added, but one that Zivver already has is kept.
function isKeptAlias(alias: string, policy: Policy): boolean {
  return !policy.includedDomains.has(domainOf(alias))
}

function refusePrimaries(
  wishes: readonly Wish[],
  currentOwner: ReadonlyMap<string, Account>,
  movers: Map<Account, Wish>,
  policy: Policy,
): Set<Wish> {
  const refused = new Set<Wish>()
  for (let settled = false; !settled; ) {
    settled = true
    for (const wish of wishes) {
      if (refused.has(wish)) continue
      const owner = currentOwner.get(wish.desired.address)
      if (owner === undefined || owner === wish.account) continue
      if (!keeps(owner, wish.desired.address, movers, policy)) continue
      refused.add(wish)
      // It stays where it is now, so others may no longer count on its addresses.
      if (wish.account !== null && movers.delete(wish.account)) settled = false
    }
  }
  return refused
}

function addressTaken(wish: Wish, currentOwner: ReadonlyMap<string, Account>): Warning {
  const { address } = wish.desired
  const owner = currentOwner.get(address)
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

interface GrantContext {
  readonly currentOwner: ReadonlyMap<string, Account>
  readonly movers: ReadonlyMap<Account, Wish>
  readonly wanted: WantedAddresses
  readonly policy: Policy
  readonly warnings: Warning[]
}

function grant(wish: Wish, context: GrantContext): GrantedWish {
  const own = new Set(wish.account?.aliases)
  const refusedAliases = standingRefusals(wish, own)
  const blocked = new Set(
    refusedAliases
      .filter((refusal) => isFresh(refusal, context.policy.now))
      .map((refusal) => refusal.address),
  )
  const aliases = wish.desired.aliases.filter((alias) => {
    if (own.has(alias) || alias === wish.account?.address) return true
    if (blocked.has(alias)) return false
    if (isFree(alias, wish, context)) return true
    context.warnings.push(aliasTaken(alias, wish, context.currentOwner))
    return false
  })
  for (const refusal of refusedAliases) {
    if (blocked.has(refusal.address)) context.warnings.push(aliasRefused(refusal, wish))
  }
  const kept = (wish.account?.aliases ?? []).filter(
    (alias) => isKeptAlias(alias, context.policy) && alias !== wish.desired.address,
  )
  return {
    ...wish,
    aliases: kept.length === 0 ? aliases : [...new Set([...aliases, ...kept])].sort(byText),
    refusedAliases,
  }
}

function isFree(alias: string, wish: Wish, context: GrantContext): boolean {
  const { currentOwner, movers, wanted } = context
  if (wanted.primaries.has(alias) || (wanted.aliasCounts.get(alias) ?? 0) > 1) return false
  const owner = currentOwner.get(alias)
  return (
    owner === undefined || owner === wish.account || !keeps(owner, alias, movers, context.policy)
  )
}

function standingRefusals(wish: Wish, own: ReadonlySet<string>): readonly RefusedAlias[] {
  const wanted = new Set(wish.desired.aliases)
  return wish.rows
    .flatMap((row) => row.refusedAliases)
    .filter((refusal) => wanted.has(refusal.address) && !own.has(refusal.address))
}

function isFresh(refusal: RefusedAlias, now: string): boolean {
  return Date.parse(now) - Date.parse(refusal.lastTriedAt) < weekMs
}

function aliasTaken(
  alias: string,
  wish: Wish,
  currentOwner: ReadonlyMap<string, Account>,
): Warning {
  const owner = currentOwner.get(alias)
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
