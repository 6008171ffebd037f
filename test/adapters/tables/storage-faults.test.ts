import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { createStorage, type Storage } from '../../../core/adapters/tables/storage.ts'
import type { JournalChange } from '../../../core/model/change.ts'
import { LeaseLost, type OpenJournal } from '../../../core/ports.ts'
import { aChange, aRun, ended, nextRunId } from '../../contract/fixtures.ts'
import { openStorage } from '../../contract/stores.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { type Fault, type StorageProxy, startStorageProxy } from './storage-proxy.ts'

const proxy: StorageProxy = await startStorageProxy(inject('azuriteConnectionString'))
const partition = randomUUID()
let shaky: Storage
let steady: Storage

beforeEach(() => {
  proxy.decide = () => null
  shaky = openStorage({ connectionString: proxy.connectionString, partition, namePrefix: 'Faults' })
  steady = openStorage({ partition, namePrefix: 'Faults' })
})
afterAll(() => proxy.close())

/** The next transaction that holds this text meets the fault, the following ones pass. */
function onceFor(part: string, fault: Fault): void {
  let isDone = false
  proxy.decide = (_, path, body) => {
    if (isDone || !path.includes('$batch') || !body.includes(part)) return null
    isDone = true
    return fault
  }
}

async function take(storage: Storage, runId: string): Promise<OpenJournal> {
  const journal = await storage.journal.acquire(runId, 'a', await storage.journal.sight(runId))
  if (journal === null) throw new Error('somebody was faster')
  return journal
}

async function statuses(runId: string): Promise<string[]> {
  const changes: JournalChange[] = []
  for await (const page of steady.journal.eachChange(runId)) changes.push(...page)
  return changes.map((change) => change.status)
}

/** More than three transactions. */
const manyChanges = Array.from({ length: 350 }, (_, index) => aChange(index + 1))

const applied = { sequence: 1, status: 'applied', stepsDone: 1, scimId: 's', error: null } as const

describe('an answer that got lost after the transaction was stored', () => {
  test('of an outcome: it is stored once, and the lease goes on', async () => {
    const runId = nextRunId()
    const journal = await take(shaky, runId)
    await journal.storePlan([aChange(1)])
    onceFor('applied', 'lose')
    await journal.record([applied], 5)
    expect(await statuses(runId)).toEqual(['applied'])
    expect(journal.begunThrough).toBe(5)
    expect(journal.remainingMs()).toBeGreaterThan(0)
    await journal.renew()
  })

  test('of a part of a plan: the plan is stored once, and whole', async () => {
    const runId = nextRunId()
    const journal = await take(shaky, runId)
    onceFor('user150@', 'lose')
    await journal.storePlan(manyChanges)
    expect(await statuses(runId)).toEqual(manyChanges.map(({ status }) => status))
    await journal.storePlan([aChange(1)])
    expect(await statuses(runId)).toEqual(['planned'])
  })

  test('of a lease: it is ours', async () => {
    const runId = nextRunId()
    onceFor('holder', 'lose')
    const journal = await take(shaky, runId)
    expect(journal.lease.fence).toBe(1)
    await journal.renew()
  })

  test('of the end of a lease: it is over', async () => {
    const runId = nextRunId()
    const journal = await take(shaky, runId)
    let isDone = false
    proxy.decide = (method) => {
      if (isDone || method !== 'DELETE') return null
      isDone = true
      return 'lose'
    }
    await journal.close()
    expect((await steady.journal.sight(runId)).state).toBe('none')
  })

  test('of a request: the run is queued, and no second one is', async () => {
    const run = aRun()
    onceFor('slot-active', 'lose')
    expect((await shaky.runs.request(run)).status).toBe('queued')
    expect(await steady.runs.slots()).toEqual({ active: run.id, waiting: null })
    const next = aRun({ trigger: 'schedule' })
    await steady.runs.request(next)
    onceFor('slot-active', 'lose')
    expect(await shaky.runs.finish(ended(run))).toEqual({ promoted: next.id })
    await steady.runs.finish(ended(next))
    expect(await steady.runs.slots()).toEqual({ active: null, waiting: null })
  })

  test('of an outcome that never was stored, its lease taken over meanwhile: the host has lost', async () => {
    const runId = nextRunId()
    const journal = await take(shaky, runId)
    await journal.storePlan([aChange(1)])
    proxy.decide = async (_, path) => {
      if (!path.includes('$batch')) return null
      proxy.decide = () => null
      await take(steady, runId)
      return 'refuse'
    }
    await expect(journal.record([applied])).rejects.toThrow(LeaseLost)
    expect(await statuses(runId)).toEqual(['planned'])
    expect(journal.remainingMs()).toBe(0)
  })
})

test('a host that loses its lease while parts of its plan are on their way stores none of them', async () => {
  const runId = nextRunId()
  const journal = await take(shaky, runId)
  let takeover: Promise<void> | null = null
  let parts = 0
  proxy.decide = async (_, path, body) => {
    if (!path.includes('$batch') || !body.includes('contoso.example')) return null
    parts += 1
    takeover ??= take(steady, runId).then((heir) => heir.storePlan([aChange(1)]))
    await takeover
    return null
  }
  await expect(journal.storePlan(manyChanges)).rejects.toThrow(LeaseLost)
  expect(parts).toBe(3)
  expect(await statuses(runId)).toEqual(['planned'])
  expect(journal.remainingMs()).toBe(0)
})

test('while a transaction is on its way the lease runs down: it counts from the begin of the touch', async () => {
  const clock = new FakeClock()
  const { connectionString } = proxy
  const slow = openStorage({ connectionString, partition, clock, namePrefix: 'Faults' })
  const journal = await take(slow, nextRunId())
  proxy.decide = async () => {
    await clock.advance(5_000)
    return null
  }
  await journal.renew()
  expect(journal.remainingMs()).toBe(55_000)
})

test('callers at the same time go one after the other, outcomes in groups: no transaction is refused', async () => {
  const runId = nextRunId()
  const journal = await take(shaky, runId)
  await journal.storePlan(Array.from({ length: 40 }, (_, index) => aChange(index + 1)))
  let transactions = 0
  proxy.decide = (_, path) => {
    if (path.includes('$batch')) transactions += 1
    return null
  }
  const records = Array.from({ length: 40 }, (_, index) =>
    journal.record([{ ...applied, sequence: index + 1 }]),
  )
  await Promise.all([journal.renew(), journal.renew(), ...records, journal.renew()])
  expect(transactions).toBe(4)
  expect(await statuses(runId)).toEqual(Array.from({ length: 40 }, () => 'applied'))
})

describe('storage that does not answer', () => {
  test('is repeated while it is temporary', async () => {
    let failures = 0
    proxy.decide = (method) => (method === 'GET' && failures++ < 2 ? 503 : null)
    expect(await shaky.runs.list(5)).toBeDefined()
    expect(failures).toBeGreaterThan(2)
  })

  test('is named when the client gives up, and what was asked is not stored', async () => {
    const runId = nextRunId()
    const journal = await take(shaky, runId)
    await journal.storePlan([aChange(1)])
    proxy.decide = () => 'refuse'
    await expect(journal.record([applied])).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringMatching(/^table FaultsCloudSyncChanges gave no answer \(ECONN/),
    })
    proxy.decide = () => 503
    await expect(shaky.mappings.list()).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: 'table FaultsCloudSyncMappings answered 503',
    })
    expect(await statuses(runId)).toEqual(['planned'])
    proxy.decide = () => null
    await journal.record([applied])
    expect(await statuses(runId)).toEqual(['applied'])
  })

  test('names the missing role when it refuses the identity', async () => {
    proxy.decide = () => 403
    await expect(shaky.readings.list()).rejects.toThrow(/answered 403.*Storage Table Data/)
  })

  test('story 20: storage that does not answer is not waited for without end', async () => {
    proxy.decide = () => 'hang'
    const clock = new FakeClock()
    const hanging = createStorage({
      storage: { kind: 'connectionString', connectionString: proxy.connectionString },
      partition,
      clock,
      leaseSeconds: 60,
      timing: { tryTimeoutMs: 100, retries: 1, retryDelayMs: 5, maxRetryDelayMs: 10 },
    })
    await expect(hanging.mappings.list()).rejects.toThrow(/gave no answer \(ETIMEDOUT\)/)
  })
})
