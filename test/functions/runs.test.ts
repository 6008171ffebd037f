import { beforeEach, describe, expect, test } from 'vitest'
import { cancelRun, getRun, listRuns, startRun } from '../../functions/runs.ts'
import { aRun } from '../api/builders.ts'
import { call, FakeApp } from './fake-app.ts'

let app: FakeApp
beforeEach(() => {
  app = new FakeApp()
})

function start(body?: unknown, query = '') {
  const text = body === undefined ? {} : { body: JSON.stringify(body) }
  return call(app, startRun, `POST /runs${query}`, text)
}

function stored(id: string) {
  return app.storage.history.get(id)
}

describe('POST /runs', () => {
  test('without flags queues a preview, and says where to look and when', async () => {
    const { status, headers, body } = await start()
    expect(status).toBe(202)
    expect(body).toEqual({
      id: 'run-1',
      status: 'queued',
      status_url: 'https://cloud-sync.contoso.example/api/runs/run-1',
    })
    expect(headers).toMatchObject({
      location: 'https://cloud-sync.contoso.example/api/runs/run-1',
      'retry-after': '5',
      'cache-control': 'no-store',
    })
    expect(stored('run-1')).toMatchObject({ mode: 'preview', trigger: 'manual', status: 'queued' })
    expect(app.storage.messages).toEqual([{ runId: 'run-1' }])
  })

  test('takes flags from the body or from the query; the key in the query goes nowhere', async () => {
    await start({ perform_sync: true, relink: ['Anna@contoso.example'] })
    expect(stored('run-1')).toMatchObject({
      mode: 'sync',
      flags: { perform_sync: true, relink: ['anna@contoso.example'], approve_run: null },
    })
    app = new FakeApp()
    const { text } = await start(undefined, '?perform_sync=1&code=planted')
    expect(stored('run-1')).toMatchObject({ mode: 'sync', flags: { perform_sync: true } })
    expect(text).not.toContain('planted')
  })

  test('names every wrong flag', async () => {
    const { status, body } = await start({ perform_sync: 'yes', force: true })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      title: 'Bad Request',
      errors: [{ name: 'perform_sync', message: 'must be true or false' }, { name: 'force' }],
    })
    expect(app.storage.history.size).toBe(0)
  })

  test('refuses flags in body and query at once', async () => {
    const { status } = await start({ perform_sync: true }, '?perform_sync=true')
    expect(status).toBe(400)
  })

  test.each(['{"perform_sync":', 'perform_sync=true', '"text"'])(
    'refuses a body that is no JSON object: %s',
    async (body) => {
      const reply = await call(app, startRun, 'POST /runs', { body })
      expect(reply.status).toBe(400)
      expect(reply.body).toMatchObject({ errors: [{ name: 'body' }] })
    },
  )

  test('refuses a body above 64 KiB, whatever its length claims', async () => {
    const body = JSON.stringify({ relink: [`${'a'.repeat(70_000)}@contoso.example`] })
    expect((await call(app, startRun, 'POST /runs', { body })).status).toBe(413)
    const headers = { 'content-length': '70000' }
    expect((await call(app, startRun, 'POST /runs', { body: '{}', headers })).status).toBe(413)
  })

  test('is a conflict while a run is queued or running, and names that run', async () => {
    await start()
    const { status, body } = await start({ perform_sync: true })
    expect(status).toBe(409)
    expect(body).toMatchObject({ title: 'Conflict', active_run: 'run-1' })
    expect(app.storage.history.size).toBe(1)
  })

  test('checks the run to approve before anything is queued', async () => {
    const { status, body } = await start({ perform_sync: true, approve_run: 'r9' })
    expect(status).toBe(400)
    expect(body).toMatchObject({ errors: [{ name: 'approve_run' }] })
  })

  test('takes over the flags of the approved run, and refuses other ones', async () => {
    const flags = { ...aRun().flags, reset_account_mapping: true }
    app.storage.history.set('r9', aRun({ id: 'r9', flags }))
    const other = await start({
      perform_sync: true,
      approve_run: 'r9',
      reset_account_mapping: false,
    })
    expect(other.body).toMatchObject({ errors: [{ name: 'reset_account_mapping' }] })
    expect((await start({ perform_sync: true, approve_run: 'r9' })).status).toBe(202)
    expect(stored('run-1')?.flags).toMatchObject({ approve_run: 'r9', reset_account_mapping: true })
  })

  test('works with faulty settings: the run itself will say what is wrong', async () => {
    app = new FakeApp({ CLOUD_SYNC__TENANT_ID: 'nobody' })
    expect((await start()).status).toBe(202)
  })
})

describe('GET /runs', () => {
  beforeEach(() => {
    for (const id of ['r3', 'r1', 'r2']) app.storage.history.set(id, aRun({ id }))
  })

  function list(query = '') {
    return call(app, listRuns, `GET /runs${query}`)
  }

  test('pages through the history, newest first', async () => {
    const first = (await list('?limit=2')).body as { runs: { id: string }[]; continuation: string }
    expect(first.runs.map(({ id }) => id)).toEqual(['r1', 'r2'])
    const second = await list(`?limit=2&continuation=${first.continuation}`)
    expect(second.body).toMatchObject({ runs: [{ id: 'r3' }] })
    expect(second.body).not.toHaveProperty('continuation')
  })

  test('gives 50 unless asked, and never more than 200', async () => {
    for (let n = 0; n < 210; n++) app.storage.history.set(`x${n}`, aRun({ id: `x${n}` }))
    const lengthOf = async (query: string) =>
      ((await list(query)).body as { runs: unknown[] }).runs.length
    expect([await lengthOf(''), await lengthOf('?limit=999')]).toEqual([50, 200])
  })

  test.each(['limit=0', 'limit=-1', 'limit=many', 'continuation=x', 'continuation=WyJhIiwiYiJd'])(
    'names the wrong parameter: %s',
    async (query) => {
      const { status, body } = await list(`?${query}`)
      expect(status).toBe(400)
      expect(body).toMatchObject({ errors: [{ name: query.split('=')[0] }] })
    },
  )
})

describe('one run', () => {
  const get = (id: string) => call(app, getRun, `GET /runs/${id}`, { params: { id } })
  const cancel = (id: string) =>
    call(app, cancelRun, `POST /runs/${id}/cancel`, { params: { id }, body: '' })

  test('is shown without what the history keeps for itself', async () => {
    app.storage.history.set('r1', aRun({ id: 'r1' }))
    const { status, body } = await get('r1')
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: 'r1', status: 'succeeded' })
    expect(body).not.toHaveProperty('settingsDigest')
  })

  test.each(['r1', '..', "x' or 1 eq 1"])('that is unknown is a 404 problem: %s', async (id) => {
    const { status, body } = await call(app, getRun, 'GET /runs/any', { params: { id } })
    expect(status).toBe(404)
    expect(body).toMatchObject({ title: 'Not Found' })
  })

  test('that is queued is cancelled at once, and reported', async () => {
    await start()
    const { status, body } = await cancel('run-1')
    expect(status).toBe(202)
    expect(body).toEqual({
      id: 'run-1',
      status: 'cancelled',
      status_url: 'https://cloud-sync.contoso.example/api/runs/run-1',
    })
    expect(stored('run-1')).toMatchObject({ status: 'cancelled', phase: 'done' })
    expect(app.mails).toHaveLength(1)
  })

  test('that is worked on is asked to stop', async () => {
    app.storage.history.set('r1', aRun({ id: 'r1', status: 'running' }))
    app.storage.leased.add('r1')
    expect(await cancel('r1')).toMatchObject({ status: 202, body: { status: 'running' } })
    expect(app.storage.cancelRequests).toEqual(new Set(['r1']))
  })

  test('that is finished cannot be cancelled; an unknown one neither', async () => {
    app.storage.history.set('r1', aRun({ id: 'r1' }))
    expect((await cancel('r1')).status).toBe(409)
    expect((await cancel('r2')).status).toBe(404)
  })
})
