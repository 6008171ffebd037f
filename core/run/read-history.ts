import type { RunRecord } from '../model/run.ts'
import type { RunStore } from '../ports.ts'

/** Enough for the charts of a report. */
const leastRuns = 60
const pageSize = 200
/** A schedule that fires each minute makes so many in three days, which is longer than a success may be away. */
const mostRuns = 4_000

/**
 * The newest runs, newest first: back to the last success, however many failed since. What lies further back than 4,000
 * runs is not looked at.
 * @param isSuccess of the runs that count, see `isSuccess` of the model
 */
export async function readHistory(
  runs: Pick<RunStore, 'list'>,
  isSuccess: (run: RunRecord) => boolean,
): Promise<readonly RunRecord[]> {
  const found: RunRecord[] = []
  let continuation: string | undefined
  do {
    const limit = found.length === 0 ? leastRuns : pageSize
    const page = await runs.list(limit, continuation)
    found.push(...page.runs)
    continuation = page.continuation
  } while (continuation !== undefined && found.length < mostRuns && !found.some(isSuccess))
  return found
}
