import type { World } from './world.ts'

const dayMs = 86_400_000

/** Lets all runs so far have happened so many days earlier. */
export async function moveToThePast(world: World, days: number): Promise<void> {
  const before = (moment: unknown) =>
    new Date(Date.parse(String(moment)) - days * dayMs).toISOString()
  for (const row of await world.rows('CloudSyncRuns')) {
    if (row['finishedAt'] === undefined) continue
    const { partitionKey, rowKey, requestedAt, startedAt, finishedAt } = row
    const moments = {
      requestedAt: before(requestedAt),
      startedAt: before(startedAt),
      finishedAt: before(finishedAt),
    }
    const keys = { partitionKey: String(partitionKey), rowKey: String(rowKey) }
    await world.table('CloudSyncRuns').updateEntity({ ...keys, ...moments }, 'Merge')
  }
}
