import type { Bound, Row } from '../row.ts'
import { efficiencyAtLeast, nothingChanged, runLine } from '../run-line.ts'
import {
  type BenchTenant,
  buildBenchTenant,
  expectedAccounts,
  expectedReadings,
  expectedRows,
} from '../world/bench-tenant.ts'
import { BenchWorld } from '../world/bench-world.ts'
import { permissionReads } from './reads.ts'

const mailboxes = 10_000
const shared = 1_000
const cmdletMs = 50
const inFlight = 8

function boundOf(tenant: BenchTenant, readings: number): Bound {
  return permissionReads(tenant, readings, { cmdletMs, inFlight })
}

async function linkedWorld(tenant: BenchTenant, env: Record<string, string>): Promise<BenchWorld> {
  const world = await BenchWorld.start({
    tenant,
    accounts: expectedAccounts(tenant),
    cmdletMs,
    env: { CLOUD_SYNC__EXCHANGE_CONCURRENCY: String(inFlight), ...env },
  })
  await world.linkAll(expectedRows(tenant))
  return world
}

/** One permission reading for each mailbox is the floor. */
export const permissions: Row = {
  name: 'permissions',
  title: 'No change, 10,000 mailboxes with permissions, 50 ms per cmdlet, 8 in flight',
  measure: async ({ tell }) => {
    const tenant = buildBenchTenant({ mailboxes, shared })
    await using world = await linkedWorld(tenant, {})
    const run = await world.run({ perform_sync: true }, tell)
    const bound = boundOf(tenant, mailboxes)
    return [
      runLine('read all permissions and compare', run, bound, [
        efficiencyAtLeast(0.95, { bound, seconds: run.seconds }),
        nothingChanged(run, mailboxes),
      ]),
    ]
  },
}

/** The same with readings of user mailboxes that are young enough. */
export const reusedReadings: Row = {
  name: 'reused-readings',
  title: 'The same, readings of user mailboxes reused (USER_DELEGATION_MAX_AGE_HOURS=24)',
  measure: async ({ tell }) => {
    const tenant = buildBenchTenant({ mailboxes, shared })
    await using world = await linkedWorld(tenant, {
      CLOUD_SYNC__USER_DELEGATION_MAX_AGE_HOURS: '24',
    })
    await world.keepReadings(expectedReadings(tenant, hoursAgo(20)))
    const run = await world.run({ perform_sync: true }, tell)
    const bound = boundOf(tenant, shared)
    const reused = run.warnings.find(({ code }) => code === 'READINGS_REUSED')
    return [
      runLine('read 1,000 of 10,000 permissions and compare', run, bound, [
        efficiencyAtLeast(0.75, { bound, seconds: run.seconds }),
        {
          text: `only shared mailboxes are read`,
          ok: run.calls.cmdlets['Get-MailboxPermission'] === shared,
        },
        { text: 'the age of the readings is told', ok: / 20\.0 hours/.test(reused?.message ?? '') },
        nothingChanged(run, mailboxes),
      ]),
    ]
  },
}

function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * 3_600_000).toISOString()
}
