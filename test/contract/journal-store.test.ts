import { describe, expect, test } from 'vitest'
import type { ChangeOutcome, JournalChange } from '../../core/model/change.ts'
import { type JournalStore, LeaseLost, type OpenJournal } from '../../core/ports.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { MemoryJournalStore } from '../fakes/memory-journal-store.ts'
import { aChange, changeOfDelegates, nextRunId } from './fixtures.ts'
import { journalStores, leaseSeconds } from './stores.ts'

async function take(store: JournalStore, runId: string, owner = 'host'): Promise<OpenJournal> {
  const journal = await store.acquire(runId, owner, await store.sight(runId))
  if (journal === null) throw new Error('somebody was faster')
  return journal
}

async function allChanges(store: JournalStore, runId: string): Promise<JournalChange[]> {
  const changes: JournalChange[] = []
  for await (const page of store.eachChange(runId)) changes.push(...page)
  return changes
}

const outcome = (sequence: number, properties: Partial<ChangeOutcome> = {}): ChangeOutcome => ({
  sequence,
  status: 'applied',
  stepsDone: 1,
  scimId: `scim-${sequence}`,
  error: null,
  ...properties,
})

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

describe.each(Object.entries(journalStores))('journal store (%s)', (_, open) => {
  const clocks = () => [new FakeClock(), new FakeClock()] as const

  test('of two hosts that see a free run one gets it; given back, the next one gets a higher fence', async () => {
    const [here, there] = open(...clocks())
    const runId = nextRunId()
    const free = await here.sight(runId)
    expect(free.state).toBe('none')
    const taken = await Promise.all([
      here.acquire(runId, 'a', free),
      there.acquire(runId, 'b', free),
    ])
    const journal = taken.find((one) => one !== null)
    expect(taken.filter((one) => one !== null)).toHaveLength(1)
    expect(journal?.lease).toEqual({ runId, fence: 1 })
    await journal?.release()
    expect((await here.sight(runId)).state).toBe('released')
    expect((await take(there, runId)).lease.fence).toBe(2)
  })

  test('a held lease is taken over only by the mark of a holder that gave no sign of life', async () => {
    const [here, there] = open(...clocks())
    const runId = nextRunId()
    const journal = await take(here, runId)
    const seen = await there.sight(runId)
    await journal.renew()
    expect(await there.acquire(runId, 'b', seen)).toBeNull()
    const again = await there.sight(runId)
    expect(again).toMatchObject({ state: 'held' })
    expect(again.mark).not.toBe(seen.mark)
    expect((await there.acquire(runId, 'b', again))?.lease.fence).toBe(2)
  })

  test('a host that lost its lease cannot store anything any more', async () => {
    const [here, there] = open(...clocks())
    const runId = nextRunId()
    const paused = await take(here, runId)
    await paused.storePlan([aChange(1), aChange(2)])
    const heir = await take(there, runId)
    const attempts = [
      () => paused.storePlan([aChange(1)]),
      () => paused.record([outcome(1, { status: 'failed' })], 7),
      () => paused.renew(),
      () => paused.check(),
      () => paused.release(),
      () => paused.close(),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(LeaseLost)
    expect(paused.remainingMs()).toBe(0)
    expect(await allChanges(there, runId)).toEqual([aChange(1), aChange(2)])
    expect(heir.begunThrough).toBe(0)
    await heir.record([outcome(1)])
  })

  test('the first thing that a host tries after it lost its lease is refused already', async () => {
    const tries: readonly ((journal: OpenJournal) => Promise<unknown>)[] = [
      (journal) => journal.storePlan([]),
      (journal) => journal.record([outcome(1)]),
      (journal) => journal.renew(),
      (journal) => journal.check(),
      (journal) => journal.release(),
    ]
    for (const attempt of tries) {
      const [here, there] = open(...clocks())
      const runId = nextRunId()
      const paused = await take(here, runId)
      await paused.storePlan([aChange(1)])
      await take(there, runId)
      await expect(attempt(paused)).rejects.toThrow(LeaseLost)
      expect(await allChanges(here, runId)).toEqual([aChange(1)])
    }
  })

  test('the lease of a run that ended and was taken up anew is not the old one, though its fence is', async () => {
    const [here, there] = open(...clocks())
    const runId = nextRunId()
    const paused = await take(here, runId, 'same')
    const other = await take(there, runId, 'same')
    await other.close()
    expect((await here.sight(runId)).state).toBe('none')
    const anew = await take(there, runId, 'same')
    expect(anew.lease.fence).toBe(paused.lease.fence)
    await expect(paused.renew()).rejects.toThrow(LeaseLost)
    await anew.renew()
  })

  test('a new fence is higher than the one that the run has seen, also where the lease row is gone', async () => {
    const [here] = open(...clocks())
    const runId = nextRunId()
    const journal = await here.acquire(runId, 'a', await here.sight(runId), 4)
    expect(journal?.lease.fence).toBe(5)
    await journal?.release()
    expect((await here.acquire(runId, 'a', await here.sight(runId), 2))?.lease.fence).toBe(6)
  })

  test('what is left of a lease counts from the begin of its last touch, by the own clock', async () => {
    const [clock, other] = clocks()
    const [here] = open(clock, other)
    const journal = await take(here, nextRunId())
    expect(journal.remainingMs()).toBe(leaseSeconds * 1000)
    await clock.advance(25_000)
    await other.advance(90_000)
    clock.jumpWallClock(-3_600_000)
    await journal.check()
    expect(journal.remainingMs()).toBe(35_000)
    await journal.record([])
    expect(journal.remainingMs()).toBe(60_000)
    await clock.advance(61_000)
    expect(journal.remainingMs()).toBe(0)
  })

  test('a cancel reaches the holder in the midst of recording, and no outcome is lost', async () => {
    const [here, there] = open(...clocks())
    const runId = nextRunId()
    expect(await there.requestCancel(runId)).toBe(false)
    const journal = await take(here, runId)
    await journal.storePlan(range(60).map((sequence) => aChange(sequence)))
    const records = range(30).map((sequence) => journal.record([outcome(sequence)], sequence))
    expect(await there.requestCancel(runId)).toBe(true)
    records.push(...range(30).map((index) => journal.record([outcome(30 + index)], 30 + index)))
    await Promise.all(records)
    expect(await journal.check()).toEqual({ cancelRequested: true })
    expect(await journal.renew()).toEqual({ cancelRequested: true })
    const changes = await allChanges(there, runId)
    expect(changes.map((change) => change.status)).toEqual(range(60).map(() => 'applied'))
    await journal.release()
    const next = await there.sight(runId)
    expect(next.cancelRequested).toBe(true)
    expect(await (await take(there, runId)).check()).toEqual({ cancelRequested: true })
  })

  test('a request to cancel is no sign of life of the holder', async () => {
    const [here, there] = open(...clocks())
    const runId = nextRunId()
    await take(here, runId)
    const seen = await there.sight(runId)
    await there.requestCancel(runId)
    expect((await there.sight(runId)).mark).toBe(seen.mark)
    expect((await there.acquire(runId, 'b', seen))?.lease.fence).toBe(2)
  })

  test('a plan replaces the one before it, the surplus included', async () => {
    const [here] = open(...clocks())
    const runId = nextRunId()
    const journal = await take(here, runId)
    await journal.storePlan(range(250).map((sequence) => aChange(sequence)))
    const plan = range(120).map((sequence) => aChange(sequence, { reason: 'differs' }))
    await journal.storePlan(plan)
    expect(await allChanges(here, runId)).toEqual(plan)
    await journal.storePlan([])
    expect(await allChanges(here, runId)).toEqual([])
  })

  test('an outcome changes what it says; a SCIM id that is known stays known', async () => {
    const [here] = open(...clocks())
    const runId = nextRunId()
    const journal = await take(here, runId)
    const suspend = aChange(2, { action: 'suspend', scimId: 'known', status: 'planned' })
    await journal.storePlan([aChange(1), suspend])
    const error = { code: 'ALIAS_TAKEN' as const, message: 'the alias belongs to another account' }
    await journal.record([
      outcome(1, { status: 'planned', stepsDone: 1 }),
      outcome(2, { status: 'failed', stepsDone: 0, scimId: null, error }),
    ])
    expect(await allChanges(here, runId)).toEqual([
      aChange(1, { scimId: 'scim-1', stepsDone: 1 }),
      { ...suspend, status: 'failed', error },
    ])
    await journal.record([outcome(2, { scimId: null, stepsDone: 2 })])
    const [, changed] = await allChanges(here, runId)
    expect(changed).toEqual({ ...suspend, status: 'applied', stepsDone: 2 })
  })

  test('the last position that may have begun is kept for the next holder, lower or higher', async () => {
    const [here, there] = open(...clocks())
    const runId = nextRunId()
    const journal = await take(here, runId)
    await journal.storePlan(range(3).map((sequence) => aChange(sequence)))
    await Promise.all([
      journal.record([outcome(1)], 4),
      journal.record([outcome(2)]),
      journal.record([], 9),
    ])
    expect(journal.begunThrough).toBe(9)
    expect((await take(there, runId)).begunThrough).toBe(9)
    const last = await take(there, runId)
    await last.record([outcome(3)], 2)
    await last.release()
    expect((await take(here, runId)).begunThrough).toBe(2)
  })

  test('an account with 5,000 delegates survives the journal, and outcomes beside it', async () => {
    const [here, there] = open(...clocks())
    const runId = nextRunId()
    const journal = await take(here, runId)
    const plan = [aChange(1), changeOfDelegates(2, 5_000), changeOfDelegates(3, 300), aChange(4)]
    await journal.storePlan(plan)
    await journal.record([outcome(2, { scimId: null })])
    const [, , third, fourth] = plan
    const stored = await allChanges(there, runId)
    expect(stored).toHaveLength(4)
    expect(stored[1]).toEqual({ ...plan[1], status: 'applied', stepsDone: 1 })
    expect(stored.slice(2)).toEqual([third, fourth])
    await journal.storePlan([aChange(1)])
    expect(await allChanges(there, runId)).toEqual([aChange(1)])
  })

  test('changes are listed in order, filtered, a page at a time', async () => {
    const [here] = open(...clocks())
    const runId = nextRunId()
    const journal = await take(here, runId)
    const plan = range(25).map((sequence) =>
      aChange(sequence, sequence % 2 === 0 ? { action: 'update' } : {}),
    )
    await journal.storePlan(plan)
    await journal.record([outcome(4), outcome(6), outcome(7)])
    const sequences: number[][] = []
    let continuation: string | undefined
    do {
      const filter = { action: 'update', status: 'planned', limit: 4 }
      const page = await here.listChanges(
        runId,
        continuation === undefined ? filter : { ...filter, continuation },
      )
      sequences.push(page.changes.map((change) => change.sequence))
      continuation = page.continuation
    } while (continuation !== undefined)
    expect(sequences).toEqual([
      [2, 8, 10, 12],
      [14, 16, 18, 20],
      [22, 24],
    ])
    const none = await here.listChanges(nextRunId(), { limit: 5 })
    expect(none).toEqual({ changes: [] })
  })

  test('a purged run leaves nothing behind', async () => {
    const [here] = open(...clocks())
    const runId = nextRunId()
    const journal = await take(here, runId)
    await journal.storePlan([...range(120).map((n) => aChange(n)), changeOfDelegates(121, 300)])
    await journal.release()
    await here.purge(runId)
    expect(await allChanges(here, runId)).toEqual([])
    expect((await here.sight(runId)).state).toBe('none')
    await here.purge(runId)
  })
})

test('without its fence the twin stores what a host writes that lost its lease: the fence is what protects', async () => {
  const options = { clock: new FakeClock(), leaseSeconds, isFenced: false }
  const store = new MemoryJournalStore(options)
  const runId = nextRunId()
  const paused = await take(store, runId)
  await paused.storePlan([aChange(1)])
  await take(store, runId)
  await paused.record([outcome(1)])
  expect((await allChanges(store, runId))[0]?.status).toBe('applied')
})
