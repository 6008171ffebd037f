import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { RunRecord } from '../../core/model/run.ts'
import { finishRun } from '../../core/run/finish-run.ts'
import type { ReportServices, RunServices } from '../../core/run/services.ts'
import { rawRows, rawTable } from '../adapters/tables/raw-table.ts'
import { aChange, aRun, changeOfDelegates, ended } from '../contract/fixtures.ts'
import { openStorage } from '../contract/stores.ts'
import { FakeClock } from '../fakes/fake-clock.ts'

const namePrefix = 'Retention'
const partition = randomUUID()
const clock = new FakeClock('2026-11-23T01:00:00.000Z')
const storage = openStorage({ partition, clock, namePrefix })
const services: RunServices = {
  ...storage,
  clock,
  logger: { log: () => undefined },
  version: '1.0.0',
}
const report: ReportServices = {
  reportSender: { skips: 'no mail here', send: async () => ({ email: 'skipped' }) },
  language: 'en',
  timeZone: 'UTC',
  schedule: '0 0 1 * * *',
  performSync: true,
  environment: '',
  retentionDays: 180,
  debugLog: () => null,
  lastUpdate: null,
  dashboardUrl: null,
}
const daysAgo = (days: number) => new Date(clock.now().getTime() - days * 86_400_000).toISOString()

/** A run that has left everything behind that a run may leave, so many days ago. */
async function runOf(days: number): Promise<RunRecord> {
  const run = aRun()
  await storage.runs.request(run)
  const journal = await storage.journal.acquire(run.id, 'host', await storage.journal.sight(run.id))
  if (journal === null) throw new Error('the lease is free')
  // More than a transaction holds, values that need rows of their own, the log of its slices, and a lease nobody gave back.
  await journal.storePlan([
    ...Array.from({ length: 130 }, (_, index) => aChange(index + 1)),
    changeOfDelegates(131, 2_000),
  ])
  await storage.logs.append(run.id, 'a line of an earlier slice\n')
  const warnings = Array.from({ length: 400 }, (_, index) => ({
    code: 'DELEGATES_DROPPED' as const,
    message: `${randomUUID()} ${randomUUID()} ${randomUUID()}`,
    address: `user${index}@contoso.example`,
  }))
  await storage.runs.finish(ended(run, { warnings, planStored: true, finished_at: daysAgo(days) }))
  const identifier = randomUUID()
  await storage.readings.write([
    { reading: { identifier, status: 'read', trustees: [] }, runId: run.id, readAt: daysAgo(days) },
  ])
  const failure = {
    action: 'update',
    code: 'ALIAS_TAKEN',
    timesSeen: 1,
    lastRunId: run.id,
  } as const
  const seen = { firstSeen: daysAgo(days), lastSeen: daysAgo(days) }
  const key = `user-${identifier}`
  await storage.failures.write({
    upsert: [{ ...failure, ...seen, key, address: 'a@contoso.example' }],
    remove: [],
  })
  return run
}

/** Ends a run: old ones are purged after it. */
async function finishAnother(given = services): Promise<void> {
  const run = aRun()
  await storage.runs.request(run)
  const journal = await storage.journal.acquire(run.id, 'host', await storage.journal.sight(run.id))
  const claimed = journal && (await storage.runs.claim(run.id, journal.lease.fence))
  if (journal === null || claimed === null) throw new Error('the run is free')
  await finishRun(given, report, claimed, journal, { status: 'succeeded', error: null })
}

const rowsOf = async (name: string, partitionKey: string) =>
  rawRows(rawTable(`${namePrefix}${name}`), partitionKey)
const runRows = async ({ id }: RunRecord) =>
  (await rowsOf('CloudSyncRuns', partition)).filter(({ rowKey }) => String(rowKey).includes(id))

test('after the retention nothing is left of a run: row, parts, changes, log, lease, readings, failures', async () => {
  const old = await runOf(180.1)
  const young = await runOf(179.9)
  expect((await rowsOf('CloudSyncChanges', old.id)).length).toBeGreaterThan(133)
  expect((await runRows(old)).length).toBeGreaterThan(1)
  const kept = [await rowsOf('CloudSyncChanges', young.id), await runRows(young)]
  await finishAnother()
  expect(await rowsOf('CloudSyncChanges', old.id)).toEqual([])
  expect(await runRows(old)).toEqual([])
  expect([await rowsOf('CloudSyncChanges', young.id), await runRows(young)]).toEqual(kept)
  expect([...(await storage.readings.list()).values()].map(({ runId }) => runId)).toEqual([
    young.id,
  ])
  expect((await storage.failures.list()).map(({ lastRunId }) => lastRunId)).toEqual([young.id])
})

test('a purge that is cut off half way is finished after the next run', async () => {
  const old = await runOf(200)
  // The journal goes first: without the run nobody would find what is left of it.
  await storage.journal.purge(old.id)
  expect(await runRows(old)).not.toEqual([])
  await finishAnother()
  expect(await runRows(old)).toEqual([])
})

test('what cannot be purged is told, and keeps nothing else from it', async () => {
  await runOf(200)
  const lines: string[] = []
  await finishAnother({
    ...services,
    readings: {
      list: () => storage.readings.list(),
      write: (readings) => storage.readings.write(readings),
      purge: () => Promise.reject(new Error('a row of it is spoilt')),
    },
    logger: { log: (level, message) => void lines.push(`${level} ${message}`) },
  })
  expect(lines).toContain('WARNING old readings could not be purged')
  expect((await storage.failures.list()).filter(({ lastSeen }) => lastSeen < daysAgo(180))).toEqual(
    [],
  )
})
