import { describe, expect, test } from 'vitest'
import { SyncError } from '../../core/errors.ts'
import { getDashboard } from '../../functions/dashboard.ts'
import { getOpenApi } from '../../functions/openapi.ts'
import { getRun, listRuns, startRun } from '../../functions/runs.ts'
import { aRun } from '../api/builders.ts'
import { call, FakeApp } from './fake-app.ts'

describe('errors at the HTTP edge', () => {
  test('an unexpected error is a 500 without internals; the log has it, without secrets', async () => {
    const app = new FakeApp()
    app.storage.failure = new TypeError('cannot read zivver-key-for-tests of undefined')
    const { status, text } = await call(app, listRuns, 'GET /runs')
    expect(status).toBe(500)
    expect(text).not.toMatch(/zivver-key|undefined|TypeError|at /)
    const log = app.logLines.join('\n')
    expect(log).toContain('TypeError')
    expect(log).not.toContain('zivver-key-for-tests')
  })

  test('storage that cannot be reached is a 503 that says so', async () => {
    const app = new FakeApp()
    const message = 'The table CloudSyncRuns could not be reached with zivver-key-for-tests'
    app.storage.failure = new SyncError('STORAGE_UNAVAILABLE', message)
    const { status, body } = await call(app, listRuns, 'GET /runs')
    expect(status).toBe(503)
    expect(body).toMatchObject({ detail: 'The table CloudSyncRuns could not be reached with ***' })
  })

  test('storage settings that are unusable are a 503, for every route that needs storage', async () => {
    const app = new FakeApp()
    app.storageFailure = new SyncError('CONFIG_INVALID', 'AzureWebJobsStorage is required')
    expect((await call(app, startRun, 'POST /runs')).status).toBe(503)
    const params = { id: 'r1' }
    expect((await call(app, getRun, 'GET /runs/r1', { params })).status).toBe(503)
  })

  test('an answer that its schema does not know never leaves', async () => {
    const app = new FakeApp()
    app.storage.history.set('r1', aRun({ id: 'r1', requested_at: 'yesterday' }))
    expect((await call(app, listRuns, 'GET /runs')).status).toBe(500)
  })
})

test('the OpenAPI document is served with the version', async () => {
  const { body } = await call(new FakeApp(), getOpenApi, 'GET /openapi.json')
  expect(body).toMatchObject({ openapi: '3.1.0', info: { version: '0.1.0' } })
})

test('the dashboard page needs no storage, holds no data, and allows its own script only', async () => {
  const app = new FakeApp()
  app.storageFailure = new Error('not reachable')
  const { status, headers, text } = await call(app, getDashboard, 'GET /dashboard?code=planted')
  expect(status).toBe(200)
  expect(text).toContain('sessionStorage')
  expect(text).not.toContain('planted')
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; script-src( 'sha256-[\w+/]+=*')+; style-src( 'sha256-[\w+/]+=*')+; connect-src 'self'; /,
  )
})
