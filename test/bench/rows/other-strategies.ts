import { rateLimited } from '../bounds.ts'
import { type Line, processLine, type Row, type Tools } from '../row.ts'
import { atMost, nothingChanged, runLine } from '../run-line.ts'
import type { StrategyResult } from '../strategies/client.ts'
import { lookUpEach } from '../strategies/look-up-each.ts'
import { readBeforeWrite } from '../strategies/read-before-write.ts'
import { buildBenchTenant, expectedAccounts, expectedRows } from '../world/bench-tenant.ts'
import { BenchWorld } from '../world/bench-world.ts'

const mailboxes = 1_000
const rateLimit = { requests: 50, seconds: 0.25 }

/** What other tools do, on the same simulators, beside us. One call after the other is part of the row `no-change`. */
export const otherStrategies: Row = {
  name: 'other-strategies',
  title: 'Honest strategies of other tools, 1,000 mailboxes, rate limit 50 per 0.25 s',
  measure: async (tools) => [...(await compareNoChange(tools)), ...(await compareFirstSync(tools))],
}

async function compareNoChange({ tell }: Tools): Promise<Line[]> {
  const tenant = buildBenchTenant({ mailboxes })
  const accounts = expectedAccounts(tenant)
  await using world = await BenchWorld.start({ tenant, accounts, rateLimit })
  await world.linkAll(expectedRows(tenant))
  tell('a look-up per account')
  const other = await lookUpEach(world, rateLimit)
  const run = await world.run({ perform_sync: true }, tell)
  return [
    runLine('no change: Cloud Sync', run, null, [
      nothingChanged(run, mailboxes),
      atMost('time ÷ time of the other', run.seconds / other.seconds, 1),
    ]),
    otherLine('no change: a look-up per account per run', other),
  ]
}

async function compareFirstSync({ tell }: Tools): Promise<Line[]> {
  const tenant = buildBenchTenant({ mailboxes })
  tell('a read before every write')
  const other = await inEmptyWorld(tenant, (world) => readBeforeWrite(world, rateLimit))
  const run = await inEmptyWorld(tenant, (world) =>
    world.run({ perform_sync: true, allow_large_sync: true }, tell),
  )
  return [
    runLine('first sync: Cloud Sync', run, rateLimited(mailboxes, rateLimit), [
      { text: 'one write per account', ok: run.calls.zivverWrites === mailboxes },
      atMost('time ÷ time of the other', run.seconds / other.seconds, 1),
    ]),
    otherLine('first sync: a read before every write', other),
  ]
}

async function inEmptyWorld<T>(
  tenant: ReturnType<typeof buildBenchTenant>,
  work: (world: BenchWorld) => Promise<T>,
): Promise<T> {
  await using world = await BenchWorld.start({ tenant, rateLimit })
  return await work(world)
}

function otherLine(work: string, { calls, seconds }: StrategyResult): Line {
  return processLine({ work: `other strategy: ${work}`, calls, seconds, checks: [] })
}
