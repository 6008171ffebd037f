import { callsInFlight, pagesInTurn, sideBySide } from '../bounds.ts'
import { type Line, processLine, type Row } from '../row.ts'
import { atMost, nothingChanged, runLine } from '../run-line.ts'
import { readSerially } from '../strategies/read-serially.ts'
import { buildBenchTenant, expectedAccounts, expectedRows } from '../world/bench-tenant.ts'
import { BenchWorld } from '../world/bench-world.ts'

const mailboxes = 10_000
const groups = 200
const callMs = 50
/** Graph calls that the app keeps in flight. */
const inFlight = 8
/** The serial strategy is measured on a tenant that is so many times smaller, and scaled. */
const scale = 10
const mostMiB = 150

/** The work that a well-known open-source connector needs 18 to 19 s and 209 to 238 MB for (reference, section 3). */
export const noChange: Row = {
  name: 'no-change',
  title: 'No change, 10,000 mailboxes, 200 filter groups, 50 ms per call, permissions off',
  measure: async ({ tell }) => {
    tell(`one call after the other, ${mailboxes / scale} mailboxes`)
    const serial = await measureSerial()
    const tenant = buildBenchTenant({ mailboxes, groups })
    await using world = await BenchWorld.start({
      tenant,
      accounts: expectedAccounts(tenant),
      callMs,
      env: {
        CLOUD_SYNC__DELEGATES: 'False',
        CLOUD_SYNC__SOURCE_FILTER: tenant.groupIds.join(','),
      },
    })
    await world.linkAll(expectedRows(tenant))
    const run = await world.run({ perform_sync: true }, tell)
    const bound = sideBySide(
      pagesInTurn(mailboxes, 1000, callMs),
      callsInFlight(groups, 'groups', callMs, inFlight),
    )
    const line = runLine('read and compare', run, bound, [
      atMost('time ÷ bound', run.seconds / bound.seconds, 2),
      atMost('time ÷ a seventh of one after the other', run.seconds / (serial.seconds / 7), 1),
      atMost('memory', run.peakMiB, mostMiB, ' MiB'),
      nothingChanged(run, mailboxes),
    ])
    return [line, serial]
  },
}

/** One call after the other with default pages, at a tenth of the size, scaled. */
async function measureSerial(): Promise<Line> {
  const tenant = buildBenchTenant({ mailboxes: mailboxes / scale, groups: groups / scale })
  await using world = await BenchWorld.start({ tenant, accounts: expectedAccounts(tenant), callMs })
  const { calls, seconds } = await readSerially(world)
  return processLine({
    work: `other strategy: one call after the other, default pages (1,000 mailboxes, × ${scale})`,
    calls: calls * scale,
    seconds: seconds * scale,
    checks: [],
  })
}
