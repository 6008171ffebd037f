import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { MappingRow } from '../../../core/model/mapping.ts'
import { openStorage } from '../../contract/stores.ts'
import { rawRows, rawTable } from './raw-table.ts'

const table = rawTable('MapCloudSyncMappings')

function aTenant() {
  const partition = randomUUID()
  return { partition, store: openStorage({ partition, namePrefix: 'Map' }).mappings }
}

function aRow(properties: Partial<MappingRow> = {}): MappingRow {
  return {
    key: randomUUID(),
    kind: 'user',
    scimId: 'scim-1',
    address: 'anna@contoso.example',
    displayName: 'Anna',
    active: true,
    linkedAt: '2026-11-23T01:00:00.000Z',
    lastRunId: 'run',
    refusedAliases: [],
    goneAt: null,
    ...properties,
  }
}

const rows = (count: number, properties: (index: number) => Partial<MappingRow>): MappingRow[] =>
  Array.from({ length: count }, (_, index) => aRow(properties(index)))

const byKey = (left: MappingRow, right: MappingRow): number => (left.key < right.key ? -1 : 1)

test('rows come back as they were stored, whatever their keys hold', async () => {
  const { store, partition } = aTenant()
  const stored = [
    aRow(),
    aRow({ key: "scim-a/b\\c#d?e%f=g'h é😀", kind: 'functional', active: false }),
    aRow({
      goneAt: '2026-11-24T01:00:00.000Z',
      refusedAliases: [
        {
          address: 'guest@fabrikam.example',
          code: 'ALIAS_IS_GUEST',
          firstRefusedAt: '2026-11-23T01:00:00.000Z',
          lastTriedAt: '2026-11-23T01:00:00.000Z',
        },
      ],
    }),
  ]
  await store.write({ upsert: stored, remove: [] })
  expect([...(await store.list())].sort(byKey)).toEqual(stored.toSorted(byKey))
  const [plain] = (await rawRows(table, partition)).filter(
    (row) => row['rowKey'] === stored[0]?.key,
  )
  expect(Object.keys(plain ?? {})).not.toContain('goneAt')
  expect(Object.keys(plain ?? {})).not.toContain('refusedAliases')
})

test('a row is replaced as a whole', async () => {
  const { store } = aTenant()
  const row = aRow({ goneAt: '2026-11-24T01:00:00.000Z' })
  await store.write({ upsert: [row], remove: [] })
  await store.write({ upsert: [{ ...row, goneAt: null }], remove: [] })
  expect(await store.list()).toEqual([{ ...row, goneAt: null }])
})

test('more rows than a transaction or a page holds are written and read', async () => {
  const { store } = aTenant()
  const many = rows(1205, (index) => ({ scimId: `s${index}` }))
  await store.write({ upsert: many, remove: [] })
  expect([...(await store.list())].sort(byKey)).toEqual(many.toSorted(byKey))
  const kept = many.slice(0, 3)
  await store.write({ upsert: [], remove: many.slice(3).map(({ key }) => key) })
  expect([...(await store.list())].sort(byKey)).toEqual(kept.toSorted(byKey))
})

test('accounts are found by the beginning of their address, a page at a time', async () => {
  const { store } = aTenant()
  await store.write({
    upsert: [
      ...rows(130, (index) => ({ address: `anna${index}@contoso.example` })),
      ...rows(20, (index) => ({ address: `bert${index}@contoso.example` })),
      aRow({ address: "o'brien@contoso.example" }),
    ],
    remove: [],
  })
  const first = await store.query({ address: 'ANNA' })
  expect(first.rows).toHaveLength(100)
  const second = await store.query({ address: 'ANNA' }, first.continuation)
  expect(second.rows).toHaveLength(30)
  expect(second.continuation).toBeUndefined()
  const found = [...first.rows, ...second.rows].map(({ address }) => address)
  expect(new Set(found).size).toBe(130)
  expect(found.every((address) => address.startsWith('anna'))).toBe(true)
  expect((await store.query({ address: "o'b" })).rows).toHaveLength(1)
  expect((await store.query({ address: 'nobody' })).rows).toEqual([])
  expect((await store.query({})).rows).toHaveLength(100)
})

test('tenants in one table do not see each other', async () => {
  const [here, there] = [aTenant().store, aTenant().store]
  await here.write({ upsert: [aRow()], remove: [] })
  expect(await there.list()).toEqual([])
})

test.each([
  [{ active: 'true' }, 'active'],
  [{ kind: 'group' }, 'kind'],
  [{ scimId: '' }, 'scimId'],
  [{ refusedAliases: '[{"address"' }, 'refusedAliases'],
])('a row that cannot be understood is never skipped: %j', async (spoilt, column) => {
  const { store, partition } = aTenant()
  const row = aRow()
  await store.write({ upsert: [row, aRow()], remove: [] })
  await table.updateEntity({ partitionKey: partition, rowKey: row.key, ...spoilt }, 'Merge')
  const named = new RegExp(
    `^table MapCloudSyncMappings, PartitionKey ${partition}, RowKey ${row.key}, column ${column}: .*; correct`,
  )
  await expect(store.list()).rejects.toMatchObject({
    code: 'STORED_ROW_INVALID',
    message: expect.stringMatching(named),
  })
})

test('a table that is deleted while the app runs is made again: the mappings are lost, the app is not', async () => {
  const partition = randomUUID()
  const store = openStorage({ partition, namePrefix: 'Lost' }).mappings
  await store.write({ upsert: [aRow()], remove: [] })
  await rawTable('LostCloudSyncMappings').deleteTable()
  expect(await store.list()).toEqual([])
  await rawTable('LostCloudSyncMappings').deleteTable()
  await store.write({ upsert: [aRow()], remove: [] })
  expect(await store.list()).toHaveLength(1)
})
