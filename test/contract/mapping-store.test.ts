import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { MappingRow } from '../../core/model/mapping.ts'
import { aRow } from '../support/build.ts'
import { mappingStores } from './stores.ts'

const byKey = (left: MappingRow, right: MappingRow): number => (left.key < right.key ? -1 : 1)

function rowOf(scimId: string, part: Partial<MappingRow> = {}): MappingRow {
  return aRow({ key: randomUUID(), scimId, address: `${scimId}@contoso.example`, ...part })
}

describe.each(Object.entries(mappingStores))('mapping store (%s)', (_, open) => {
  test('doubles, rows that are gone already, and a key that is both stored and deleted do no harm', async () => {
    const store = open()
    const [first, second, third] = [rowOf('s1'), rowOf('s2'), rowOf('s3')]
    await store.write({ upsert: [second, third], remove: [] })
    await store.write({
      upsert: [first, { ...first, displayName: 'later' }, second],
      remove: [second.key, third.key, third.key, randomUUID()],
    })
    const expected = [{ ...first, displayName: 'later' }, second].sort(byKey)
    expect([...(await store.list())].sort(byKey)).toEqual(expected)
    await store.write({ upsert: [], remove: [] })
  })

  test('of more rows than a transaction holds, one that is stored is not deleted in a later transaction', async () => {
    const store = open()
    const rows = Array.from({ length: 120 }, (_row, index) => rowOf(`s${index}`))
    await store.write({ upsert: rows, remove: rows.map(({ key }) => key) })
    expect(await store.list()).toHaveLength(120)
  })

  test('accounts are found by the beginning of their address, in whatever case it is asked for', async () => {
    const store = open()
    const [anna, bert] = [rowOf('anna'), rowOf('bert')]
    await store.write({ upsert: [anna, bert], remove: [] })
    expect((await store.query({ address: 'ANN' })).rows).toEqual([anna])
    expect((await store.query({})).rows).toHaveLength(2)
  })
})
