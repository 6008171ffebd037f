import { expect, test } from 'vitest'
import { LeaseLost } from '../../core/ports.ts'
import { cancelRun } from '../../core/run/cancel-run.ts'
import { executeRun } from '../../core/run/execute-run.ts'
import { KeptChanges } from '../../core/run/kept-changes.ts'
import { failPoisonedRun } from '../../core/run/poisoned-run.ts'
import type { Execution, ReportServices, RunServices } from '../../core/run/services.ts'
import { aRun, ended } from '../contract/fixtures.ts'
import { openStorage } from '../contract/stores.ts'
import { FakeClock } from '../fakes/fake-clock.ts'

const clock = new FakeClock()
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
}

/** A run that has ended, in whose partition a host that died has left its lease. */
async function afterStrayMessage() {
  const services: RunServices = {
    ...openStorage({ clock, namePrefix: 'Stray' }),
    clock,
    logger: { log: () => undefined },
    version: '1.0.0',
  }
  const run = aRun()
  await services.runs.request(run)
  await services.runs.finish(ended(run))
  const left = await services.journal.acquire(
    run.id,
    'dead host',
    await services.journal.sight(run.id),
  )
  if (left === null) throw new Error('the lease is free')
  const base = { services, report, owner: 'host', leaseSeconds: 60, sliceSeconds: 480 }
  const execution: Execution = { ...base, keptChanges: new KeptChanges(), ok: false, faults: [] }
  return { execution, services, runId: run.id, left }
}

test.each<[string, (execution: Execution, runId: string) => Promise<unknown>]>([
  ['comes again', (execution, runId) => executeRun(execution, { runId })],
  ['is given up', (execution, runId) => failPoisonedRun(execution, { runId })],
  ['was a request to cancel, and that is repeated', cancelRun],
])(
  'a host that dies over a message for a run that has ended leaves nothing behind, once the message %s',
  async (_, act) => {
    const { execution, services, runId, left } = await afterStrayMessage()
    await act(execution, runId)
    expect(await services.journal.sight(runId)).toMatchObject({ state: 'none' })
    // Should it have been paused only: it finds that it has lost.
    await expect(left.renew()).rejects.toThrow(LeaseLost)
    expect((await services.runs.get(runId))?.status).toBe('succeeded')
  },
)
