import type { TenantGroup, TenantMailbox, TenantObject } from '../../tenant/model.ts'
import type { Tenant } from '../../tenant/tenant.ts'

export type ObjectType = 'user' | 'group' | 'orgContact' | 'device' | 'servicePrincipal'
type Value = string | boolean | null | readonly string[]

/** One object as Graph sees it. */
export interface DirectoryObject {
  readonly type: ObjectType
  readonly id: string
  /** Value of a property; `undefined` when the type has no such property. */
  read(property: string): Value | undefined
}

type Properties<T> = Readonly<Record<string, (source: T) => Value>>

const mailboxUser: Properties<TenantMailbox> = {
  id: (mailbox) => mailbox.externalDirectoryObjectId,
  displayName: (mailbox) => mailbox.displayName || null,
  mail: (mailbox) => mailbox.primarySmtpAddress,
  mailNickname: (mailbox) => mailbox.alias,
  userPrincipalName: (mailbox) => mailbox.userPrincipalName,
  accountEnabled: (mailbox) => !mailbox.accountDisabled,
  proxyAddresses: (mailbox) => mailbox.emailAddresses,
  userType: () => 'Member',
  givenName: () => null,
  surname: () => null,
  onPremisesImmutableId: () => null,
  onPremisesSyncEnabled: (mailbox) => mailbox.isDirSynced || null,
  createdDateTime: (mailbox) => mailbox.whenMailboxCreated,
}
const plainUser: Properties<TenantObject> = {
  id: (object) => object.id,
  displayName: (object) => object.displayName,
  mail: (object) => object.mail,
  mailNickname: (object) => object.userPrincipalName?.split('@')[0] ?? null,
  userPrincipalName: (object) => object.userPrincipalName,
  accountEnabled: (object) => object.accountEnabled,
  proxyAddresses: (object) => object.proxyAddresses,
  userType: (object) => object.userType,
  givenName: () => null,
  surname: () => null,
  onPremisesImmutableId: () => null,
  onPremisesSyncEnabled: () => null,
  createdDateTime: () => '2024-01-01T00:00:00Z',
}
const groupProperties: Properties<TenantGroup> = {
  id: (group) => group.id,
  displayName: (group) => group.displayName,
  description: () => null,
  mail: (group) => group.mail,
  mailNickname: (group) => group.mailNickname,
  mailEnabled: (group) => group.mailEnabled,
  securityEnabled: (group) => group.securityEnabled,
  groupTypes: (group) => group.groupTypes,
  proxyAddresses: (group) => group.proxyAddresses,
  visibility: (group) => group.visibility,
  onPremisesSyncEnabled: () => null,
  membershipRule: (group) =>
    group.groupTypes.includes('DynamicMembership') ? '(user.accountEnabled -eq true)' : null,
  securityIdentifier: (group) => `S-1-12-1-${group.rid}-1-2-3`,
}
const contactProperties: Properties<TenantObject> = {
  id: (object) => object.id,
  displayName: (object) => object.displayName,
  mail: (object) => object.mail,
  mailNickname: (object) => object.mail?.split('@')[0] ?? null,
  proxyAddresses: (object) => object.proxyAddresses,
  onPremisesSyncEnabled: () => null,
}
const otherProperties: Properties<TenantObject> = {
  id: (object) => object.id,
  displayName: (object) => object.displayName,
  accountEnabled: (object) => object.accountEnabled,
}

/** Names that `$select` and `$filter` may use on a collection of one type. */
export const propertyNames: Readonly<Record<ObjectType, readonly string[]>> = {
  user: Object.keys(mailboxUser),
  group: Object.keys(groupProperties),
  orgContact: Object.keys(contactProperties),
  device: Object.keys(otherProperties),
  servicePrincipal: Object.keys(otherProperties),
}

/** What comes without `$select` (a user then has neither `accountEnabled` nor `proxyAddresses`). */
export const defaultProperties: Readonly<Record<ObjectType, readonly string[]>> = {
  ...propertyNames,
  user: ['id', 'displayName', 'givenName', 'mail', 'surname', 'userPrincipalName'],
}

const wrap = <T>(
  type: ObjectType,
  id: string,
  source: T,
  properties: Properties<T>,
): DirectoryObject => ({ type, id, read: (property) => properties[property]?.(source) })

const userOf = (mailbox: TenantMailbox): DirectoryObject =>
  wrap('user', mailbox.externalDirectoryObjectId, mailbox, mailboxUser)
const groupOf = (group: TenantGroup): DirectoryObject =>
  wrap('group', group.id, group, groupProperties)

function objectOf(object: TenantObject): DirectoryObject {
  const properties =
    object.type === 'user'
      ? plainUser
      : object.type === 'orgContact'
        ? contactProperties
        : otherProperties
  return wrap(object.type, object.id, object, properties)
}

/** Any object by id; `null` = unknown to Graph (dynamic distribution groups are Exchange's alone). */
export function findObject(tenant: Tenant, id: string): DirectoryObject | null {
  const mailbox = tenant.mailboxOf(id)
  if (mailbox !== undefined) return userOf(mailbox)
  const group = tenant.groups.get(id)
  if (group !== undefined) return group.exchangeOnly ? null : groupOf(group)
  const object = tenant.objects.get(id)
  return object === undefined ? null : objectOf(object)
}

/** Every object of a type. A mailbox without identifier has no user. */
export function listObjects(tenant: Tenant, type: ObjectType): DirectoryObject[] {
  const others = [...tenant.objects.values()].filter((object) => object.type === type).map(objectOf)
  if (type === 'user') {
    const users = [...tenant.mailboxes.values()].filter(
      (mailbox) => mailbox.externalDirectoryObjectId !== '',
    )
    return [...users.map(userOf), ...others]
  }
  if (type !== 'group') return others
  return [...tenant.groups.values()].filter((group) => !group.exchangeOnly).map(groupOf)
}

/** Direct members, or all of them through nested groups; service principals are not listed (reference 5.2). */
export function membersOf(
  tenant: Tenant,
  group: TenantGroup,
  depth: 'direct' | 'transitive',
): DirectoryObject[] {
  const seen = new Set<string>()
  const queue = [...group.members]
  const members: DirectoryObject[] = []
  for (let at = 0; at < queue.length; at++) {
    const id = queue[at] ?? ''
    if (seen.has(id)) continue
    seen.add(id)
    const member = findObject(tenant, id)
    if (member !== null && member.type !== 'servicePrincipal') members.push(member)
    const nested = tenant.groups.get(id)
    if (depth === 'transitive' && nested !== undefined) queue.push(...nested.members)
  }
  return members
}
