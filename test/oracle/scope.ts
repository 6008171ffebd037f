/** Section 4 of the contract: which mailboxes are in scope. */
import type { TenantData, TenantGroup, TenantMailbox } from '../simulators/tenant/model.ts'
import type { AccountKind, Before } from './model.ts'
import { domainOf, lower, smtpAddressesOf } from './text.ts'

/** A mailbox in the contract's terms. */
export interface Mailbox {
  /** Lower case; `null` where Exchange gives none. */
  readonly identifier: string | null
  readonly kind: AccountKind | null
  readonly primary: string
  readonly secondary: readonly string[]
  /** What its account should be called. */
  readonly displayName: string
  readonly inScope: boolean
  readonly source: TenantMailbox
}

export type SourceFilter =
  | { readonly refused: null; readonly members: ReadonlySet<string> | null }
  | { readonly refused: 'SOURCE_FILTER_UNREADABLE' | 'SOURCE_FILTER_EMPTY' }

/** Who the source filter lets in: a group that cannot be read, or is empty, never means "nobody". */
export function sourceFilter({ tenant, settings, upstream }: Before): SourceFilter {
  if (settings.sourceFilter.length === 0) return { refused: null, members: null }
  const members = new Set<string>()
  for (const id of settings.sourceFilter) {
    const group = tenant.groups.find((candidate) => candidate.id === lower(id))
    if (group === undefined || group.exchangeOnly) return { refused: 'SOURCE_FILTER_UNREADABLE' }
    const { people, isUnknown, isEmpty } = membersOf(tenant, group, {
      nested: settings.nestedGroups,
      readsHidden: upstream.readsHiddenMembers,
    })
    if (isUnknown) return { refused: 'SOURCE_FILTER_UNREADABLE' }
    if (isEmpty) return { refused: 'SOURCE_FILTER_EMPTY' }
    for (const person of people) members.add(person)
  }
  return { refused: null, members }
}

/** Every mailbox of the tenant, and whether all rules of section 4 hold for it. */
export function mailboxesOf(
  { tenant, settings }: Before,
  filter: ReadonlySet<string> | null,
): readonly Mailbox[] {
  const included = new Set(settings.includedDomains.map(lower))
  return tenant.mailboxes.map((source) => {
    const identifier = lower(source.externalDirectoryObjectId) || null
    const kind = kindOf(source)
    const primary = lower(source.primarySmtpAddress)
    const inScope =
      kind !== null &&
      identifier !== null &&
      (kind === 'functional' || !source.accountDisabled) &&
      included.has(domainOf(primary)) &&
      (filter === null || filter.has(identifier))
    return {
      identifier,
      kind,
      primary,
      secondary: smtpAddressesOf(source.emailAddresses).filter((address) => address !== primary),
      displayName: source.displayName.trim() || primary,
      inScope,
      source,
    }
  })
}

/** The members of a group who are not groups themselves: direct ones, or all. */
export function membersOf(
  tenant: TenantData,
  group: TenantGroup,
  how: { readonly nested: boolean; readonly readsHidden: boolean },
): { people: ReadonlySet<string>; isUnknown: boolean; isEmpty: boolean } {
  const groups = new Map(tenant.groups.map((each) => [each.id, each]))
  const robots = new Set(
    tenant.objects.filter(({ type }) => type === 'servicePrincipal').map(({ id }) => id),
  )
  const people = new Set<string>()
  const entered = new Set([group])
  let isUnknown = false
  // A set is walked in the order of insertion, and what is added on the way is visited too.
  for (const { members, visibility } of entered) {
    if (visibility === 'HiddenMembership' && !how.readsHidden) isUnknown = true
    else {
      for (const id of members) {
        const inner = groups.get(id)
        if (inner === undefined) people.add(id)
        else if (how.nested) entered.add(inner)
      }
    }
  }
  // Graph does not list service principals among members.
  const listed = group.members.filter((id) => !robots.has(id))
  return { people, isUnknown, isEmpty: listed.length === 0 }
}

function kindOf({ recipientTypeDetails }: TenantMailbox): AccountKind | null {
  if (recipientTypeDetails === 'UserMailbox') return 'user'
  return recipientTypeDetails === 'SharedMailbox' ? 'functional' : null
}
