import { callsInFlight, inTurn, rateLimited } from '../bounds.ts'
import type { Row } from '../row.ts'
import { efficiencyAtLeast, runLine } from '../run-line.ts'
import { buildBenchTenant, expectedAccounts, expectedRows } from '../world/bench-tenant.ts'
import { BenchWorld } from '../world/bench-world.ts'
import { changeTenant, writesBetween } from '../world/changes.ts'
import { permissionReads } from './reads.ts'

const mailboxes = 10_000
const changes = 50
const cmdletMs = 32
const inFlight = 8
const rateLimit = { requests: 50, seconds: 0.25 }

/** An ordinary night: everything is read, little is written. */
export const daily: Row = {
  name: 'daily',
  title: `Daily, 10,000 mailboxes, ${changes} changes, ${cmdletMs} ms per cmdlet, ${inFlight} in flight`,
  measure: async ({ tell }) => {
    const tenant = buildBenchTenant({ mailboxes })
    const accounts = expectedAccounts(tenant)
    const rows = expectedRows(tenant)
    const { deleted } = changeTenant(tenant, changes)
    const writes = writesBetween(accounts, expectedAccounts(tenant))
    await using world = await BenchWorld.start({ tenant, accounts, cmdletMs, rateLimit })
    await world.linkAll(rows)
    const run = await world.run({ perform_sync: true }, tell)
    const bound = inTurn(
      permissionReads(tenant, tenant.tenant.mailboxes.size, { cmdletMs, inFlight }),
      callsInFlight(deleted, 'absences to confirm', cmdletMs, inFlight),
      rateLimited(writes, rateLimit),
    )
    return [
      runLine(`read all permissions, write ${writes} accounts`, run, bound, [
        efficiencyAtLeast(0.9, { bound, seconds: run.seconds }),
        {
          text: `${run.calls.zivverWrites} writes for ${writes} accounts that differ (${changes} changes and the delegates they touch)`,
          ok: run.calls.zivverWrites === writes,
        },
      ]),
    ]
  },
}
