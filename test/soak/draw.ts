/** Everything that a seed decides: the tenant, its settings, how the services behave, and what happens in each round. */
import type { OracleSettings } from '../oracle/model.ts'
import { drawCircumstances } from '../properties/circumstances.ts'
import { withHistory } from '../properties/history.ts'
import { createRandom, type Random } from '../simulators/shared/random.ts'
import { type BuiltTenant, buildTenant } from '../simulators/tenant/build-tenant.ts'
import type { AccountSeed } from '../simulators/zivver/account.ts'
import type { GivenOptions } from '../simulators/zivver/options.ts'
import type { RateLimit } from './judge.ts'
import { drawStrike, type Strike } from './strikes.ts'
import { drawWireFault, type WireFault } from './wire-faults.ts'

export interface WorldDraw {
  readonly seed: number
  readonly tenant: TenantOptions
  /** The tenant as it is built from these options, anywhere. */
  readonly built: BuiltTenant
  readonly accounts: readonly AccountSeed[]
  readonly settings: OracleSettings
  /** Aliases that Zivver refuses. */
  readonly guests: readonly string[]
  /** Mailboxes that are not there yet when the first run comes; some join later. */
  readonly joinLater: readonly string[]
  readonly rateLimit: RateLimit
  readonly leaseSeconds: number
  readonly sliceSeconds: number
  /** How long a queue message stays invisible when its host is killed. */
  readonly messageSeconds: number
  readonly cmdletMs: number
  readonly callMs: number
  readonly zivver: GivenOptions
  readonly microsoft365: object
  readonly rounds: number
}

interface TenantOptions {
  readonly seed: number
  readonly mailboxes: number
  readonly awkward: number
  readonly existingAccounts: number
  readonly delegatedUsers: number
}

/** Who asks for a run while faults go on. */
export type Request = 'sync' | 'sync twice at once' | 'guarded sync' | 'preview' | 'tick'

export interface RoundDraw {
  /** How many things happen before each run that is asked for. */
  readonly changes: readonly number[]
  readonly wire: readonly WireFault[]
  readonly strikes: readonly Strike[]
  /** One after another, each as soon as the one before has ended. */
  readonly requests: readonly Request[]
  /** After so long the faults end, whatever is under way. */
  readonly stormMs: number
  /** Decides the rest: what the changes are, and what the calm run is asked to do. */
  readonly random: Random
}

export function drawWorld(seed: number): WorldDraw {
  const random = createRandom(seed)
  const tenant = {
    seed,
    mailboxes: random.integer(25, 70),
    awkward: random.pick([1, 4]),
    existingAccounts: random.pick([0, 0.2, 0.6]),
    delegatedUsers: 0.3,
  }
  const built = buildTenant(tenant)
  const { settings, upstream } = drawCircumstances(random.fork('circumstances'), built)
  const history = random.fork('history')
  const mailboxes = [...built.tenant.mailboxes.keys()]
  return {
    seed,
    tenant,
    built,
    accounts: built.accounts.map((account) => withHistory(account, history)),
    settings,
    guests: upstream.guests,
    joinLater: random.sample(mailboxes, Math.floor(mailboxes.length * 0.15)),
    rateLimit: random.pick([
      { requests: 50, seconds: 0.5 },
      { requests: 20, seconds: 0.5 },
      { requests: 10, seconds: 0.25 },
    ]),
    leaseSeconds: random.pick([2, 3, 4]),
    sliceSeconds: random.pick([1, 1, 2]),
    messageSeconds: random.pick([3, 600]),
    cmdletMs: random.pick([0, 20, 60]),
    callMs: random.pick([0, 2, 10]),
    zivver: drawZivver(random.fork('zivver')),
    microsoft365: drawMicrosoft365(random.fork('microsoft365')),
    rounds: random.integer(4, 7),
  }
}

export function drawRound(world: WorldDraw, number: number, mayStopStorage = true): RoundDraw {
  const random = createRandom(world.seed).fork(`round ${number}`)
  const leaseMs = world.leaseSeconds * 1000
  const circumstances = { zivverTimeoutMs: leaseMs / 2, rateLimit: world.rateLimit }
  const draw = <T>(count: number, make: () => T) => Array.from({ length: count }, make)
  return {
    changes: draw(6, () => random.integer(4, 15)).map((count, at) =>
      // The first sync meets the tenant as it was built.
      number === 1 && at === 0 ? 0 : count,
    ),
    wire: draw(random.integer(3, 6), () => drawWireFault(random, circumstances)),
    strikes: draw(random.integer(2, 4), () => drawStrike(random, leaseMs, mayStopStorage)),
    requests: draw(random.integer(3, 6), () =>
      random.pick<Request>([
        'sync',
        'sync',
        'sync',
        'sync twice at once',
        'guarded sync',
        'preview',
        'tick',
      ]),
    ),
    stormMs: random.integer(8_000, 14_000),
    random: random.fork('rest'),
  }
}

/** Ways in which the real Zivver may differ from the documented one, that Cloud Sync must not notice. */
function drawZivver(random: Random): GivenOptions {
  const seldom = <T>(some: T, usual: T): T => (random.chance(0.25) ? some : usual)
  return {
    totalResults: seldom('absent', 'right'),
    errorFormat: random.pick(['text', 'json', 'scim']),
    unknownIdStatus: seldom(404, 400),
    duplicateStatus: seldom(400, 409),
    patchStatus: seldom(204, 200),
    addressCase: seldom('mixed', 'lower'),
  }
}

/** Likewise for Exchange Online and Graph. */
function drawMicrosoft365(random: Random): object {
  const seldom = <T>(some: T, usual: T): T => (random.chance(0.25) ? some : usual)
  return {
    identity: { tokenFormat: seldom('jwt', 'opaque') },
    exchange: {
      cursors: seldom('refused', 'working'),
      emptyNextLinkAtEnd: seldom(true, false),
      selectSurvivesPaging: seldom(false, true),
      duplicatesAcrossPages: seldom(true, false),
      noRows: random.pick(['empty', 'null', 'missing']),
      singleRowAsObject: seldom(true, false),
      booleansAsText: seldom(true, false),
      redirect: seldom('regional', 'none'),
      notFoundStatus: random.pick([404, 400, 500]),
      ambiguousStatus: random.pick([400, 404, 500]),
      errorShape: random.pick(['full', 'full', 'no_innererror', 'json_details']),
      rateLimitHeaders: seldom(true, false),
      batchOrder: seldom('shuffled', 'asked'),
    },
    graph: {
      defaultPageSize: seldom(3, 100),
      duplicatesAcrossPages: seldom(true, false),
    },
  }
}
