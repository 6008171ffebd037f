/** Section 5 of the contract, delegates: who has Full Access of a mailbox, as far as anybody can tell. */
import type {
  PermissionEntry,
  TenantData,
  TenantGroup,
  TenantMailbox,
} from '../simulators/tenant/model.ts'
import type { Before } from './model.ts'
import { type Mailbox, membersOf } from './scope.ts'
import { lower, smtpAddressesOf } from './text.ts'

/** Object ids of people, and whether there may be more. */
export interface FullAccess {
  readonly people: ReadonlySet<string>
  /** Something about it is unknown: nobody may be removed. */
  readonly isUnknown: boolean
}

const nobody: FullAccess = { people: new Set(), isUnknown: false }
const unknown: FullAccess = { people: new Set(), isUnknown: true }

/** Full Access of one mailbox: allowed, direct, not suppressed by a direct deny; only in-scope user mailboxes count. */
export function fullAccessOf(
  mailbox: Mailbox,
  before: Before,
  mailboxes: readonly Mailbox[],
): FullAccess {
  if (before.upstream.unreadableMailboxes.some((id) => lower(id) === mailbox.identifier)) {
    return unknown
  }
  const users = mailboxes.filter((each) => each.inScope && each.kind === 'user' && each !== mailbox)
  const trustees = allowedEntries(mailbox.source.permissions).map((entry) =>
    trusteeOf(entry, before),
  )
  const people = new Set(trustees.flatMap((trustee) => [...trustee.people]))
  return {
    people: new Set(
      users.flatMap(({ identifier }) => identifier ?? []).filter((id) => people.has(id)),
    ),
    isUnknown: trustees.some(({ isUnknown }) => isUnknown),
  }
}

function allowedEntries(permissions: readonly PermissionEntry[]): readonly PermissionEntry[] {
  const direct = permissions.filter(
    ({ isInherited, accessRights }) =>
      !isInherited &&
      accessRights
        .join(',')
        .split(',')
        .some((right) => right.trim() === 'FullAccess'),
  )
  const denied = new Set(direct.filter(({ deny }) => deny).map(sidOf))
  return direct.filter((entry) => !entry.deny && !denied.has(sidOf(entry)))
}

const sidOf = ({ trustee }: PermissionEntry) => ('rid' in trustee ? trustee.rid : trustee.sid)

/**
 * Exchange shows a person by an address, which is unique; a group by its display name, which need not be; and what
 * is gone by its raw SID, which is nobody.
 */
function trusteeOf({ trustee }: PermissionEntry, before: Before): FullAccess {
  if ('user' in trustee) return nobody
  const group = before.tenant.groups.find(({ id }) => id === trustee.id)
  if (group === undefined) return { people: new Set([trustee.id]), isUnknown: false }
  const [meant, another] = whoIsCalled(group.displayName, before.tenant)
  if (another !== undefined) return unknown
  if (meant === undefined) return nobody
  if ('mailbox' in meant) {
    return { people: new Set([meant.mailbox.externalDirectoryObjectId]), isUnknown: false }
  }
  // Of a dynamic distribution group nobody can read the members.
  if (meant.group.exchangeOnly) return unknown
  return membersOf(before.tenant, meant.group, {
    nested: before.settings.nestedGroups,
    readsHidden: before.upstream.readsHiddenMembers,
  })
}

type Named = { readonly mailbox: TenantMailbox } | { readonly group: TenantGroup }

/**
 * Who answers to a name: mailboxes and the groups that can hold Full Access (Microsoft 365 groups, mail-enabled
 * security groups). Only where there is none of them, `Get-Recipient` is asked, which knows every group with mail.
 */
function whoIsCalled(name: string, { mailboxes, groups }: TenantData): readonly Named[] {
  const known: readonly Named[] = [
    ...mailboxes
      .filter((each) => hasName(name, [each.name, each.alias, each.displayName]))
      .map((mailbox) => ({ mailbox })),
    ...groups.filter((each) => canHoldFullAccess(each) && isCalled(name, each)).map(asNamed),
  ]
  if (known.length > 0) return known
  return groups.filter((each) => each.mailEnabled && isCalled(name, each)).map(asNamed)
}

const asNamed = (group: TenantGroup): Named => ({ group })

function canHoldFullAccess({ mailEnabled, exchangeOnly, ...group }: TenantGroup): boolean {
  if (!mailEnabled || exchangeOnly) return false
  return group.securityEnabled || group.groupTypes.includes('Unified')
}

function isCalled(name: string, group: TenantGroup): boolean {
  const addresses = smtpAddressesOf(group.proxyAddresses)
  return hasName(name, [group.displayName, group.mailNickname, ...addresses])
}

function hasName(name: string, names: readonly string[]): boolean {
  return names.some((each) => lower(each.trim()) === lower(name.trim()))
}
