import type { TenantGroup, TenantObject } from '../../tenant/model.ts'
import type { Recipient, Tenant } from '../../tenant/tenant.ts'
import {
  type Cmdlet,
  type CmdletContext,
  type CmdletInput,
  filterOf,
  guarded,
  identityOf,
  output,
  textOf,
  typesOf,
} from './cmdlet.ts'
import { type Column, rowMaker } from './columns.ts'
import { ambiguous, CmdletFailure, notFound } from './errors.ts'
import { mailboxTypes } from './get-mailbox.ts'

/** One row of the answer. */
interface RecipientRow {
  readonly id: string
  readonly name: string
  readonly alias: string
  readonly displayName: string
  readonly primarySmtpAddress: string
  readonly emailAddresses: readonly string[]
  readonly recipientType: string
  readonly recipientTypeDetails: string
}

/** `Get-Recipient`: whatever has mail: mailboxes, mail-enabled groups, contacts, guests. */
export const getRecipient: Cmdlet = {
  parameters: ['Identity', 'Filter', 'RecipientTypeDetails', 'Properties', 'ResultSize'],
  run: (input, context) =>
    output(chooseRecipients(input, context), (select) =>
      rowMaker(recipientColumns, select, context.settings),
    ),
}

const recipientColumns: readonly Column<RecipientRow>[] = [
  { name: 'ExternalDirectoryObjectId', read: (row) => row.id },
  { name: 'Identity', read: (row) => row.name },
  { name: 'Name', read: (row) => row.name },
  { name: 'Alias', read: (row) => row.alias },
  { name: 'DisplayName', read: (row) => row.displayName },
  { name: 'PrimarySmtpAddress', read: (row) => row.primarySmtpAddress },
  { name: 'EmailAddresses', read: (row) => row.emailAddresses, kind: 'list' },
  { name: 'RecipientType', read: (row) => row.recipientType },
  { name: 'RecipientTypeDetails', read: (row) => row.recipientTypeDetails },
]

const recipientTypes = [
  ...mailboxTypes,
  'DynamicDistributionGroup',
  'GuestMailUser',
  'MailContact',
  'MailUniversalDistributionGroup',
  'MailUniversalSecurityGroup',
]

function chooseRecipients(input: CmdletInput, { tenant, settings }: CmdletContext): RecipientRow[] {
  const identity = identityOf(input)
  if (identity !== null) {
    const found = tenant.findRecipients(identity)
    if (found.length === 0) throw new CmdletFailure(notFound(identity, settings.notFoundStatus))
    if (found.length > 1) throw new CmdletFailure(ambiguous(identity, settings.ambiguousStatus))
    return found.map(recipientRow)
  }
  const types = typesOf(input, recipientTypes)
  const passes = filterOf<RecipientRow>(input, {
    Alias: (row) => row.alias,
    DisplayName: (row) => row.displayName,
    EmailAddresses: (row) => row.emailAddresses,
    ExternalDirectoryObjectId: (row) => row.id,
    Name: (row) => row.name,
    PrimarySmtpAddress: (row) => row.primarySmtpAddress,
    RecipientTypeDetails: (row) => row.recipientTypeDetails,
  })
  const isChosen = (row: RecipientRow) =>
    (types === null || types.has(row.recipientTypeDetails.toLowerCase())) && passes(row)
  return guarded(textOf(input, 'Filter'), () => allRecipients(tenant).filter(isChosen))
}

function allRecipients(tenant: Tenant): RecipientRow[] {
  const mailboxes = [...tenant.mailboxes.values()].map((mailbox) =>
    recipientRow({ kind: 'mailbox', mailbox }),
  )
  const groups = [...tenant.groups.values()].filter((group) => group.mailEnabled).map(groupRow)
  const objects = [...tenant.objects.values()].filter(({ mail }) => mail !== null).map(objectRow)
  return [...mailboxes, ...groups, ...objects]
}

function recipientRow(recipient: Recipient): RecipientRow {
  if (recipient.kind === 'group') return groupRow(recipient.group)
  if (recipient.kind === 'object') return objectRow(recipient.object)
  const { externalDirectoryObjectId: id, recipientTypeDetails, ...rest } = recipient.mailbox
  const { name, alias, displayName, primarySmtpAddress, emailAddresses } = rest
  return {
    id,
    name,
    alias,
    displayName,
    primarySmtpAddress,
    emailAddresses,
    recipientType: 'UserMailbox',
    recipientTypeDetails,
  }
}

function groupRow(group: TenantGroup): RecipientRow {
  const type = groupType(group)
  return {
    // Dynamic distribution groups exist in Exchange only.
    id: group.exchangeOnly ? '' : group.id,
    name: group.displayName,
    alias: group.mailNickname,
    displayName: group.displayName,
    primarySmtpAddress: group.mail ?? '',
    emailAddresses: group.proxyAddresses,
    recipientType: type === 'GroupMailbox' ? 'MailUniversalDistributionGroup' : type,
    recipientTypeDetails: type,
  }
}

function groupType(group: TenantGroup): string {
  if (group.exchangeOnly) return 'DynamicDistributionGroup'
  if (group.groupTypes.includes('Unified')) return 'GroupMailbox'
  return group.securityEnabled ? 'MailUniversalSecurityGroup' : 'MailUniversalDistributionGroup'
}

function objectRow(object: TenantObject): RecipientRow {
  const isGuest = object.userType === 'Guest'
  return {
    id: object.id,
    name: object.displayName,
    alias: object.mail?.split('@')[0] ?? '',
    displayName: object.displayName,
    primarySmtpAddress: object.mail ?? '',
    emailAddresses: object.proxyAddresses,
    recipientType: isGuest ? 'MailUser' : 'MailContact',
    recipientTypeDetails: isGuest ? 'GuestMailUser' : 'MailContact',
  }
}
