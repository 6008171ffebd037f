import { type Check, type Line, type Row, type Tools } from '../row.ts'
import { atMost, nothingChanged, runLine } from '../run-line.ts'
import { buildBenchTenant, expectedAccounts, expectedRows } from '../world/bench-tenant.ts'
import { BenchWorld } from '../world/bench-world.ts'

const sizes = [1_000, 10_000, 100_000] as const
const mostPerTenfold = 10.5
const mostMiB = 400

/** What the app itself needs: nothing is waited for. */
export const scaling: Row = {
  name: 'scaling',
  title: 'No change, 1,000 to 100,000 mailboxes, no latency',
  measure: async (tools) => {
    const lines: Line[] = []
    for (const size of sizes) lines.push(await measureSize(size, lines.at(-1), tools))
    return lines
  },
}

async function measureSize(
  mailboxes: number,
  smaller: Line | undefined,
  { tell }: Tools,
): Promise<Line> {
  tell(`${mailboxes} mailboxes: setting up`)
  const tenant = buildBenchTenant({ mailboxes })
  await using world = await BenchWorld.start({ tenant, accounts: expectedAccounts(tenant) })
  await world.linkAll(expectedRows(tenant))
  await world.startApp()
  const run = await world.run({ perform_sync: true }, tell)
  const checks: Check[] = [nothingChanged(run, mailboxes)]
  if (smaller !== undefined) {
    checks.push(atMost('time per tenfold', run.seconds / smaller.seconds, mostPerTenfold))
    if (run.peakMiB !== null && smaller.peakMiB !== null) {
      checks.push(atMost('memory per tenfold', run.peakMiB / smaller.peakMiB, mostPerTenfold))
    }
  }
  if (mailboxes === sizes.at(-1)) checks.push(atMost('memory', run.peakMiB, mostMiB, ' MiB'))
  return runLine(`${mailboxes} mailboxes with permissions`, run, null, checks)
}
