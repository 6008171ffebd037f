import type { Account } from './account.ts'
import type { Options } from './options.ts'
import type { Organisation } from './organisation.ts'
import { refusals } from './refusal.ts'

/** What the rules look at. */
export interface Rules {
  readonly organisation: Organisation
  readonly options: Options
}

/**
 * Zivver's rules for addresses: an address has one owner, over users and groups, primaries and aliases; what is
 * asked of *new* addresses is not asked again of those that the account already has. An account may swap its own.
 * @param id of the account that wants the addresses; `current` is what it has now, if it exists
 * @throws Refusal
 */
export function checkAddresses(
  rules: Rules,
  current: Account | undefined,
  wanted: Pick<Account, 'id' | 'address' | 'aliases'>,
): void {
  const owned = new Set(current && [current.address, ...current.aliases])
  if (!owned.has(wanted.address)) checkNewPrimary(rules.options, wanted.address)
  const owner = rules.organisation.ownerOf(wanted.address)
  if (owner !== undefined && owner.id !== wanted.id) {
    throw refusals.addressTaken(owner.id, rules.options)
  }
  for (const alias of wanted.aliases) {
    if (!owned.has(alias)) checkNewAlias(rules.options, alias)
    const owner = rules.organisation.ownerOf(alias)
    if (owner !== undefined && owner.id !== wanted.id) throw refusals.aliasTaken(owner.id)
  }
}

function checkNewPrimary(options: Options, address: string): void {
  if (options.outsideOrganization.has(address) || !isClaimed(options, address)) {
    throw refusals.outsideOrganization()
  }
}

function checkNewAlias(options: Options, alias: string): void {
  if (options.guests.has(alias)) throw refusals.aliasIsGuest(alias)
  if (options.outsideOrganization.has(alias)) throw refusals.outsideOrganization()
  if (!isClaimed(options, alias)) throw refusals.aliasDomain(domainOf(alias))
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1)
const isClaimed = ({ claimedDomains }: Options, address: string) =>
  claimedDomains === null || claimedDomains.has(domainOf(address))

/** @throws Refusal when the organizational unit does not exist (Q12) */
export function checkDivision({ options }: Rules, name: string): string {
  if (name !== '/' && !options.divisions.includes(name)) throw refusals.division(name)
  return name
}

/**
 * Ids of a User's delegates. An alias stands for its account; only active users can be delegates (reference 5.3).
 * @throws Refusal
 */
export function resolveDelegates({ organisation }: Rules, addresses: readonly string[]) {
  const ids = addresses.map((address) => {
    const owner = organisation.ownerOf(address)
    if (owner === undefined || owner.kind !== 'user' || !owner.active) {
      throw refusals.delegate(address)
    }
    return owner.id
  })
  return [...new Set(ids)]
}

/** Ids of a Group's members, which must be users. @throws Refusal */
export function resolveMembers(
  { organisation, options }: Rules,
  members: readonly { readonly value: string }[],
): readonly string[] {
  const ids = members.map(({ value }) => value)
  const unknown = ids.find((id) => organisation.get(id)?.kind !== 'user')
  if (unknown !== undefined) throw refusals.unknownId(unknown, options)
  return [...new Set(ids)]
}
