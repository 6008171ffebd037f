/** What administrators do to groups and to Full Access between two runs. Every function changes the tenant in place. */
import type { NamedTrustee, PermissionEntry, TenantGroup, TenantMailbox } from './model.ts'
import type { Tenant } from './tenant.ts'

export function addGroup(tenant: Tenant, group: TenantGroup): TenantGroup {
  tenant.groups.set(group.id, group)
  tenant.touch()
  return group
}

/** The group goes; it leaves the groups it was in, and permission entries for it become orphans. */
export function deleteGroup(tenant: Tenant, group: TenantGroup): void {
  tenant.groups.delete(group.id)
  for (const other of tenant.groups.values()) removeMember(other, group.id)
  tenant.touch()
}

export function addMember(group: TenantGroup, id: string): void {
  if (!group.members.includes(id)) group.members.push(id)
}

export function removeMember(group: TenantGroup, id: string): void {
  const at = group.members.indexOf(id)
  if (at >= 0) group.members.splice(at, 1)
}

export function setMembers(group: TenantGroup, ids: readonly string[]): void {
  group.members = [...new Set(ids)]
}

export function renameGroup(tenant: Tenant, group: TenantGroup, displayName: string): void {
  group.displayName = displayName
  tenant.touch()
}

/** Membership can only be read with `Member.Read.Hidden` from now on. */
export function hideGroup(group: TenantGroup): void {
  group.visibility = 'HiddenMembership'
}

/** Whom an entry is for: an object id of the tenant, or a text with its SID. */
export type TrusteeChoice = string | NamedTrustee

/**
 * Adds one entry to a mailbox's access control list: `FullAccess`, allowed and direct unless told otherwise.
 * @throws Error when the id is no object of the tenant
 */
export function grantFullAccess(
  tenant: Tenant,
  mailbox: TenantMailbox,
  trustee: TrusteeChoice,
  options: {
    readonly accessRights?: readonly string[]
    readonly deny?: boolean
    readonly isInherited?: boolean
  } = {},
): PermissionEntry {
  const entry = {
    trustee: typeof trustee === 'string' ? { id: trustee, rid: ridOf(tenant, trustee) } : trustee,
    accessRights: options.accessRights ?? ['FullAccess'],
    deny: options.deny ?? false,
    isInherited: options.isInherited ?? false,
  }
  mailbox.permissions.push(entry)
  return entry
}

/** An entry whose trustee was deleted long ago: only the SID is left. */
export function grantToOrphan(tenant: Tenant, mailbox: TenantMailbox): PermissionEntry {
  const sid = tenant.sidOf(tenant.takeRid())
  return grantFullAccess(tenant, mailbox, { user: sid, sid })
}

/** Takes every direct entry of this trustee away, denies included. */
export function revokeFullAccess(mailbox: TenantMailbox, trustee: TrusteeChoice): void {
  const isOf = ({ trustee: own }: PermissionEntry) =>
    typeof trustee === 'string'
      ? 'id' in own && own.id === trustee
      : 'sid' in own && own.sid === trustee.sid
  mailbox.permissions = mailbox.permissions.filter((entry) => entry.isInherited || !isOf(entry))
}

function ridOf(tenant: Tenant, id: string): number {
  const object = tenant.mailboxOf(id) ?? tenant.groups.get(id) ?? tenant.objects.get(id)
  if (object === undefined) throw new Error(`${id} is no object of the tenant`)
  return object.rid
}
