/**
 * What a simulated tenant consists of. Plain mutable data, in Exchange's and Graph's words; change it with the
 * functions of `mailbox-mutations.ts` and `group-mutations.ts`, which keep the indexes right.
 */

/** `RecipientTypeDetails` of mailboxes that the builder makes; the real set is open. */
export type MailboxType =
  | 'UserMailbox'
  | 'SharedMailbox'
  | 'RoomMailbox'
  | 'EquipmentMailbox'
  | 'SchedulingMailbox'
  | 'TeamMailbox'
  | 'LinkedMailbox'
  | 'DiscoveryMailbox'
  | 'GroupMailbox'

/** A mailbox and the Entra user behind it. */
export interface TenantMailbox {
  /** Entra object id; `''` for system mailboxes, which have no user. */
  externalDirectoryObjectId: string
  readonly exchangeGuid: string
  /** Object GUID in Exchange's own directory. */
  readonly guid: string
  /** `Name`, `Identity` and `Id`: the object id in newer mailboxes, a text in older ones (reference 3.8). */
  name: string
  alias: string
  displayName: string
  primarySmtpAddress: string
  /** Every proxy address with its prefix: `SMTP:` for the primary, `smtp:`, `SIP:`, `SPO:`, `X500:`. */
  emailAddresses: string[]
  userPrincipalName: string
  recipientTypeDetails: MailboxType
  accountDisabled: boolean
  hiddenFromAddressLists: boolean
  isDirSynced: boolean
  /** ISO 8601 UTC. */
  whenMailboxCreated: string
  whenChanged: string
  /** Last part of the security identifier. */
  readonly rid: number
  /** Explicit and inherited permission entries; the two SELF rows are not stored. */
  permissions: PermissionEntry[]
}

/**
 * One entry of a mailbox's access control list. The trustee is an object id (a user, a group; an orphan once the
 * object is gone), or a text with its SID for what is no object of the tenant (role groups, `NT AUTHORITY`, …).
 */
export interface PermissionEntry {
  readonly trustee: ObjectTrustee | NamedTrustee
  /** Elements may hold several rights joined by `, ` (reference 4.3). */
  readonly accessRights: readonly string[]
  readonly deny: boolean
  readonly isInherited: boolean
}
interface ObjectTrustee {
  readonly id: string
  /** Kept with the entry, so that it survives the object. */
  readonly rid: number
}
export interface NamedTrustee {
  readonly user: string
  readonly sid: string
}

/** An Entra group, or a dynamic distribution group that only Exchange knows. */
export interface TenantGroup {
  readonly id: string
  displayName: string
  mail: string | null
  mailNickname: string
  mailEnabled: boolean
  securityEnabled: boolean
  /** `Unified`, `DynamicMembership`. */
  groupTypes: string[]
  proxyAddresses: string[]
  visibility: 'Private' | 'Public' | 'HiddenMembership' | null
  /** True for a dynamic distribution group: not in Graph at all (reference 5.1). */
  readonly exchangeOnly: boolean
  /** Object ids, in order, without doubles. */
  members: string[]
  readonly rid: number
}

/** Anything else that can be a member or a trustee: a user without mailbox, a guest, a contact, a device, an app. */
export interface TenantObject {
  readonly id: string
  readonly type: 'user' | 'orgContact' | 'device' | 'servicePrincipal'
  displayName: string
  mail: string | null
  userPrincipalName: string | null
  accountEnabled: boolean
  userType: 'Member' | 'Guest'
  proxyAddresses: string[]
  readonly rid: number
}

/** A whole tenant as plain JSON. */
export interface TenantData {
  readonly tenantId: string
  readonly initialDomain: string
  readonly sidPrefix: string
  readonly nextRid: number
  readonly mailboxes: readonly TenantMailbox[]
  readonly softDeleted: readonly TenantMailbox[]
  readonly groups: readonly TenantGroup[]
  readonly objects: readonly TenantObject[]
}
