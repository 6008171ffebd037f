import type { World } from '../system/world.ts'

const dayMs = 86_400_000
const moment = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g
/** Columns that name a row, and what storage keeps itself. */
const fixed = new Set(['partitionKey', 'rowKey', 'etag', 'timestamp'])

/** Makes everything that an installation remembers so many days older: as if it had slept meanwhile. */
export async function letDaysPass(world: World, days: number): Promise<void> {
  for (const name of ['CloudSyncMappings', 'CloudSyncRuns']) {
    const table = world.table(name)
    for (const row of await world.rows(name)) {
      const older = Object.entries(row).flatMap(([column, value]) => {
        if (fixed.has(column) || typeof value !== 'string') return []
        const text = value.replaceAll(moment, (found) => earlier(found, days))
        return text === value ? [] : [[column, text] as const]
      })
      if (older.length === 0) continue
      const { partitionKey, rowKey } = row as { partitionKey: string; rowKey: string }
      await table.updateEntity({ partitionKey, rowKey, ...Object.fromEntries(older) }, 'Merge')
    }
  }
}

function earlier(text: string, days: number): string {
  return new Date(Date.parse(text) - days * dayMs).toISOString()
}
