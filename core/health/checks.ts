import { createHash } from 'node:crypto'
import type { CheckName } from '../api/health.ts'
import type { ParsedSettings } from '../config.ts'
import { messageOf } from '../errors.ts'
import { isSuccess, type RunRecord } from '../model/run.ts'
import type { Clock, HealthStore, RunStore } from '../ports.ts'
import { readHistory } from '../run/read-history.ts'
import type { UpdateLog } from '../update/services.ts'
import {
  type Finding,
  ok,
  scheduleFinding,
  settingsFinding,
  unknown,
  versionFinding,
} from './findings.ts'
import type { Check } from './health.ts'
import {
  type CheckedUpstreams,
  checkExchange,
  checkGraph,
  checkIdentity,
  checkZivver,
} from './upstream-checks.ts'

/** What the checks look at. */
export interface HealthServices {
  readonly settings: ParsedSettings
  readonly version: string
  readonly clock: Clock
  /** @throws SyncError when the storage settings are unusable */
  storage(): {
    readonly runs: Pick<RunStore, 'list' | 'slots'>
    readonly health: HealthStore
    ensure(): Promise<void>
  }
  /** `null` while the settings are not valid. */
  readonly upstreams: CheckedUpstreams | null
  /** Calls the mail service as the sender of reports does; `null` = no mail is set up. @throws when it cannot be used */
  readonly reachMail: (() => Promise<void>) | null
  /** What came of the last look for a release; `null` = the app does not look for releases. */
  readonly lastUpdate: UpdateLog['lastAttempt'] | null
}

/** The checks of `/api/health`, one for each name of the contract. */
export function healthChecks(services: HealthServices): Record<CheckName, Check> {
  const { settings, upstreams, version } = services
  const basics = settings.ok ? settings.settings : settings.partial
  const isGood = (run: RunRecord): boolean => isSuccess(run, basics.performSync)
  const history = once(async () => readHistory(services.storage().runs, isGood))
  return {
    settings: () => settingsFinding(settings),
    storage: () => checkStorage(services),
    identity: withUpstreams(upstreams, checkIdentity),
    exchange: withUpstreams(upstreams, checkExchange),
    graph: withUpstreams(upstreams, checkGraph),
    zivver: withUpstreams(upstreams, (known) => checkZivverUnlessBusy(known, services)),
    email: async () => checkEmail(services, await history().catch(() => null)),
    schedule: async () => {
      const runs = await history().catch(() => null)
      if (runs === null) return unknown('Not checked, because the history cannot be read.')
      return scheduleFinding({
        ...basics,
        now: services.clock.now(),
        lastSuccess: runs.find(isGood) ?? null,
        firstRun: runs.at(-1) ?? null,
        knownSince: runs.length === 0 ? await keySince(services) : null,
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
  return () =>
    upstreams === null
      ? unknown('Not checked, because the settings are not valid.')
      : check(upstreams)
}

async function checkStorage(services: HealthServices): Promise<Finding> {
  const storage = services.storage()
  await storage.ensure()
  await storage.health.probe()
  return ok('Tables and queue can be reached, and a row was written, read and deleted.')
}

// A run may use the whole rate limit (contract, section 2), and it may go on in another instance than this one.
async function checkZivverUnlessBusy(
  upstreams: CheckedUpstreams,
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
  return checkZivver(upstreams, await keySince(services), services.clock.now())
}

/** Nothing tells when a key was made; storage remembers when it was first seen. It keeps a digest, never the key. */
async function keySince(services: HealthServices): Promise<string | null> {
  const { settings } = services
  if (!settings.ok) return null
  const { tenantId, zivverApiKey } = settings.settings
  const digest = createHash('sha256').update(`${tenantId} ${zivverApiKey}`).digest('hex')
  try {
    return await services.storage().health.keySeenSince(digest.slice(0, 16))
  } catch {
    return null
  }
}

async function checkEmail(
  { reachMail }: HealthServices,
  history: readonly RunRecord[] | null,
): Promise<Finding> {
  if (reachMail === null) return ok('No mail is set up: reports are in the history only.')
  try {
    await reachMail()
  } catch (error) {
    return {
      status: 'failing',
      message: `The mail service cannot be used: ${messageOf(error)}`,
      remedy:
        'Check CLOUD_SYNC__EMAIL_ENDPOINT or CLOUD_SYNC__EMAIL_CONNECTION_STRING, that the managed identity has the role Communication and Email Service Owner on the Communication Services resource (or that the access key is right), and the outbound network rules of the Function App.',
    }
  }
  const report = history?.[0]?.report ?? null
  if (report?.email !== 'failed') return ok('The mail service can be reached, and lets the app in.')
  return {
    status: 'warning',
    message: `The last report could not be mailed: ${report.message ?? 'no reason is known'}`,
    remedy:
      'Check the sender address, the recipients, and that the identity or the connection string may send.',
  }
}
