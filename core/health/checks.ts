import type { CheckName } from '../api/health.ts'
import type { ParsedSettings } from '../config.ts'
import { isSyncError, messageOf } from '../errors.ts'
import { isSuccess } from '../model/run.ts'
import type { AccountTarget, Clock, Directory, MailboxSource, RunStore } from '../ports.ts'
import type { UpdateLog } from '../update/services.ts'
import {
  type Finding,
  failing,
  findingOf,
  ok,
  scheduleFinding,
  settingsFinding,
  unknown,
  versionFinding,
} from './findings.ts'
import type { Check } from './health.ts'
import { type HistoryFacts, readHistoryFacts } from './history.ts'

/** The upstreams of a valid configuration; each call is cheap and writes nothing. */
interface CheckedUpstreams {
  /** Asks the identity for a token of each audience. @throws SyncError `IDENTITY_UNAVAILABLE` */
  fetchTokens(): Promise<void>
  readonly source: Pick<MailboxSource, 'probeMailboxes'>
  readonly directory: Pick<Directory, 'readGroup'>
  readonly target: Pick<AccountTarget, 'probeAccounts'>
  readonly sourceFilter: readonly string[]
}

/** What the checks look at. */
export interface HealthServices {
  readonly settings: ParsedSettings
  readonly version: string
  readonly clock: Clock
  /** @throws SyncError when the storage settings are unusable */
  storage(): { readonly runs: Pick<RunStore, 'list' | 'slots'>; ensure(): Promise<void> }
  /** `null` while the settings are not valid. */
  readonly upstreams: CheckedUpstreams | null
  /** Calls the mail service; `null` = no mail is set up. @throws when it cannot be reached */
  readonly reachMail: (() => Promise<void>) | null
  /** What came of the last look for a release; `null` = the app does not look for releases. */
  readonly lastUpdate: UpdateLog['lastAttempt'] | null
}

// An object that no tenant and no organisation has: asking for it shows whether the call is allowed.
const nobody = '00000000-0000-0000-0000-000000000000'
const notValid = 'Not checked, because the settings are not valid.'
const noToken = 'Not checked, because the managed identity gives no token.'

/** The checks of `/api/health`, one for each name of the contract. */
export function healthChecks(services: HealthServices): Record<CheckName, Check> {
  const { settings, upstreams, version } = services
  const basics = settings.ok ? settings.settings : settings.partial
  const history = once(async () =>
    readHistoryFacts(services.storage().runs, (run) => isSuccess(run, basics.performSync)),
  )
  return {
    settings: () => settingsFinding(settings),
    storage: () => checkStorage(services),
    identity: withUpstreams(upstreams, checkIdentity),
    exchange: withUpstreams(upstreams, checkExchange),
    graph: withUpstreams(upstreams, checkGraph),
    zivver: withUpstreams(upstreams, (known) => checkZivver(known, services)),
    email: async () => checkEmail(services, await history().catch(() => null)),
    schedule: async () => {
      const facts = await history().catch(() => null)
      if (facts === null) return unknown('Not checked, because the history cannot be read.')
      const { schedule, performSync } = basics
      const { lastSuccess, first } = facts
      return scheduleFinding({
        schedule,
        performSync,
        now: services.clock.now(),
        lastSuccess,
        firstRun: first,
      })
    },
    version: async () => versionFinding(version, (await services.lastUpdate?.()) ?? null),
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

/** A check that needs the upstreams, and says so where there are none. */
function withUpstreams(
  upstreams: CheckedUpstreams | null,
  check: (upstreams: CheckedUpstreams) => Promise<Finding>,
): Check {
  return () => (upstreams === null ? unknown(notValid) : check(upstreams))
}

async function checkStorage(services: HealthServices): Promise<Finding> {
  await services.storage().ensure()
  return ok('Tables and queue can be reached.')
}

async function checkIdentity(upstreams: CheckedUpstreams): Promise<Finding> {
  await upstreams.fetchTokens()
  return ok('The managed identity gives tokens for Exchange Online and Microsoft Graph.')
}

async function checkExchange({ source }: CheckedUpstreams): Promise<Finding> {
  return withToken(async () => {
    await source.probeMailboxes([nobody])
    return ok('Mailboxes can be read.')
  })
}

/** Reads the groups of the source filter, or asks for one that is not there. */
async function checkGraph({ directory, sourceFilter }: CheckedUpstreams): Promise<Finding> {
  return withToken(async () => {
    const ids = sourceFilter.length === 0 ? [nobody] : sourceFilter
    const groups = await Promise.all(
      ids.map(async (id) => ({ id, group: await directory.readGroup(id) })),
    )
    const missing = groups.filter(({ id, group }) => group === null && id !== nobody)
    if (missing.length === 0) return ok('Groups can be read.')
    const names = missing.map(({ id }) => id).join(', ')
    return failing(
      `The source filter names groups that do not exist in Graph: ${names}.`,
      'SOURCE_FILTER_UNREADABLE',
    )
  })
}

/** A missing token is the identity's fault, and is reported there. */
async function withToken(check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check()
  } catch (error) {
    const isTokenMissing = isSyncError(error) && error.code === 'IDENTITY_UNAVAILABLE'
    return isTokenMissing ? unknown(noToken) : findingOf(error)
  }
}

// A run may use the whole rate limit (contract, section 2), and it may go on in another instance than this one.
async function checkZivver(
  { target }: CheckedUpstreams,
  services: HealthServices,
): Promise<Finding> {
  const slots = await Promise.resolve()
    .then(() => services.storage().runs.slots())
    .catch(() => null)
  if (slots === null) {
    return unknown('Not checked, because storage cannot say whether a run is active.')
  }
  if (slots.active !== null) {
    return unknown(`Not checked, because run ${slots.active} may use the whole rate limit.`)
  }
  await target.probeAccounts([{ kind: 'user', scimId: nobody }])
  return ok('Accounts can be read.')
}

async function checkEmail(
  { reachMail }: HealthServices,
  history: HistoryFacts | null,
): Promise<Finding> {
  if (reachMail === null) return ok('No mail is set up: reports are in the history only.')
  try {
    await reachMail()
  } catch (error) {
    return {
      status: 'failing',
      message: `The mail service cannot be reached: ${messageOf(error)}`,
      remedy:
        'Check CLOUD_SYNC__EMAIL_ENDPOINT or CLOUD_SYNC__EMAIL_CONNECTION_STRING, and the outbound network rules of the Function App.',
    }
  }
  const report = history?.last?.report ?? null
  if (report?.email !== 'failed') return ok('The mail service can be reached.')
  return {
    status: 'warning',
    message: `The last report could not be mailed: ${report.message ?? 'no reason is known'}`,
    remedy:
      'Check the sender address, the recipients, and that the identity or the connection string may send.',
  }
}
