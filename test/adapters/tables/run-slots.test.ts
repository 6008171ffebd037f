import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RunStore } from '../../../core/ports.ts'
import { aRun, ended, nextRunId } from '../../contract/fixtures.ts'
import { openStorage } from '../../contract/stores.ts'
import { rawRows, rawTable } from './raw-table.ts'

const table = rawTable('SlotsCloudSyncRuns')

interface Tenant {
  readonly store: RunStore
  readonly partition: string
}

function aTenant(): Tenant {
  const partition = randomUUID()
  return { store: openStorage({ partition, namePrefix: 'Slots' }).runs, partition }
}

const scheduled = () => aRun({ trigger: 'schedule' })

async function freeSlot(partition: string, slot: 'active' | 'waiting'): Promise<void> {
  await table.deleteEntity(partition, `slot-${slot}`)
}

async function slotRows(partition: string): Promise<string[]> {
  const rows = await rawRows(table, partition)
  return rows.map((row) => String(row['rowKey'])).filter((key) => key.startsWith('slot-'))
}

describe('slots that were left half done are healed', () => {
  test('an active slot that names a run which has ended is freed', async () => {
    const { store, partition } = aTenant()
    const run = aRun()
    await store.request(run)
    await store.finish(ended(run))
    await table.createEntity({ partitionKey: partition, rowKey: 'slot-active', runId: run.id })
    expect(await store.unfinished()).toEqual([])
    expect(await slotRows(partition)).toEqual([])
  })

  test('an active slot that names a run which is gone goes to the waiting run', async () => {
    const { store, partition } = aTenant()
    const run = aRun()
    const next = scheduled()
    await store.request(run)
    await store.request(next)
    await table.deleteEntity(partition, run.id)
    expect((await store.unfinished()).map(({ id }) => id)).toEqual([next.id])
    expect(await store.slots()).toEqual({ active: next.id, waiting: null })
  })

  test('a waiting slot that names a run which has ended is freed', async () => {
    const { store, partition } = aTenant()
    const active = aRun()
    await store.request(active)
    const entity = { partitionKey: partition, rowKey: 'slot-waiting', runId: nextRunId() }
    await table.createEntity(entity)
    expect((await store.unfinished()).map(({ id }) => id)).toEqual([active.id])
    expect(await store.slots()).toEqual({ active: active.id, waiting: null })
  })

  test('a waiting run without an active one moves up', async () => {
    const { store, partition } = aTenant()
    const active = aRun()
    const waiting = scheduled()
    await store.request(active)
    await store.request(waiting)
    await store.finish(ended(active))
    const entity = { partitionKey: partition, rowKey: 'slot-waiting', runId: waiting.id }
    await freeSlot(partition, 'active')
    await table.createEntity(entity)
    expect(await store.request(aRun())).toEqual({ status: 'conflict', activeRun: waiting.id })
    await store.unfinished()
    expect(await store.slots()).toEqual({ active: waiting.id, waiting: null })
  })

  test('an unfinished run in no slot gets the free one, the oldest first', async () => {
    const { store, partition } = aTenant()
    const older = aRun()
    const younger = scheduled()
    await store.request(older)
    await store.request(younger)
    await freeSlot(partition, 'active')
    await freeSlot(partition, 'waiting')
    const unfinished = await store.unfinished()
    expect(unfinished.map(({ id }) => id)).toEqual([older.id, younger.id])
    expect(await store.slots()).toEqual({ active: older.id, waiting: younger.id })
  })

  test('with both slots taken, a third unfinished run is only reported', async () => {
    const { store, partition } = aTenant()
    const lost = aRun()
    await store.request(lost)
    await freeSlot(partition, 'active')
    const active = aRun()
    const waiting = scheduled()
    await store.request(active)
    await store.request(waiting)
    const unfinished = await store.unfinished()
    expect(unfinished.map(({ id }) => id)).toEqual([active.id, lost.id, waiting.id])
    await store.finish(ended(lost))
    expect(await store.slots()).toEqual({ active: active.id, waiting: waiting.id })
  })

  test('a tick behind an active slot without its run is not stuck', async () => {
    const { store, partition } = aTenant()
    const run = aRun()
    await store.request(run)
    await table.deleteEntity(partition, run.id)
    const tick = scheduled()
    expect((await store.request(tick)).status).toBe('queued')
    expect(await store.slots()).toEqual({ active: tick.id, waiting: null })
  })
})

test('slot rows exist only while they are occupied, and a run is readable in a table browser', async () => {
  const { store, partition } = aTenant()
  const run = aRun({ requested_by: 'admin@contoso.example' })
  await store.request(run)
  expect(await slotRows(partition)).toEqual(['slot-active'])
  await store.finish(ended(run))
  const rows = await rawRows(table, partition)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    rowKey: run.id,
    status: 'succeeded',
    phase: 'done',
    trigger: 'manual',
    requestedBy: 'admin@contoso.example',
    finishedAt: '2026-11-23T01:05:00.000Z',
    planStored: false,
    counts: JSON.stringify(run.counts),
  })
})

test('a row of a version that did not keep the filter groups is read: they are not known', async () => {
  const { store, partition } = aTenant()
  const run = aRun()
  await store.request(run)
  const { filterGroups, ...older } = await table.getEntity(partition, run.id)
  expect(filterGroups).toBe('null')
  await table.updateEntity({ ...older, partitionKey: partition, rowKey: run.id }, 'Replace')
  expect(await store.get(run.id)).toEqual(run)
})
