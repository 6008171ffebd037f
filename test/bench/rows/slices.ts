import { rateLimited } from '../bounds.ts'
import type { Row } from '../row.ts'
import { atMost, runLine } from '../run-line.ts'
import { buildBenchTenant } from '../world/bench-tenant.ts'
import { BenchWorld, type MeasuredRun } from '../world/bench-world.ts'

const mailboxes = 1_050
const rateLimit = { requests: 5, seconds: 0.3 }
const sliceSeconds = 1
const leastSlices = 30
const mostOverhead = 1.03

/**
 * One long run, cut into invocations. Rows per second are those of a real first sync (5 to 20 a second); the slices are 480
 * times shorter than real ones, so that what each costs shows. Each ends when the writes that it had begun are through.
 */
export const slices: Row = {
  name: 'slices',
  title: `30 slices of one long run: ${mailboxes} creates, rate limit 5 per 0.3 s`,
  measure: async ({ tell }) => {
    // Both at once: they wait for the rate limit nearly all of the time, each for its own Zivver's. What they take is
    // compared with each other only: two hosts share the cores.
    const [whole, sliced] = await Promise.all([
      measure({ CLOUD_SYNC__SLICE_SECONDS: '600' }, tell),
      measure({ CLOUD_SYNC__SLICE_SECONDS: String(sliceSeconds) }, () => undefined),
    ])
    const bound = rateLimited(mailboxes, rateLimit)
    return [
      runLine(`slices of ${sliceSeconds} s`, sliced.run, bound, [
        { text: `${sliced.slices} slices`, ok: sliced.slices >= leastSlices },
        atMost('time ÷ time in one piece', sliced.run.seconds / whole.run.seconds, mostOverhead),
        { text: 'one write per account', ok: sliced.run.calls.zivverWrites === mailboxes },
      ]),
      runLine('in one piece', whole.run, bound, []),
    ]
  },
}

async function measure(
  env: Record<string, string>,
  tell: (text: string) => void,
): Promise<{ run: MeasuredRun; slices: number }> {
  const tenant = buildBenchTenant({ mailboxes })
  await using world = await BenchWorld.start({ tenant, rateLimit, env })
  const run = await world.run({ perform_sync: true, allow_large_sync: true }, tell)
  const { runs } = await world.storage.runs.list(1)
  return { run, slices: runs[0]?.usage.slices ?? 0 }
}
