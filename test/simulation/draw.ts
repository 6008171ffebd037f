import { parseSettings, type Settings } from '../../core/config.ts'
import type { RunFlags } from '../../core/model/run.ts'
import { createRandom, type Random } from '../simulators/shared/random.ts'
import { type BuiltTenant, buildTenant } from '../simulators/tenant/build-tenant.ts'
import { Tenant } from '../simulators/tenant/tenant.ts'
import type { CallClass, Fault, Moment, Trigger } from './faults.ts'
import { zivverKey, zivverUrl } from './sim-zivver.ts'

/** What one round of a schedule is: what happened to the tenant, who asks for what, what goes wrong. */
export interface Round {
  readonly mutations: number
  readonly flags: Partial<RunFlags>
  readonly trigger: 'manual' | 'schedule'
  /** Another start at the same moment. */
  readonly second: 'none' | 'manual' | 'schedule'
  readonly faults: readonly Fault[]
}

/** So many different tenants; each is built once and played in many schedules. */
const tenants = 400
const built = new Map<number, BuiltTenant>()

export function drawTenant(random: Random): BuiltTenant {
  const seed = random.integer(1, tenants)
  const original = built.get(seed) ?? makeTenant(seed)
  built.set(seed, original)
  // A schedule changes its tenant.
  return { ...original, tenant: new Tenant(structuredClone(original.tenant.toJSON())) }
}

function makeTenant(seed: number): BuiltTenant {
  const random = createRandom(seed)
  return buildTenant({
    seed,
    mailboxes: random.integer(15, 18),
    awkward: random.pick([0, 2, 4]),
    existingAccounts: random.pick([0, 0.3, 0.7]),
    delegatedUsers: 0.3,
  })
}

const ordinary = parseSettings({
  CLOUD_SYNC__TENANT_ID: '11111111-2222-4333-8444-555555555555',
  CLOUD_SYNC__ZIVVER_API_KEY: zivverKey,
  CLOUD_SYNC__ZIVVER_API_URL: zivverUrl,
  CLOUD_SYNC__INCLUDED_DOMAINS: 'contoso.example',
  CLOUD_SYNC__SSO_ACCOUNT_KEY: 'object_id',
})

/** The settings that an installation has when it sets only what is required. */
export function ordinarySettings(): Settings {
  if (!ordinary.ok) throw new Error('the settings of the simulation are not valid')
  return ordinary.settings
}

export function drawSettings(random: Random, { includedDomains, tenant }: BuiltTenant): Settings {
  return {
    ...ordinarySettings(),
    tenantId: tenant.id,
    includedDomains: [...includedDomains],
    ssoAccountKey: random.pick(['object_id', 'omit']),
    writeIdentifiers: random.chance(0.8),
    delegates: random.chance(0.9),
    reactivate: random.chance(0.2) ? 'all' : 'ours',
    performSync: random.chance(0.7),
    leaseSeconds: random.pick([60, 60, 30]),
    sliceSeconds: random.pick([480, 480, 4, 1]),
    zivverRateLimit: random.pick([
      { requests: 50, seconds: 10 },
      { requests: 5, seconds: 2 },
      { requests: 10, seconds: 40 },
    ]),
  }
}

/** Now and then an address that Zivver refuses as an alias. */
export function drawGuests(random: Random, { tenant, includedDomains }: BuiltTenant): string[] {
  if (!random.chance(0.2)) return []
  const proxies = [...tenant.mailboxes.values()].flatMap(({ emailAddresses }) => emailAddresses)
  const aliases = proxies
    .filter((proxy) => proxy.startsWith('smtp:'))
    .map((proxy) => proxy.slice(5))
  return random.sample(
    aliases.filter((alias) => includedDomains.some((domain) => alias.endsWith(`@${domain}`))),
    1,
  )
}

export function drawRound(random: Random, isFirst: boolean, mustFail: boolean): Round {
  const allowed = { perform_sync: true, allow_large_sync: true }
  const faults = random.integer(mustFail ? 1 : 0, 3)
  return {
    mutations: isFirst ? 0 : random.integer(1, 6),
    flags: random.pick([allowed, allowed, allowed, allowed, { perform_sync: true }, {}]),
    trigger: random.chance(0.1) ? 'schedule' : 'manual',
    second: random.pick(['none', 'none', 'none', 'manual', 'schedule']),
    faults: Array.from({ length: faults }, () => drawFault(random)),
  }
}

/** A fault that meets one of the very first calls of a round. */
export function earlyFault(random: Random): Fault {
  return {
    kind: 'crash',
    at: { call: 'any', nth: random.integer(1, 20) },
    moment: 'after',
    restartMs: 1000,
  }
}

const moments: readonly Moment[] = ['before', 'during', 'during_lost', 'after']

function drawFault(random: Random): Fault {
  return random.pick(makers)(random)
}

function processTrigger(random: Random): Trigger {
  const call = random.pick<CallClass>([
    'any',
    'storage',
    'journal',
    'mappings',
    'runs',
    'zivver_write',
    'zivver_write',
  ])
  const most = { any: 120, storage: 60, journal: 30, runs: 20, mappings: 8, zivver_write: 14 }[
    call as 'any'
  ]
  return { call, nth: random.integer(1, most) }
}

const write = (random: Random): Trigger => ({ call: 'zivver_write', nth: random.integer(1, 12) })
const read = (random: Random): Trigger => ({ call: 'zivver_read', nth: random.integer(1, 3) })
const storage = (random: Random): Trigger => ({ call: 'storage', nth: random.integer(1, 60) })

/** Shorter than a lease, about as long, and longer. */
function pauseMs(random: Random): number {
  const most = random.pick([20_000, 90_000, 200_000])
  return random.integer(most / 2, most)
}

const makers: readonly ((random: Random) => Fault)[] = [
  ...Array.from(
    { length: 6 },
    () =>
      (random: Random): Fault => ({
        kind: 'crash',
        at: processTrigger(random),
        moment: random.pick(moments),
        restartMs: random.integer(500, 90_000),
      }),
  ),
  ...Array.from(
    { length: 4 },
    () =>
      (random: Random): Fault => ({
        kind: 'pause',
        at: processTrigger(random),
        moment: random.pick(moments),
        ms: pauseMs(random),
      }),
  ),
  (random) => ({
    kind: 'freeze',
    at: processTrigger(random),
    moment: random.pick(moments),
    ms: pauseMs(random),
  }),
  (random) => ({ kind: 'storage_refused', at: storage(random) }),
  (random) => ({ kind: 'storage_answer_lost', at: storage(random) }),
  (random) => ({ kind: 'storage_down', at: storage(random), ms: random.integer(1_000, 15_000) }),
  (random) => ({ kind: 'slow_answer', at: storage(random), ms: random.integer(5_000, 150_000) }),
  (random) => ({
    kind: 'slow_answer',
    at: { call: 'source', nth: random.integer(1, 4) },
    ms: random.integer(5_000, 150_000),
  }),
  (random) => ({ kind: 'request_lost', at: write(random), times: random.integer(1, 5) }),
  (random) => ({ kind: 'answer_lost', at: write(random), times: random.integer(1, 5) }),
  (random) => ({ kind: 'answer_lost', at: write(random), times: 1 }),
  (random) => ({
    kind: 'throttled',
    at: random.pick([write, read])(random),
    times: random.integer(1, 4),
    retryAfter: random.pick([null, 2, 45, 120]),
  }),
  (random) => ({ kind: 'rejected', at: write(random), text: random.pick(refusalTexts) }),
  (random) => ({ kind: 'ignored', at: write(random) }),
  (random) => ({
    kind: 'zivver_down',
    at: random.pick([write, read])(random),
    ms: random.integer(2_000, 120_000),
  }),
  (random) => ({ kind: 'zivver_list_cut', at: read(random) }),
  (random) => ({ kind: 'source_error', at: { call: 'source', nth: random.integer(1, 5) } }),
  () => ({ kind: 'source_list_cut', at: { call: 'source', nth: 1 } }),
  (random) => ({ kind: 'message_lost', at: { call: 'queue', nth: random.integer(1, 2) } }),
  (random) => ({ kind: 'message_doubled', at: { call: 'queue', nth: random.integer(1, 2) } }),
  (random) => ({ kind: 'cancelled', at: processTrigger(random) }),
  (random) => ({ kind: 'settings_changed', at: processTrigger(random) }),
  (random) => ({ kind: 'version_changed', at: processTrigger(random) }),
]

const refusalTexts = [
  'Account is outside the organization',
  'Invalid division: /Sales',
  'Invalid request: no reason',
]
