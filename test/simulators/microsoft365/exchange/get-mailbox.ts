import type { TenantMailbox } from '../../tenant/model.ts'
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
import { rowMaker } from './columns.ts'
import { ambiguous, CmdletFailure, notFound } from './errors.ts'
import { filterableMailbox, mailboxColumns } from './mailbox-columns.ts'

/** Values of `RecipientTypeDetails` that `Get-Mailbox` takes. */
export const mailboxTypes = [
  'DiscoveryMailbox',
  'EquipmentMailbox',
  'GroupMailbox',
  'LegacyMailbox',
  'LinkedMailbox',
  'LinkedRoomMailbox',
  'RoomMailbox',
  'SchedulingMailbox',
  'SharedMailbox',
  'TeamMailbox',
  'UserMailbox',
] as const

/** `Get-Mailbox`: all, one by `Identity`, or a part by `Filter` and `RecipientTypeDetails` (reference 3.4). */
export const getMailbox: Cmdlet = {
  parameters: [
    'Identity',
    'Filter',
    'RecipientTypeDetails',
    'ResultSize',
    'SoftDeletedMailbox',
    'GroupMailbox',
  ],
  run: (input, context) =>
    output(chooseMailboxes(input, context), (select) =>
      rowMaker(mailboxColumns(context.tenant), select, context.settings),
    ),
}

/** The one mailbox that an identity means. @throws CmdletFailure not found, ambiguous */
export function findMailbox(identity: string, { tenant, settings }: CmdletContext): TenantMailbox {
  const found = tenant.findRecipients(identity).filter((recipient) => recipient.kind === 'mailbox')
  const only = found[0]
  if (only === undefined) throw new CmdletFailure(notFound(identity, settings.notFoundStatus))
  if (found.length > 1) throw new CmdletFailure(ambiguous(identity, settings.ambiguousStatus))
  return only.mailbox
}

function chooseMailboxes(input: CmdletInput, context: CmdletContext): readonly TenantMailbox[] {
  const { tenant, settings } = context
  const identity = identityOf(input)
  if (input.parameters['SoftDeletedMailbox'] === true) {
    const gone = [...tenant.softDeleted.values()]
    const chosen = identity === null ? gone : gone.filter((mailbox) => isCalled(mailbox, identity))
    if (identity === null || chosen.length > 0) return chosen
    throw new CmdletFailure(notFound(identity, settings.notFoundStatus))
  }
  return identity === null ? filterMailboxes(input, context) : [findMailbox(identity, context)]
}

function isCalled(mailbox: TenantMailbox, identity: string): boolean {
  const { externalDirectoryObjectId, exchangeGuid, guid, primarySmtpAddress } = mailbox
  const names = [externalDirectoryObjectId, exchangeGuid, guid, primarySmtpAddress]
  return names.some((name) => name.toLowerCase() === identity.toLowerCase())
}

function filterMailboxes(input: CmdletInput, { tenant }: CmdletContext): readonly TenantMailbox[] {
  const types = typesOf(input, mailboxTypes)
  const wantsGroups = input.parameters['GroupMailbox'] === true
  const passes = filterOf(input, filterableMailbox)
  const isChosen = (mailbox: TenantMailbox) =>
    (mailbox.recipientTypeDetails === 'GroupMailbox') === wantsGroups &&
    (types === null || types.has(mailbox.recipientTypeDetails.toLowerCase())) &&
    passes(mailbox)
  return guarded(textOf(input, 'Filter'), () => [...tenant.mailboxes.values()].filter(isChosen))
}
