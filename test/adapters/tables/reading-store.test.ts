import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { StoredReading } from '../../../core/ports.ts'
import { openStorage } from '../../contract/stores.ts'
import { rawRows, rawTable } from './raw-table.ts'

const aStore = () => openStorage({ partition: randomUUID(), namePrefix: 'Read' }).readings

function aReading(trustees: number, readAt = '2026-11-23T01:00:00.000Z'): StoredReading {
  return {
    reading: {
      identifier: randomUUID(),
      status: 'read',
      trustees: Array.from({ length: trustees }, () => ({
        text: `${randomUUID()}@contoso.example`,
        sid: `S-1-5-21-${randomUUID()}`,
      })),
    },
    runId: 'run',
    readAt,
  }
}

const byIdentifier = (readings: readonly StoredReading[]) =>
  new Map(readings.map((stored) => [stored.reading.identifier, stored]))

test('readings come back as they were stored, 5,000 trustees too', async () => {
  const store = aStore()
  const identifier = randomUUID()
  const failed: StoredReading = {
    reading: { identifier, status: 'failed', reason: 'ambiguous' },
    runId: 'run',
    readAt: '2026-11-23T01:00:00.000Z',
  }
  const readings = [aReading(0), aReading(2), aReading(5_000), failed]
  await store.write(readings)
  expect(await store.list()).toEqual(byIdentifier(readings))
  const shorter: StoredReading = {
    ...failed,
    reading: { identifier, status: 'read', trustees: [] },
  }
  await store.write([failed, shorter])
  expect((await store.list()).get(identifier)).toEqual(shorter)
})

test('a reading that no row can hold is not kept, and not an older one in its place', async () => {
  const store = aStore()
  const small = aReading(1)
  await store.write([small])
  const large = aReading(30_000)
  await store.write([
    { ...large, reading: { ...large.reading, identifier: small.reading.identifier } },
  ])
  expect(await store.list()).toEqual(new Map())
})

test('nor does the older one come to light when its rows are purged', async () => {
  const store = aStore()
  const others = [aReading(0), aReading(0), aReading(0)]
  const small = aReading(1)
  await store.write([small, ...others])
  const large = aReading(30_000)
  await store.write([
    { ...large, reading: { ...large.reading, identifier: small.reading.identifier } },
  ])
  await store.purge('2026-01-01T00:00:00.000Z')
  expect(await store.list()).toEqual(byIdentifier(others))
})

test('old readings are purged', async () => {
  const store = aStore()
  const old = Array.from({ length: 120 }, () => aReading(1, '2026-01-01T00:00:00.000Z'))
  const young = aReading(1)
  await store.write([...old, young])
  await store.purge('2026-06-01T00:00:00.000Z')
  expect(await store.list()).toEqual(byIdentifier([young]))
})

test('rows that are no packs, as earlier versions wrote them, neither count nor stay', async () => {
  const partition = randomUUID()
  const store = openStorage({ partition, namePrefix: 'Read' }).readings
  const young = aReading(1)
  await store.write([young])
  const table = rawTable('ReadCloudSyncReadings')
  const trustees = '[{"text":"anna@contoso.example","sid":""}]'
  for (const rowKey of [randomUUID(), `f${randomUUID().slice(1)}`, 'zz']) {
    await table.createEntity({ partitionKey: partition, rowKey, status: 'read', trustees })
  }
  expect(await store.list()).toEqual(byIdentifier([young]))
  await store.purge('2026-01-01T00:00:00.000Z')
  expect(await rawRows(table, partition)).toHaveLength(1)
  expect(await store.list()).toEqual(byIdentifier([young]))
})

test('many readings share a row, and a row whose readings were all made again goes', async () => {
  const partition = randomUUID()
  const store = openStorage({ partition, namePrefix: 'Read' }).readings
  const table = rawTable('ReadCloudSyncReadings')
  const keys = async () => (await rawRows(table, partition)).map(({ rowKey }) => rowKey)
  const first = Array.from({ length: 100 }, () => aReading(0))
  await store.write(first)
  const [oldest, ...others] = await keys()
  expect(others).toEqual([])
  const again = first.map((stored) => ({ ...stored, runId: 'next' }))
  await store.write(again.slice(0, 40))
  await store.purge('2026-01-01T00:00:00.000Z')
  // 60 of 100 still count: not worth a row made anew.
  expect(await keys()).toContain(oldest)
  await store.write(again.slice(40))
  await store.purge('2026-01-01T00:00:00.000Z')
  expect(await keys()).toHaveLength(2)
  expect(await keys()).not.toContain(oldest)
  expect(await store.list()).toEqual(byIdentifier(again))
})
