/**
 * The rights that the managed identity needs in the tenant, and why: what `infra/grant-permissions.ts` grants and what
 * granted rights are compared with. Rights in Azure are in `infra/modules/role-assignments.bicep`.
 */

/** An application permission (app role) on an API. */
export interface NeededAppRole {
  readonly kind: 'appRole'
  /** Application id of the API, the same in every tenant. */
  readonly resourceAppId: string
  readonly resource: string
  /** `value` of the app role, as it stands in the token's `roles`. */
  readonly name: string
  readonly reason: string
}

/** A role of Entra. */
export interface NeededDirectoryRole {
  readonly kind: 'directoryRole'
  /** Template id, the same in every tenant; it stands in the token's `wids`. */
  readonly templateId: string
  readonly name: string
  readonly reason: string
}

export type NeededRight = NeededAppRole | NeededDirectoryRole

const exchangeOnline = {
  kind: 'appRole',
  resourceAppId: '00000002-0000-0ff1-ce00-000000000000',
  resource: 'Office 365 Exchange Online',
} as const

const microsoftGraph = {
  kind: 'appRole',
  resourceAppId: '00000003-0000-0000-c000-000000000000',
  resource: 'Microsoft Graph',
} as const

/** Reference 2.3 and 5.8. Neither half of the first two does anything alone. */
export const neededRights: readonly NeededRight[] = [
  {
    ...exchangeOnline,
    name: 'Exchange.ManageAsApp',
    reason: 'lets the identity run Exchange cmdlets; which ones is for the next right to say',
  },
  {
    kind: 'directoryRole',
    templateId: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
    name: 'Global Reader',
    reason:
      'the least role with which Get-Mailbox, Get-MailboxPermission and Get-Recipient answer an application; it reads and cannot change anything',
  },
  {
    ...microsoftGraph,
    name: 'GroupMember.Read.All',
    reason: 'members of the groups of the source filter, and of groups that have Full Access',
  },
  {
    ...microsoftGraph,
    name: 'User.Read.All',
    reason: 'who a person with Full Access is, and whether a member of a group is a person',
  },
  {
    ...microsoftGraph,
    name: 'Member.Read.Hidden',
    reason:
      'groups with hidden membership look empty without it, and their members would lose access',
  },
]
