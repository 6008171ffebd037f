import type { TenantMailbox } from '../../tenant/model.ts'
import { smtpAddresses, type Tenant } from '../../tenant/tenant.ts'
import type { Column, Value } from './columns.ts'
import type { Filterable } from './opath.ts'

type MailboxColumn = Column<TenantMailbox>

const column = (
  name: string,
  read: (mailbox: TenantMailbox) => Value,
  kind?: MailboxColumn['kind'],
): MailboxColumn => (kind === undefined ? { name, read } : { name, read, kind })

const isResource = ({ recipientTypeDetails: type }: TenantMailbox) =>
  type === 'RoomMailbox' || type === 'EquipmentMailbox'
const isShared = ({ recipientTypeDetails: type }: TenantMailbox) =>
  type === 'SharedMailbox' || type === 'DiscoveryMailbox'
// .NET writes seven decimals.
const instant = (iso: string) => iso.replace(/\.(\d{3})Z$/, '.$10000Z')

/**
 * Columns of a mailbox row: those of reference 3.8 and 8.1, and a handful of the others that a row without
 * `$select` is full of, a malformed name among them (reference 3.7).
 */
export function mailboxColumns(tenant: Tenant): readonly MailboxColumn[] {
  return [
    ...knownColumns,
    column('WhenSoftDeleted', (mailbox) =>
      tenant.softDeleted.has(mailbox.exchangeGuid) ? instant(mailbox.whenChanged) : null,
    ),
    column('OrganizationId', () => tenant.initialDomain),
  ]
}

const knownColumns: readonly MailboxColumn[] = [
  column('ExternalDirectoryObjectId', (mailbox) => mailbox.externalDirectoryObjectId),
  column('ExchangeGuid', (mailbox) => mailbox.exchangeGuid, 'guid'),
  column('Guid', (mailbox) => mailbox.guid, 'guid'),
  column('Identity', (mailbox) => mailbox.name),
  column('Id', (mailbox) => mailbox.name),
  column('Name', (mailbox) => mailbox.name),
  column('Alias', (mailbox) => mailbox.alias),
  column('DisplayName', (mailbox) => mailbox.displayName),
  column('PrimarySmtpAddress', (mailbox) => mailbox.primarySmtpAddress),
  column('EmailAddresses', (mailbox) => mailbox.emailAddresses, 'list'),
  column('UserPrincipalName', (mailbox) => mailbox.userPrincipalName),
  column('RecipientType', () => 'UserMailbox'),
  column('RecipientTypeDetails', (mailbox) => mailbox.recipientTypeDetails),
  column('AccountDisabled', (mailbox) => mailbox.accountDisabled),
  column('HiddenFromAddressListsEnabled', (mailbox) => mailbox.hiddenFromAddressLists),
  column('IsMailboxEnabled', () => true),
  column('IsShared', isShared),
  column('IsResource', isResource),
  column('IsDirSynced', (mailbox) => mailbox.isDirSynced),
  column('IsInactiveMailbox', () => false),
  column('WhenMailboxCreated', (mailbox) => instant(mailbox.whenMailboxCreated), 'date'),
  column('WhenChangedUTC', (mailbox) => instant(mailbox.whenChanged), 'date'),
  column('GrantSendOnBehalfTo', () => [], 'list'),
  column('ArchiveGuid', () => '00000000-0000-0000-0000-000000000000', 'guid'),
  column('ProhibitSendQuota', () => '99 GB (106,300,440,576 bytes)'),
  column('RecipientLimits', () => 'Unlimited'),
  column('RetainDeletedItemsFor', () => '14.00:00:00'),
  column('MaxSafeSenders', () => null),
  column('LastUsedDate(DateTime])', () => null),
  column('ExchangeSecurityDescriptor', () => 'System.Security.AccessControl.RawSecurityDescriptor'),
]

/** What `-Filter` of `Get-Mailbox` may name (`AccountDisabled` is not among it). */
export const filterableMailbox: Filterable<TenantMailbox> = {
  Alias: (mailbox) => mailbox.alias,
  DisplayName: (mailbox) => mailbox.displayName,
  EmailAddresses: (mailbox) => [
    ...mailbox.emailAddresses,
    ...smtpAddresses(mailbox.emailAddresses),
  ],
  ExchangeGuid: (mailbox) => mailbox.exchangeGuid,
  ExternalDirectoryObjectId: (mailbox) => mailbox.externalDirectoryObjectId,
  Guid: (mailbox) => mailbox.guid,
  HiddenFromAddressListsEnabled: (mailbox) => mailbox.hiddenFromAddressLists,
  IsDirSynced: (mailbox) => mailbox.isDirSynced,
  Name: (mailbox) => mailbox.name,
  PrimarySmtpAddress: (mailbox) => mailbox.primarySmtpAddress,
  RecipientType: () => 'UserMailbox',
  RecipientTypeDetails: (mailbox) => mailbox.recipientTypeDetails,
  UserPrincipalName: (mailbox) => mailbox.userPrincipalName,
  WhenChanged: (mailbox) => new Date(mailbox.whenChanged),
  WhenChangedUTC: (mailbox) => new Date(mailbox.whenChanged),
  WhenCreated: (mailbox) => new Date(mailbox.whenMailboxCreated),
  WhenMailboxCreated: (mailbox) => new Date(mailbox.whenMailboxCreated),
}
