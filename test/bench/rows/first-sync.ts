import { inTurn, rateLimited } from '../bounds.ts'
import type { Row } from '../row.ts'
import { atMost, efficiencyAtLeast, runLine, totalCalls } from '../run-line.ts'
import { buildBenchTenant } from '../world/bench-tenant.ts'
import { BenchWorld } from '../world/bench-world.ts'
import { fewestReads, permissionReads } from './reads.ts'

const mailboxes = 10_000
const shared = 1_000
const cmdletMs = 100
const inFlight = 16
const rateLimit = { requests: 50, seconds: 0.25 }

/**
 * One permission reading and one write per account are the floor. A plan is made from complete lists, so the writes begin
 * when the last reading is there: both times add up.
 */
export const firstSync: Row = {
  name: 'first-sync',
  title:
    'First sync, 10,000 mailboxes (1,000 shared), 100 ms per cmdlet, 16 in flight, rate limit 50 per 0.25 s',
  measure: async ({ tell }) => {
    const tenant = buildBenchTenant({ mailboxes, shared })
    await using world = await BenchWorld.start({
      tenant,
      cmdletMs,
      rateLimit,
      env: { CLOUD_SYNC__EXCHANGE_CONCURRENCY: String(inFlight) },
    })
    const run = await world.run({ perform_sync: true, allow_large_sync: true }, tell)
    const bound = inTurn(
      permissionReads(tenant, mailboxes, { cmdletMs, inFlight }),
      rateLimited(mailboxes, rateLimit),
    )
    return [
      runLine('read all, create 10,000 accounts', run, bound, [
        efficiencyAtLeast(0.95, { bound, seconds: run.seconds }),
        atMost('calls', totalCalls(run.calls), 1.02 * (fewestReads(tenant) + mailboxes)),
        { text: 'one write per account', ok: run.calls.zivverWrites === mailboxes },
      ]),
    ]
  },
}
