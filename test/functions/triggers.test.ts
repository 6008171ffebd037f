import { beforeEach, describe, expect, test } from 'vitest'
import type { RunRecord } from '../../core/model/run.ts'
import { executeMessage } from '../../functions/execute-run.ts'
import { failMessage } from '../../functions/poisoned-run.ts'
import { parseRunMessage } from '../../functions/run-message.ts'
import { requestScheduledRun } from '../../functions/scheduled-sync.ts'
import { aRun } from '../api/builders.ts'
import { FakeApp } from './fake-app.ts'

let app: FakeApp
beforeEach(() => {
  app = new FakeApp()
})

function queueRun(id = 'r1') {
  const fresh = { phase: 'reading', planStored: false, report: null, settingsDigest: null } as const
  app.storage.history.set(id, aRun({ id, status: 'queued', ...fresh }))
}

describe('the timer scheduledSync', () => {
  test.each([
    [undefined, 'preview'],
    ['True', 'sync'],
  ])('with PERFORM_SYNC %s requests a %s, without flags', async (performSync, mode) => {
    app = new FakeApp({ CLOUD_SYNC__PERFORM_SYNC: performSync })
    await requestScheduledRun(app.open())
    const [run] = app.storage.history.values()
    expect(run).toMatchObject({ trigger: 'schedule', mode, requested_by: 'scheduledSync' })
    expect(run?.flags).toEqual({
      perform_sync: false,
      allow_large_sync: false,
      reset_account_mapping: false,
      relink: [],
      approve_run: null,
    })
    expect(app.storage.messages).toEqual([{ runId: run?.id }])
  })

  test('lets one run wait behind an active one, never two', async () => {
    queueRun()
    await requestScheduledRun(app.open())
    await requestScheduledRun(app.open())
    expect(app.storage.history.size).toBe(2)
    expect(app.storage.messages).toEqual([])
  })
})

describe('the queue message of a run', () => {
  const noRun = 'a queue message names no run'
  test.each([
    ['{"runId":"r1"}', { runId: 'r1' }],
    ['{"tenant":"t1","runId":"r1"}', { runId: 'r1' }],
    [
      { tenant: 't1', runId: 'r1', staleMark: 'm', waitedUntil: '2026-11-23T01:05:00.000Z' },
      { runId: 'r1', staleMark: 'm', waitedUntil: '2026-11-23T01:05:00.000Z' },
    ],
    ['r1', noRun],
    ['{"runId":""}', noRun],
    [undefined, noRun],
    [7, noRun],
    [{ tenant: 't2', runId: 'r1' }, expect.stringMatching(/^a queue message is for tenant t2: /)],
  ])('%j is read as %j', (item, message) => {
    expect(parseRunMessage(item, 't1')).toEqual(message)
  })

  test('that names no run is dropped, not delivered again and again', async () => {
    await executeMessage('rubbish', app.open())
    await failMessage('rubbish', app.open())
    expect(app.logLines).toHaveLength(2)
  })

  test('story 22: a run with faulty settings fails as CONFIG_INVALID and is mailed', async () => {
    app = new FakeApp({ CLOUD_SYNC__LANGUAGE: 'fr', CLOUD_SYNC__TENANT_ID: 'nobody' })
    queueRun()
    await executeMessage({ runId: 'r1' }, app.open())
    expect(app.storage.history.get('r1')).toMatchObject({
      status: 'failed',
      error: {
        code: 'CONFIG_INVALID',
        message:
          'CLOUD_SYNC__TENANT_ID must be a GUID, as in 3f0c8a52-6c1d-4a1e-9f55-0d7a4b8e2c11; CLOUD_SYNC__LANGUAGE must be one of en, nl',
      },
      report: { email: 'sent' },
    })
    expect(app.mails).toHaveLength(1)
  })

  test('tells in the mail of a release that was refused, and mails without it when that cannot be read', async () => {
    app.lastUpdate = async () => ({
      at: '2026-11-23T00:20:00.000Z',
      outcome: 'checksum_wrong',
      offered: '0.2.0',
      message: 'differs',
    })
    queueRun()
    await failMessage({ runId: 'r1' }, app.open())
    expect(app.mails[0]?.text).toContain('0.2.0 was not installed')

    app.lastUpdate = async () => {
      throw new Error('the table cannot be read')
    }
    queueRun()
    await failMessage({ runId: 'r1' }, app.open())
    expect(app.mails).toHaveLength(2)
  })

  test('sends the mail again after a crash that came before it was noted, under the same operation id', async () => {
    queueRun()
    const { runs } = app.storage
    const update = runs.update.bind(runs)
    Object.assign(runs, {
      update: async (id: string, properties: Partial<RunRecord>, fence: number) => {
        if ('report' in properties) throw new Error('the host dies here')
        await update(id, properties, fence)
      },
    })
    await expect(failMessage({ runId: 'r1' }, app.open())).rejects.toThrow('the host dies here')
    Object.assign(runs, { update })
    await failMessage({ runId: 'r1' }, app.open())
    const [first] = app.operationIds
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(app.operationIds).toEqual([first, first])
    expect(app.storage.history.get('r1')).toMatchObject({ report: { email: 'sent' } })

    queueRun('r2')
    await failMessage({ runId: 'r2' }, app.open())
    expect(new Set(app.operationIds).size).toBe(2)
  })

  test('story 22: a run that dies each time it is taken up ends as failed, reported and out of the way', async () => {
    queueRun()
    await failMessage({ runId: 'r1' }, app.open())
    expect(app.storage.history.get('r1')).toMatchObject({
      status: 'failed',
      error: { code: 'RUN_POISONED' },
    })
    await failMessage({ runId: 'r1' }, app.open())
    expect(app.mails).toHaveLength(1)
  })
})
