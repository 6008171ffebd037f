import { expect, test } from 'vitest'
import { RunCancelled } from '../../core/ports.ts'
import { LeaseKeeper } from '../../core/run/keeper.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { MemoryJournalStore } from '../fakes/memory-journal-store.ts'

async function heldRun() {
  const clock = new FakeClock()
  const store = new MemoryJournalStore({ clock, leaseSeconds: 60 })
  const journal = await store.acquire('run', 'host', await store.sight('run'))
  if (journal === null) throw new Error('the lease is free')
  return { clock, store, journal, keeper: new LeaseKeeper(journal, clock, 60, 10_000) }
}

test('the lease is looked at when nothing has proved it lately: before a write sooner than before a read', async () => {
  const { clock, store, keeper } = await heldRun()
  const looks = () => store.calls.of('journal.check').length
  await clock.advance(90)
  await keeper.mayBegin()
  expect(looks()).toBe(0)
  await clock.advance(20)
  await keeper.checkpoint('read')
  expect(looks()).toBe(0)
  await keeper.mayBegin()
  expect(looks()).toBe(1)
  await clock.advance(1_001)
  await keeper.checkpoint('read')
  expect(looks()).toBe(2)
})

test('an outcome that was stored is a look, and sees a request to cancel', async () => {
  const { clock, store, journal, keeper } = await heldRun()
  await clock.advance(500)
  await journal.record([])
  await keeper.mayBegin()
  await store.requestCancel('run')
  await journal.record([])
  await expect(keeper.mayBegin()).rejects.toThrow(RunCancelled)
  expect(store.calls.of('journal.check')).toEqual([])
})
