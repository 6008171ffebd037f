/** A simulated tenant as the ports show it: rows as Exchange and Graph give them, through the same pure readers. */
import { toMailbox } from '../../core/adapters/exchange/mailbox-rows.ts'
import type { DirectoryMember, Mailbox } from '../../core/model/mailbox.ts'
import type { RecipientFinding } from '../../core/ports.ts'
import { fullAccessTrustees, type PermissionEntry } from '../../core/source/full-access.ts'
import type { FakeGroup } from '../fakes/fake-directory.ts'
import type { FakePermissions } from '../fakes/fake-mailbox-source.ts'
import type {
  TenantGroup,
  TenantMailbox,
  PermissionEntry as TenantPermission,
} from '../simulators/tenant/model.ts'
import type { Tenant } from '../simulators/tenant/tenant.ts'

/** What Exchange and Graph say about a tenant at one moment. */
export interface TenantReading {
  readonly mailboxes: readonly Mailbox[]
  readonly permissions: ReadonlyMap<string, FakePermissions>
  readonly recipients: ReadonlyMap<string, RecipientFinding>
  readonly groups: readonly FakeGroup[]
  readonly objects: ReadonlyMap<string, DirectoryMember>
}

/** @param unreadable identifiers of mailboxes whose permissions Exchange refuses to show */
export function readTenant(
  tenant: Tenant,
  {
    unreadable,
    readsHiddenMembers,
  }: { unreadable: readonly string[]; readsHiddenMembers: boolean },
): TenantReading {
  const sources = [...tenant.mailboxes.values()]
  const texts = new Set<string>()
  const permissions = new Map<string, FakePermissions>()
  for (const source of sources) {
    const id = source.externalDirectoryObjectId
    const trustees = fullAccessTrustees(
      source.permissions.map((entry) => permissionRow(entry, tenant)),
    )
    for (const { text } of trustees) texts.add(text)
    permissions.set(id, unreadable.includes(id) ? { failed: 'Exchange refuses it' } : trustees)
  }
  return {
    mailboxes: sources.map(readMailbox),
    permissions,
    recipients: new Map([...texts].map((text) => [text, findRecipient(text, tenant)])),
    groups: [...tenant.groups.values()]
      .filter(({ exchangeOnly }) => !exchangeOnly)
      .map((group) => readGroup(group, tenant, readsHiddenMembers)),
    objects: usersByName(tenant),
  }
}

function readMailbox(source: TenantMailbox): Mailbox {
  const reading = toMailbox({
    ExternalDirectoryObjectId: source.externalDirectoryObjectId,
    ExchangeGuid: source.exchangeGuid,
    Guid: source.guid,
    Identity: source.name,
    Id: source.name,
    Name: source.name,
    Alias: source.alias,
    DisplayName: source.displayName,
    PrimarySmtpAddress: source.primarySmtpAddress,
    EmailAddresses: source.emailAddresses,
    UserPrincipalName: source.userPrincipalName,
    RecipientTypeDetails: source.recipientTypeDetails,
    AccountDisabled: source.accountDisabled,
    WhenMailboxCreated: source.whenMailboxCreated,
  })
  if (reading.status === 'unusable') throw new Error(`${reading.column} is missing`)
  return reading.mailbox
}

/** Reference 4.3: a person by UPN, a group by its display name, what is gone by its SID. */
function permissionRow(
  { trustee, accessRights, deny, isInherited }: TenantPermission,
  tenant: Tenant,
): PermissionEntry {
  const rights = { accessRights, deny, isInherited }
  if ('user' in trustee) return { user: trustee.user, userSid: trustee.sid, ...rights }
  const userSid = tenant.sidOf(trustee.rid)
  const object = tenant.objects.get(trustee.id)
  const user =
    tenant.mailboxOf(trustee.id)?.userPrincipalName ??
    tenant.groups.get(trustee.id)?.displayName ??
    object?.userPrincipalName ??
    object?.displayName ??
    userSid
  return { user, userSid, ...rights }
}

function findRecipient(text: string, tenant: Tenant): RecipientFinding {
  const [found, another] = tenant.findRecipients(text)
  if (another !== undefined) return { status: 'unknown', reason: 'the name is ambiguous' }
  if (found === undefined) return { status: 'absent' }
  const id = (identifier: string) => identifier || null
  switch (found.kind) {
    case 'mailbox': {
      const { externalDirectoryObjectId, recipientTypeDetails } = found.mailbox
      return { status: 'found', identifier: id(externalDirectoryObjectId), recipientTypeDetails }
    }
    case 'group': {
      const recipientTypeDetails = found.group.exchangeOnly
        ? 'DynamicDistributionGroup'
        : 'MailUniversalDistributionGroup'
      const identifier = found.group.exchangeOnly ? null : found.group.id
      return { status: 'found', identifier, recipientTypeDetails }
    }
    case 'object':
      return { status: 'found', identifier: found.object.id, recipientTypeDetails: 'MailContact' }
  }
}

function readGroup(group: TenantGroup, tenant: Tenant, readsHiddenMembers: boolean): FakeGroup {
  const hiddenMembership = group.visibility === 'HiddenMembership'
  const isHidden = hiddenMembership && !readsHiddenMembers
  return {
    id: group.id,
    displayName: group.displayName,
    mail: group.mail,
    mailNickname: group.mailNickname,
    proxyAddresses: group.proxyAddresses,
    hiddenMembership,
    isMailGroup:
      group.mailEnabled && (group.securityEnabled || group.groupTypes.includes('Unified')),
    members: isHidden ? [] : group.members.flatMap((member) => readMember(member, tenant)),
  }
}

/** Graph lists no service principals, and nobody who is gone. */
function readMember(id: string, tenant: Tenant): DirectoryMember[] {
  if (tenant.groups.has(id)) return [{ id, type: 'group' }]
  if (tenant.mailboxOf(id) !== undefined) return [{ id, type: 'user' }]
  const object = tenant.objects.get(id)
  if (object === undefined || object.type === 'servicePrincipal') return []
  return [{ id, type: object.type === 'user' ? 'user' : 'other' }]
}

function usersByName(tenant: Tenant): ReadonlyMap<string, DirectoryMember> {
  const mailboxes = [...tenant.mailboxes.values()].map(
    ({ userPrincipalName, externalDirectoryObjectId: id }) => [userPrincipalName, id] as const,
  )
  const objects = [...tenant.objects.values()].flatMap(({ userPrincipalName, id }) =>
    userPrincipalName === null ? [] : [[userPrincipalName, id] as const],
  )
  return new Map([...mailboxes, ...objects].map(([name, id]) => [name, { id, type: 'user' }]))
}
