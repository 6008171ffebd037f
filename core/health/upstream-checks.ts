/** One cheap call on each upstream; nothing is written there. */
import { type ErrorCode, isSyncError } from '../errors.ts'
import type { DirectoryGroup } from '../model/mailbox.ts'
import type { AccountTarget, Directory, MailboxSource } from '../ports.ts'
import { type Finding, failing, findingOf, ok, unknown } from './findings.ts'
import { grantRemedy, identityFinding } from './identity-check.ts'
import { neededRights } from './needed-rights.ts'
import { type GrantedRights, titleOf } from './rights.ts'

/** The upstreams of a valid configuration. */
export interface CheckedUpstreams {
  /** Asks the identity for a token of each audience. @throws SyncError `IDENTITY_UNAVAILABLE` */
  fetchRights(): Promise<GrantedRights>
  readonly source: Pick<MailboxSource, 'probeMailboxes'>
  readonly directory: Pick<Directory, 'readGroup' | 'findObject' | 'listMembers'>
  readonly target: Pick<AccountTarget, 'probeAccounts'>
  readonly tenantId: string
  readonly sourceFilter: readonly string[]
}

// Objects that no tenant and no organisation has: asking for them shows whether the call is allowed.
const nobody = '00000000-0000-0000-0000-000000000000'
const nobodysName = 'nobody@cloud-sync.invalid'

export async function checkIdentity(upstreams: CheckedUpstreams): Promise<Finding> {
  return identityFinding(await upstreams.fetchRights(), upstreams.tenantId)
}

export async function checkExchange({ source }: CheckedUpstreams): Promise<Finding> {
  return withToken(async () => {
    const call = () => source.probeMailboxes([nobody])
    // Without the app role Exchange answers 401, without the directory role 403 (reference 2.3).
    const token = await allowed('Exchange.ManageAsApp', 'EXCHANGE_UNAUTHORIZED', () =>
      allowed('Global Reader', 'EXCHANGE_FORBIDDEN', call),
    )
    const outcome = 'finding' in token ? token : token.value
    return 'finding' in outcome ? outcome.finding : ok('Mailboxes can be read.')
  })
}

/** Each right with a call of its own, so that it is named when it is missing. */
export async function checkGraph(upstreams: CheckedUpstreams): Promise<Finding> {
  const { directory } = upstreams
  return withToken(async () => {
    const groups = await allowed('GroupMember.Read.All', forbidden, () => readGroups(upstreams))
    if ('finding' in groups) return groups.finding
    const missing = groups.value.filter(({ group }) => group === null).map(({ id }) => id)
    if (missing.length > 0) {
      const message = `The source filter names groups that do not exist in Graph: ${missing.join(', ')}.`
      return failing(message, 'SOURCE_FILTER_UNREADABLE')
    }
    const users = await allowed('User.Read.All', forbidden, () => directory.findObject(nobodysName))
    if ('finding' in users) return users.finding
    const hidden = groups.value.filter(({ group }) => group?.hiddenMembership === true)
    const members = await allowed('Member.Read.Hidden', forbidden, () =>
      Promise.all(hidden.map(({ id }) => directory.listMembers(id))),
    )
    return 'finding' in members ? members.finding : ok('Groups and users can be read.')
  })
}

/** The groups of the source filter; without one, a group that is not there, which is none. */
async function readGroups({
  directory,
  sourceFilter,
}: CheckedUpstreams): Promise<{ id: string; group: DirectoryGroup | null }[]> {
  if (sourceFilter.length === 0) {
    await directory.readGroup(nobody)
    return []
  }
  return Promise.all(sourceFilter.map(async (id) => ({ id, group: await directory.readGroup(id) })))
}

const forbidden = 'GRAPH_FORBIDDEN'
const otherTenant =
  ' Check CLOUD_SYNC__TENANT_ID too: the token of another tenant is refused likewise.'

/**
 * Makes a call that needs one right.
 * @param refusal the code of the error that means that the right is missing
 */
async function allowed<T>(
  rightName: string,
  refusal: ErrorCode,
  call: () => Promise<T>,
): Promise<{ value: T } | { finding: Finding }> {
  try {
    return { value: await call() }
  } catch (error) {
    if (!isSyncError(error) || error.code !== refusal) throw error
    const rights = neededRights.filter(({ name }) => name === rightName)
    const [title = rightName] = rights.map(titleOf)
    const reason = rights.map((right) => right.reason).join()
    return {
      finding: {
        status: 'failing',
        message: `The managed identity may not ask: ${title} is missing (${reason}).`,
        remedy: grantRemedy(rights) + (refusal === 'EXCHANGE_UNAUTHORIZED' ? otherTenant : ''),
      },
    }
  }
}

/** A missing token is the identity's fault, and is reported there. */
async function withToken(check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check()
  } catch (error) {
    const isTokenMissing = isSyncError(error) && error.code === 'IDENTITY_UNAVAILABLE'
    return isTokenMissing
      ? unknown('Not checked, because the managed identity gives no token.')
      : findingOf(error)
  }
}

/** @param keySince when this key was first seen; `null` = it is not known */
export async function checkZivver(
  { target }: CheckedUpstreams,
  keySince: string | null,
  now: Date,
): Promise<Finding> {
  await target.probeAccounts([{ kind: 'user', scimId: nobody }])
  if (keySince === null) return ok('Accounts can be read.')
  const days = Math.floor((now.getTime() - Date.parse(keySince)) / 86_400_000)
  const age = days === 0 ? 'today' : `${days} ${days === 1 ? 'day' : 'days'} ago`
  return ok(
    `Accounts can be read. The API key was first seen here ${age} (${keySince.slice(0, 10)}).`,
  )
}
