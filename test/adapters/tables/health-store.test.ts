import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { openStorage } from '../../contract/stores.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { rawTable } from './raw-table.ts'

test('a probe leaves nothing behind', async () => {
  const partition = randomUUID()
  const { health } = openStorage({ partition })
  await health.probe()
  const rows: unknown[] = []
  for await (const row of rawTable('ContractCloudSyncHealth').listEntities({
    queryOptions: { filter: `PartitionKey eq '${partition}'` },
  })) {
    rows.push(row)
  }
  expect(rows).toEqual([])
})

test('a key keeps its first day; a new key begins anew, and the old one is forgotten', async () => {
  const clock = new FakeClock('2026-11-23T01:00:00.000Z')
  const { health } = openStorage({ clock })
  expect(await health.keySeenSince('aa')).toBe('2026-11-23T01:00:00.000Z')
  await clock.advance(86_400_000)
  expect(await health.keySeenSince('aa')).toBe('2026-11-23T01:00:00.000Z')
  expect(await health.keySeenSince('bb')).toBe('2026-11-24T01:00:00.000Z')
  await clock.advance(86_400_000)
  expect(await health.keySeenSince('aa')).toBe('2026-11-25T01:00:00.000Z')
})
