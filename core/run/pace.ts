import type { RunRecord } from '../model/run.ts'
import type { ExecutionServices } from './services.ts'

/**
 * Keeps Zivver's rate limit over the borders of processes: before a slice calls Zivver, its own pace takes account of
 * what the executor before it did, in this run or in the last one, wherever that was.
 * @param isTakeover the executor before was lost: it may have called as late as its lease allowed
 */
export async function keepPace(
  services: ExecutionServices,
  run: RunRecord,
  isTakeover: boolean,
): Promise<void> {
  const { clock, zivverPace, zivverCallTimeoutMs } = services
  const lastCallAt = run.zivverCalledAt ?? (await lastCallBefore(services, run))
  if (lastCallAt !== null) zivverPace.restoreAfter(new Date(lastCallAt))
  if (isTakeover) zivverPace.restoreAfter(new Date(clock.now().getTime() - zivverCallTimeoutMs))
}

async function lastCallBefore({ runs }: ExecutionServices, run: RunRecord): Promise<string | null> {
  const { runs: newest } = await runs.list(2)
  return newest.find(({ id }) => id !== run.id)?.zivverCalledAt ?? null
}
