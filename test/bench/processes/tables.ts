/**
 * The mapping table against a bare loop of `@azure/data-tables`, in a process of its own:
 * `node tables.ts '{"connectionString":"…","read":100000,"write":10000}'`. Prints the median seconds of each.
 */
import { odata, TableClient, type TransactionAction } from '@azure/data-tables'
import { systemClock } from '../../../core/adapters/system-clock.ts'
import { createStorage } from '../../../core/adapters/tables/storage.ts'
import type { MappingRow } from '../../../core/model/mapping.ts'
import { aRow, guid } from '../../support/build.ts'
import { inParts } from '../in-parts.ts'
import { median } from '../median.ts'

const { connectionString, read, write } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly connectionString: string
  readonly read: number
  readonly write: number
}
const rounds = 2
const partition = guid(0xffff)

/** One table, by our store and by the client library alone. */
function openTable(namePrefix: string) {
  const storage = { kind: 'connectionString', connectionString } as const
  const options = { storage, partition, clock: systemClock, leaseSeconds: 60, namePrefix }
  const bare = TableClient.fromConnectionString(
    connectionString,
    `${namePrefix}CloudSyncMappings`,
    {
      allowInsecureConnection: true,
    },
  )
  return { mappings: createStorage(options).mappings, bare }
}

type OpenTable = ReturnType<typeof openTable>

const seconds = { read: [], bareRead: [], write: [], bareWrite: [] } as Record<string, number[]>
// In a table of its own: the emulator takes longer to replace a row, the more there are.
const written = openTable('Written')
const rows = Array.from({ length: write }, (_none, at) => mappingOf(at))
await writeStore(written, rows)
await readBoth(written, write)
for (let round = 0; round < rounds; round++) {
  await time('bareWrite', () => writeBare(written, rows))
  await time('write', () => writeStore(written, rows))
}
const listed = openTable('Listed')
for (let start = 0; start < read; start += write) {
  const part = Array.from({ length: write }, (_none, at) => mappingOf(start + at))
  await writeStore(listed, part)
}
await time('bareRead', () => expectRows(read, () => readBare(listed)))
await time('read', () => expectRows(read, () => readStore(listed)))
const medians = Object.entries(seconds).map(([name, figures]) => [name, median(figures)])
process.stdout.write(`${JSON.stringify(Object.fromEntries(medians))}\n`)

async function time(name: string, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now()
  await work()
  seconds[name]?.push((performance.now() - began) / 1000)
}

/** Once without a clock, so that neither way is measured cold. */
async function readBoth(table: OpenTable, count: number): Promise<void> {
  await expectRows(count, () => readBare(table))
  await expectRows(count, () => readStore(table))
}

async function expectRows(expected: number, list: () => Promise<number>): Promise<void> {
  const count = await list()
  if (count !== expected) throw new Error(`${count} rows instead of ${expected}`)
}

async function readStore({ mappings }: OpenTable): Promise<number> {
  return (await mappings.list()).length
}

async function readBare({ bare }: OpenTable): Promise<number> {
  const entities: object[] = []
  const filter = odata`PartitionKey eq ${partition}`
  const pages = bare.listEntities({ queryOptions: { filter } }).byPage({ maxPageSize: 1000 })
  for await (const page of pages) entities.push(...page)
  return entities.length
}

function writeStore({ mappings }: OpenTable, upsert: readonly MappingRow[]): Promise<void> {
  return mappings.write({ upsert, remove: [] })
}

async function writeBare({ bare }: OpenTable, upsert: readonly MappingRow[]): Promise<void> {
  for (const part of inParts(upsert, 100)) {
    const actions = part.map((row): TransactionAction => {
      const { key, refusedAliases: _none, goneAt: _never, ...columns } = row
      return ['upsert', { partitionKey: partition, rowKey: key, ...columns }, 'Replace']
    })
    await bare.submitTransaction(actions)
  }
}

function mappingOf(at: number): MappingRow {
  const address = `person${at}@contoso.example`
  return aRow({ key: guid(at), scimId: guid(at + 1_000_000), address, displayName: `Person ${at}` })
}
