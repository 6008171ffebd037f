import type { RunRecord } from '../../../core/model/run.ts'
import { median } from '../../bench/median.ts'
import { buildBenchTenant, expectedAccounts, expectedRows } from '../../bench/world/bench-tenant.ts'
import { changeTenant } from '../../bench/world/changes.ts'
import type { PortCall } from '../../fakes/port-calls.ts'
import { createRandom } from '../../simulators/shared/random.ts'
import { ordinarySettings } from '../draw.ts'
import { finishedRuns } from '../judge.ts'
import { isStorageCall, type Times } from '../network.ts'
import { allProtections } from '../protections.ts'
import { SimTenant } from '../sim-tenant.ts'
import type { SimWorld } from '../sim-world.ts'
import { Provider } from './provider.ts'

export interface NightOptions {
  readonly tenants: number
  readonly mailboxes: number
  readonly workers: number
  /** Whether nobody has an account yet: every mailbox is one write. */
  readonly isFirst: boolean
}

/** What a night took, in virtual time. */
export interface Night {
  readonly allDoneMs: number
  /** All runs together, each from its start to its end. */
  readonly workedMs: number
  readonly medianRunMs: number
  readonly storageCallsPerRun: number
  /** Queue messages that were worked on. */
  readonly messages: number
}

/** Eight readings of 200 ms in one call, eight calls side by side: eight cmdlets in flight. */
const readings = { batch: 8, parallel: 8 }
const times: Times = {
  source: [800, 800],
  directory: [75, 75],
  zivver: [50, 100],
  mail: [300, 300],
  storage: [3, 8],
}
const changedShare = 0.01
const longestNightMs = 7 * 24 * 3_600_000

/**
 * Lets every tenant be synchronised once. They have the same mailboxes, to spare memory, and everything else of their
 * own: settings, rows, Zivver organisation.
 * @throws Error when a run does not succeed
 */
export async function measureNight(options: NightOptions): Promise<Night> {
  const provider = new Provider(options.workers)
  let storageCalls = 0
  const worlds = takeTenantsOn(provider, options, (call) => {
    if (isStorageCall(call)) storageCalls += 1
  })
  const flags = { perform_sync: true, allow_large_sync: options.isFirst }
  for (const world of worlds) void world.request(flags)
  if (!(await provider.untilQuiet(longestNightMs))) throw new Error('the night did not end')
  const durations = worlds.map((world) => durationOf(theRun(world)))
  return {
    allDoneMs: provider.scheduler.now,
    workedMs: durations.reduce((sum, ms) => sum + ms, 0),
    medianRunMs: median(durations),
    storageCallsPerRun: storageCalls / worlds.length,
    messages: provider.delivered,
  }
}

function takeTenantsOn(
  provider: Provider,
  { tenants, mailboxes, isFirst }: NightOptions,
  hear: (call: PortCall) => void,
): readonly SimWorld[] {
  const random = createRandom(1)
  const bench = buildBenchTenant({ mailboxes })
  const [accounts, rows] = [expectedAccounts(bench), expectedRows(bench)]
  changeTenant(bench, mailboxes * changedShare)
  const tenant = new SimTenant(bench.tenant)
  return Array.from({ length: tenants }, (_none, at) => {
    const world = provider.add({
      random: random.fork(`tenant-${at}`),
      tenant,
      accounts: isFirst ? [] : accounts,
      settings: {
        ...ordinarySettings(),
        tenantId: random.guid(),
        includedDomains: [...bench.includedDomains],
      },
      sendsMail: true,
      clocksAgree: true,
      protections: allProtections,
      guests: [],
      times,
      readings,
      witness: (_world, call) => hear(call),
    })
    for (const row of isFirst ? [] : rows) world.shared.mappings.set(row.key, row)
    return world
  })
}

/** @throws Error when it did not succeed */
function theRun(world: SimWorld): RunRecord {
  const [run] = finishedRuns(world, new Set())
  if (run?.status === 'succeeded' && world.violations.length === 0) return run
  const why = run?.error?.message ?? world.violations.join('; ')
  throw new Error(`a run ended as ${run?.status ?? 'nothing'}: ${why}`)
}

function durationOf({ started_at, finished_at }: RunRecord): number {
  return Date.parse(finished_at ?? '') - Date.parse(started_at ?? '')
}
