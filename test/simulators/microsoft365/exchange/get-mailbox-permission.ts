import type { PermissionEntry, TenantMailbox } from '../../tenant/model.ts'
import { type Cmdlet, type CmdletContext, type CmdletInput, identityOf, output } from './cmdlet.ts'
import { type Column, rowMaker } from './columns.ts'
import { CmdletFailure, invalidOperation } from './errors.ts'
import { findMailbox } from './get-mailbox.ts'

/** One row of the answer (reference 4.3). */
interface PermissionRow {
  readonly identity: string
  readonly user: string
  readonly sid: string
  readonly displayName: string
  readonly entry: Pick<PermissionEntry, 'accessRights' | 'deny' | 'isInherited'>
}

/** `Get-MailboxPermission`: the access control list of one mailbox; `Identity` is mandatory. */
export const getMailboxPermission: Cmdlet = {
  parameters: [
    'Identity',
    'User',
    'ResultSize',
    'IncludeUnresolvedPermissions',
    'IncludeSoftDeletedUserPermissions',
    'IncludeUserWithDisplayName',
  ],
  run: (input, context) => {
    const identity = identityOf(input)
    if (identity === null) throw new CmdletFailure(invalidOperation)
    const rows = permissionRows(findMailbox(identity, context), input, context)
    const columns =
      input.parameters['IncludeUserWithDisplayName'] === true
        ? [...permissionColumns, displayNameColumn]
        : permissionColumns
    return output(rows, (select) => rowMaker(columns, select, context.settings))
  },
}

const displayNameColumn: Column<PermissionRow> = {
  name: 'UserDisplayName',
  read: (row) => row.displayName,
}
const permissionColumns: readonly Column<PermissionRow>[] = [
  { name: 'Identity', read: (row) => row.identity },
  { name: 'User', read: (row) => row.user },
  { name: 'UserSid', read: (row) => row.sid },
  // Empty even for real delegates (reference 4.3).
  { name: 'PrimarySmtpAddress', read: () => '' },
  { name: 'AccessRights', read: ({ entry }) => entry.accessRights, kind: 'list' },
  { name: 'Deny', read: ({ entry }) => entry.deny },
  { name: 'IsInherited', read: ({ entry }) => entry.isInherited },
  { name: 'InheritanceType', read: () => 'All' },
  { name: 'IsValid', read: () => true },
  { name: 'ObjectState', read: () => 'Unchanged' },
]

function permissionRows(
  mailbox: TenantMailbox,
  { parameters }: CmdletInput,
  context: CmdletContext,
): PermissionRow[] {
  const rows = selfRows(mailbox, context)
  const showsOrphans =
    context.settings.orphans === 'always' || parameters['IncludeUnresolvedPermissions'] === true
  for (const entry of mailbox.permissions) {
    const { user, sid, displayName, isOrphan } = describeTrustee(entry, context)
    if (isOrphan && !showsOrphans) continue
    rows.push({ identity: mailbox.name, user, sid, displayName, entry })
  }
  const wanted = parameters['User']
  // Case-sensitive, as the real one (reference 3.11).
  return wanted === undefined
    ? rows
    : rows.filter((row) => row.user === wanted || row.sid === wanted)
}

// Two rows for the mailbox's own account, as seen on a live tenant.
function selfRows(mailbox: TenantMailbox, { settings }: CmdletContext): PermissionRow[] {
  return [['FullAccess, ReadPermission'], ['FullAccess, ExternalAccount, ReadPermission']].map(
    (accessRights) => ({
      identity: mailbox.name,
      user: settings.selfName,
      sid: 'S-1-5-10',
      displayName: settings.selfName,
      entry: { accessRights, deny: false, isInherited: false },
    }),
  )
}

function describeTrustee({ trustee }: PermissionEntry, context: CmdletContext) {
  if ('user' in trustee) {
    const { user, sid } = trustee
    return { user, sid, displayName: user, isOrphan: user === sid }
  }
  const sid = context.tenant.sidOf(trustee.rid)
  const names = namesOf(trustee.id, context)
  if (names === null) return { user: sid, sid, displayName: '', isOrphan: true }
  return { ...names, sid, isOrphan: false }
}

/** How a permission row calls a user or a group; `null` when the object is gone. */
function namesOf(id: string, { tenant, settings }: CmdletContext) {
  const mailbox = tenant.mailboxOf(id)
  if (mailbox !== undefined) {
    const isByAddress = settings.userTrusteeText === 'primary_address'
    const user = isByAddress ? mailbox.primarySmtpAddress : mailbox.userPrincipalName
    return { user, displayName: mailbox.displayName }
  }
  const group = tenant.groups.get(id)
  if (group !== undefined) {
    const texts = {
      display_name: group.displayName,
      nickname: group.mailNickname,
      mail: group.mail ?? group.displayName,
    }
    return { user: texts[settings.groupTrusteeText], displayName: group.displayName }
  }
  const object = tenant.objects.get(id)
  if (object === undefined) return null
  return { user: object.userPrincipalName ?? object.displayName, displayName: object.displayName }
}
