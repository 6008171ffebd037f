import type { FullAccessReading, Mailbox, Trustee } from '../../model/mailbox.ts'
import { fullAccessTrustees, type PermissionEntry } from '../../source/full-access.ts'
import type { CmdletFailure } from './cmdlet-answer.ts'
import type { CmdletReply } from './cmdlet-attempt.ts'
import { walkPages } from './cmdlet-pages.ts'
import { type Cmdlet, singleTimeoutMs } from './cmdlet-wire.ts'
import type { ExchangeClient } from './exchange-client.ts'
import { type PermissionRow, permissionRow } from './payloads.ts'

/**
 * The question about one mailbox. The identity is always its ExchangeGuid: names are not unique. No `$select`: the rows
 * are small, and a column too few would lose the SIDs (reference 4.3).
 */
export function permissionCmdlet(mailbox: Mailbox): Cmdlet {
  return {
    name: 'Get-MailboxPermission',
    parameters: { Identity: mailbox.exchangeGuid, ResultSize: 'Unlimited' },
    subject: mailbox.exchangeGuid,
  }
}

/** A cursor that was lost is lost for good: so often the pages are read from the first one (reference 3.6). */
const mostWalks = 2

/**
 * The reading that an answer makes. Where it is only the first of several pages, they are read from the start: a cursor
 * lives on one server, and the cookies that lead there are kept from the first page on. What cannot be understood is a
 * `failed` reading: unknown delegates, never none.
 */
export async function readingOf(
  client: ExchangeClient,
  mailbox: Mailbox,
  first: CmdletReply,
): Promise<FullAccessReading> {
  const isPaged = first.status !== 'failed' && first.page.nextLink !== null
  let answer = await permissionsOf(client, mailbox, isPaged ? undefined : first)
  for (let walk = 1; walk < mostWalks && answer.failure?.kind === 'cursor_refused'; walk++) {
    answer = await permissionsOf(client, mailbox)
  }
  const { rows, failure } = answer
  // In-scope mailboxes have an identifier; no other is read.
  const identifier = mailbox.identifier ?? mailbox.exchangeGuid
  if (failure !== null) return { identifier, status: 'failed', reason: reasonOf(failure) }
  const trustees = trusteesOf(rows)
  return typeof trustees === 'string'
    ? { identifier, status: 'failed', reason: trustees }
    : { identifier, status: 'read', trustees }
}

/** All rows, page by page. @param first the first page, where it is the only one */
async function permissionsOf(
  client: ExchangeClient,
  mailbox: Mailbox,
  first?: CmdletReply,
): Promise<{ readonly rows: readonly unknown[]; readonly failure: CmdletFailure | null }> {
  const rows: unknown[] = []
  const options = { timeoutMs: singleTimeoutMs, ...(first !== undefined && { first }) }
  const failure = await walkPages(client, permissionCmdlet(mailbox), options, (page) => {
    rows.push(...page)
    return page.length
  })
  return { rows, failure }
}

function reasonOf({ kind, detail }: CmdletFailure): string {
  const words = {
    not_found: 'the mailbox no longer exists',
    ambiguous: 'Exchange Online finds several mailboxes for its ExchangeGuid',
    cursor_refused: 'its permissions fill several pages and Exchange Online lost the thread',
    rejected: 'Exchange Online refused to read its permissions',
  }
  return `${words[kind]} (${detail})`
}

/** The trustees that count, or why the rows cannot be believed. */
function trusteesOf(rows: readonly unknown[]): readonly Trustee[] | string {
  const parsed = rows.map((row) => permissionRow.safeParse(row).data)
  const entries = parsed.map((row) => (row === undefined ? null : entryOf(row)))
  if (!entries.every((entry) => entry !== null)) {
    return 'a permission row has no trustee, no rights, or does not say whether it allows or denies'
  }
  // An identity that Exchange does not take for one may be answered as if none had been given (reference 3.4).
  const identities = new Set(parsed.map((row) => row?.Identity ?? ''))
  identities.delete('')
  if (identities.size > 1) return 'the answer holds permissions of several mailboxes'
  return fullAccessTrustees(entries)
}

function entryOf(row: PermissionRow): PermissionEntry | null {
  const { User, UserSid, AccessRights, Deny, IsInherited } = row
  if (AccessRights === null || Deny === null || IsInherited === null) return null
  if (User.trim() === '' && UserSid === '') return null
  return {
    user: User.trim() === '' ? UserSid : User,
    userSid: UserSid,
    accessRights: AccessRights,
    deny: Deny,
    isInherited: IsInherited,
  }
}
