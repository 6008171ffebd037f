import { proxyAddresses } from './mailbox-mutations.ts'
import type { TenantGroup, TenantMailbox, TenantObject } from './model.ts'
import { Tenant } from './tenant.ts'

/** A mailbox with everything filled in from its address; `number` makes its ids (1 → `a0000000-…-000000000001`). */
export function aTenantMailbox(
  number: number,
  primary: string,
  properties: Partial<TenantMailbox> = {},
): TenantMailbox {
  const alias = primary.split('@')[0] ?? primary
  const id = sampleId('a', number)
  const type = properties.recipientTypeDetails ?? 'UserMailbox'
  return {
    externalDirectoryObjectId: id,
    exchangeGuid: sampleId('e', number),
    guid: sampleId('d', number),
    name: id,
    alias,
    displayName: alias,
    primarySmtpAddress: primary,
    emailAddresses: proxyAddresses(primary, [], []),
    userPrincipalName: primary,
    recipientTypeDetails: type,
    accountDisabled: type !== 'UserMailbox',
    hiddenFromAddressLists: false,
    isDirSynced: false,
    whenMailboxCreated: '2024-02-01T08:00:00.000Z',
    whenChanged: '2026-04-10T08:56:22.000Z',
    rid: 1000 + number,
    permissions: [],
    ...properties,
  }
}

/** A mail-enabled security group unless told otherwise. */
export function aTenantGroup(
  number: number,
  displayName: string,
  properties: Partial<TenantGroup> = {},
): TenantGroup {
  const nickname = displayName.toLowerCase().replaceAll(' ', '-')
  const mail = `${nickname}@fabrikam.example`
  return {
    id: sampleId('9', number),
    displayName,
    mail,
    mailNickname: nickname,
    mailEnabled: true,
    securityEnabled: true,
    groupTypes: [],
    proxyAddresses: [`SMTP:${mail}`],
    visibility: null,
    exchangeOnly: false,
    members: [],
    rid: 2000 + number,
    ...properties,
  }
}

/** `sampleId('a', 1)` = `a0000000-0000-4000-8000-000000000001` */
export function sampleId(letter: string, number: number): string {
  return `${letter}0000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}

const contact: TenantObject = {
  id: sampleId('c', 1),
  type: 'orgContact',
  displayName: 'External Partner',
  mail: 'partner@contoso.example',
  userPrincipalName: null,
  accountEnabled: true,
  userType: 'Member',
  proxyAddresses: ['SMTP:partner@contoso.example'],
  rid: 3001,
}

/** The tenant of reference 8 and 9: five mailboxes, one of each interesting kind, and five groups. */
export function sampleTenant(): Tenant {
  const tenant = new Tenant({
    tenantId: '11111111-2222-4333-8444-555555555555',
    initialDomain: 'fabrikam.onmicrosoft.example',
    nextRid: 9000,
    mailboxes: sampleMailboxes(),
    objects: [contact],
    groups: [
      aTenantGroup(1, 'Project X', {
        securityEnabled: false,
        groupTypes: ['Unified'],
        visibility: 'Private',
      }),
      aTenantGroup(2, 'SG VPN', { mail: null, mailEnabled: false, proxyAddresses: [] }),
      aTenantGroup(3, 'Reception Team', {
        members: [sampleId('a', 1), sampleId('9', 4), sampleId('c', 1)],
      }),
      aTenantGroup(4, 'All staff', { securityEnabled: false, members: [sampleId('9', 3)] }),
      aTenantGroup(5, 'Works council', {
        groupTypes: ['Unified'],
        visibility: 'HiddenMembership',
        members: [sampleId('a', 1)],
      }),
    ],
  })
  return tenant
}

function sampleMailboxes(): TenantMailbox[] {
  const shared = { recipientTypeDetails: 'SharedMailbox', name: 'Reception' } as const
  return [
    aTenantMailbox(1, 'j.devries@fabrikam.example', {
      displayName: 'Jan de Vries',
      emailAddresses: [
        'smtp:jan@fabrikam.onmicrosoft.example',
        'SIP:j.devries@fabrikam.example',
        'SPO:SPO_9a9a9a9a-0000-4000-8000-000000000001@SPO_11111111-2222-4333-8444-555555555555',
        'SMTP:j.devries@fabrikam.example',
      ],
    }),
    aTenantMailbox(2, 'reception@fabrikam.example', {
      ...shared,
      displayName: 'Reception',
      emailAddresses: [
        'SMTP:reception@fabrikam.example',
        'smtp:balie@fabrikam.example',
        'X500:/o=ExchangeLabs/ou=Old/cn=Recipients/cn=reception',
      ],
      userPrincipalName: 'reception@fabrikam.onmicrosoft.example',
      permissions: [
        allow({ id: sampleId('a', 1), rid: 1001 }),
        allow({ id: sampleId('9', 3), rid: 2003 }),
        allow({ id: sampleId('a', 0x777), rid: 1777 }),
        {
          ...allow({ user: 'EURPR01A001\\Organization Management', sid: 'S-1-5-21-1-2-3-519' }),
          deny: true,
          isInherited: true,
        },
      ],
    }),
    aTenantMailbox(3, 'room101@fabrikam.example', {
      recipientTypeDetails: 'RoomMailbox',
      name: 'Room 1.01',
      displayName: 'Room 1.01',
    }),
    aTenantMailbox(4, 'left.employee@fabrikam.example', {
      displayName: 'Left Employee',
      accountDisabled: true,
      hiddenFromAddressLists: true,
    }),
    aTenantMailbox(0xd1, 'DiscoverySearchMailbox@fabrikam.onmicrosoft.example', {
      externalDirectoryObjectId: '',
      recipientTypeDetails: 'DiscoveryMailbox',
      name: 'DiscoverySearchMailbox{D919BA05-46A6-415f-80AD-7E09334BB852}',
      displayName: 'Discovery Search Mailbox',
      hiddenFromAddressLists: true,
    }),
  ]
}

const allow = (trustee: TenantMailbox['permissions'][number]['trustee']) => ({
  trustee,
  accessRights: ['FullAccess'],
  deny: false,
  isInherited: false,
})
