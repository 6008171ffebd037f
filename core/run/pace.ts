import type { RunRecord } from '../model/run.ts'
import type { ExecutionServices } from './services.ts'

/** Newest runs among which the last one that called Zivver is looked for: one may wait, others may have ended early. */
const looksBack = 4

/**
 * Keeps Zivver's rate limit over the borders of processes: before a slice calls Zivver, its own pace takes account of
 * what the executor before it did, in this run or in an earlier one, wherever that was.
 */
export async function keepPace(services: ExecutionServices, run: RunRecord): Promise<void> {
  const lastCallAt = run.zivverCalledAt ?? (await lastCallBefore(services))
  if (lastCallAt !== null) services.zivverPace.restoreAfter(new Date(lastCallAt))
}

async function lastCallBefore({ runs }: ExecutionServices): Promise<string | null> {
  const { runs: newest } = await runs.list(looksBack)
  const calls = newest.flatMap(({ zivverCalledAt }) => zivverCalledAt ?? [])
  return calls.sort().at(-1) ?? null
}
