/**
 * The mapping table against a bare loop of `@azure/data-tables`, in a process of its own:
 * `node tables.ts '{"connectionString":"…","read":100000,"write":10000}'`. Prints the median seconds of each.
 */
import { odata, TableClient, type TransactionAction } from '@azure/data-tables'
import { systemClock } from '../../../core/adapters/system-clock.ts'
import { createStorage } from '../../../core/adapters/tables/storage.ts'
import type { MappingRow } from '../../../core/model/mapping.ts'
import { aRow, guid } from '../../support/build.ts'
import { median } from '../median.ts'

const { connectionString, read, write } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly connectionString: string
  readonly read: number
  readonly write: number
}
const rounds = 2
const partition = guid(0xffff)
const storage = { kind: 'connectionString', connectionString } as const
const { mappings } = createStorage({ storage, partition, clock: systemClock, leaseSeconds: 60 })
const bare = TableClient.fromConnectionString(connectionString, 'CloudSyncMappings', {
  allowInsecureConnection: true,
})

const rows = Array.from({ length: read }, (_none, at) => mappingOf(at))
for (let start = 0; start < read; start += 10_000) {
  await mappings.write({ upsert: rows.slice(start, start + 10_000), remove: [] })
}
const seconds = { read: [], bareRead: [], write: [], bareWrite: [] } as Record<string, number[]>
const changed = rows.slice(0, write)
for (let round = 0; round < rounds; round++) {
  await time('bareRead', readBare)
  await time('read', async () => (await mappings.list()).length)
  await time('bareWrite', () => writeBare(changed))
  await time('write', async () => {
    await mappings.write({ upsert: changed, remove: [] })
    return changed.length
  })
}
const medians = Object.entries(seconds).map(([name, figures]) => [name, median(figures)])
process.stdout.write(`${JSON.stringify(Object.fromEntries(medians))}\n`)

async function time(name: string, work: () => Promise<number>): Promise<void> {
  const began = performance.now()
  const count = await work()
  seconds[name]?.push((performance.now() - began) / 1000)
  const expected = name.toLowerCase().includes('read') ? read : write
  if (count !== expected) throw new Error(`${name}: ${count} rows instead of ${expected}`)
}

async function readBare(): Promise<number> {
  const entities: object[] = []
  const filter = odata`PartitionKey eq ${partition}`
  const pages = bare.listEntities({ queryOptions: { filter } }).byPage({ maxPageSize: 1000 })
  for await (const page of pages) entities.push(...page)
  return entities.length
}

async function writeBare(upsert: readonly MappingRow[]): Promise<number> {
  for (let start = 0; start < upsert.length; start += 100) {
    const actions = upsert.slice(start, start + 100).map((row): TransactionAction => {
      const { key, refusedAliases: _none, goneAt: _never, ...columns } = row
      return ['upsert', { partitionKey: partition, rowKey: key, ...columns }, 'Replace']
    })
    await bare.submitTransaction(actions)
  }
  return upsert.length
}

function mappingOf(at: number): MappingRow {
  const address = `person${at}@contoso.example`
  return aRow({ key: guid(at), scimId: guid(at + 1_000_000), address, displayName: `Person ${at}` })
}
