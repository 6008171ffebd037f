import { beforeEach, describe, expect, test } from 'vitest'
import { checkNames, type Health } from '../../core/api/health.ts'
import { LongWait, SyncError } from '../../core/errors.ts'
import { getHealth } from '../../functions/health.ts'
import { aRun } from '../api/builders.ts'
import { exactRights } from '../health/granted.ts'
import { call, FakeApp, noUpstreams } from './fake-app.ts'

let app: FakeApp
beforeEach(() => {
  app = withUpstreams(new FakeApp())
})

/** Upstreams that answer; each can be replaced. */
function withUpstreams(made: FakeApp): FakeApp {
  made.upstreams = {
    ...noUpstreams,
    fetchRights: async () => exactRights,
    source: { ...noUpstreams.source, probeMailboxes: async () => new Map() },
    directory: {
      ...noUpstreams.directory,
      readGroup: async () => null,
      findObject: async () => null,
    },
    target: { ...noUpstreams.target, probeAccounts: async () => new Map() },
  }
  made.storage.history.set('r1', aRun({ finished_at: '2026-11-23T00:30:00.000Z' }))
  return made
}

async function health() {
  const { status, body } = await call(app, getHealth, 'GET /health')
  const { status: overall, checks } = body as Health
  // Whatever fails says what to do about it.
  expect(checks.filter((check) => check.status === 'failing' && !check.remedy)).toEqual([])
  const byName = Object.fromEntries(checks.map(({ name, ...finding }) => [name, finding]))
  return { status, overall, checks, byName }
}

describe('GET /health', () => {
  test('is ok when every check is, and names them all in order', async () => {
    const { status, overall, checks } = await health()
    expect([status, overall]).toEqual([200, 'ok'])
    expect(checks.map(({ name }) => name)).toEqual([...checkNames])
    expect(new Set(checks.map((check) => check.status))).toEqual(new Set(['ok']))
  })

  test.each([
    ['postponed', '0.2.0 is not installed yet: a run is active', 'ok', undefined],
    ['checksum_wrong', 'the checksum differs', 'warning', expect.stringContaining('goes on')],
  ] as const)(
    'says that a newer release exists and what came of it: %s',
    async (outcome, message, status, remedy) => {
      const attempt = { at: '2026-11-23T00:20:00.000Z', outcome, offered: '0.2.0', message }
      app.lastUpdate = async () => attempt
      const { overall, byName } = await health()
      expect(overall).toBe('ok')
      expect(byName['version']).toEqual({
        status,
        message: `Cloud Sync 0.1.0. Looked for a release at ${attempt.at}: ${message}`,
        ...(remedy !== undefined && { remedy }),
      })
    },
  )

  test('with faulty settings names each of them, and checks no upstream', async () => {
    app = withUpstreams(new FakeApp({ CLOUD_SYNC__LANGUAGE: 'fr', CLOUD_SYNC__ACTION: 'create' }))
    const { status, overall, byName } = await health()
    expect([status, overall]).toEqual([503, 'failing'])
    expect(byName['settings']).toMatchObject({
      status: 'failing',
      message:
        'CLOUD_SYNC__LANGUAGE must be one of en, nl; CLOUD_SYNC__ACTION is not a setting; the nearest name is CLOUD_SYNC__ACTIONS',
    })
    expect(byName['settings']?.remedy).toMatch(/setting/)
    for (const name of ['identity', 'exchange', 'graph', 'zivver']) {
      expect(byName[name]?.status).toBe('unknown')
    }
    expect(byName['storage']?.status).toBe('ok')
  })

  test('a warning about settings keeps the whole ok', async () => {
    app = withUpstreams(new FakeApp({ CLOUD_SYNC__EMAIL_RECIPIENTS: 'it@contoso.example' }))
    const { status, byName } = await health()
    expect(status).toBe(200)
    expect(byName['settings']).toMatchObject({ status: 'warning' })
  })

  test.each([
    ['exchange', 'EXCHANGE_UNAUTHORIZED', /Exchange\.ManageAsApp/, /TENANT_ID/],
    ['exchange', 'EXCHANGE_FORBIDDEN', /Global Reader is missing/, /grants Global Reader/],
    ['exchange', 'SOURCE_INCOMPLETE', /refused, and \*\*\* is not shown/, /service health/],
    ['graph', 'GRAPH_FORBIDDEN', /GroupMember\.Read\.All/, /grants GroupMember/],
    ['zivver', 'ZIVVER_UNAUTHORIZED', /refused, and \*\*\* is not shown/, /API_KEY/],
  ] as const)(
    '%s that refuses with %s is failing, with the remedy',
    async (name, code, message, remedy) => {
      const refuse = async () => {
        throw new SyncError(code, `refused, and zivver-key-for-tests is not shown`)
      }
      const { source, directory, target } = app.upstreams
      app.upstreams = {
        ...app.upstreams,
        ...(name === 'exchange' && { source: { ...source, probeMailboxes: refuse } }),
        ...(name === 'graph' && { directory: { ...directory, readGroup: refuse } }),
        ...(name === 'zivver' && { target: { ...target, probeAccounts: refuse } }),
      }
      const { status, byName, checks } = await health()
      expect(status).toBe(503)
      expect(checks.filter((check) => check.status !== 'ok').map((check) => check.name)).toEqual([
        name,
      ])
      expect(byName[name]?.message).toMatch(message)
      expect(byName[name]?.remedy).toMatch(remedy)
    },
  )

  test('a missing token is the fault of the identity; what needs it is unknown', async () => {
    const noToken = async () => {
      throw new SyncError('IDENTITY_UNAVAILABLE', 'no token')
    }
    app.upstreams = {
      ...app.upstreams,
      fetchRights: noToken,
      source: { ...app.upstreams.source, probeMailboxes: noToken },
      directory: { ...app.upstreams.directory, readGroup: noToken },
    }
    const { byName } = await health()
    expect(byName['identity']?.status).toBe('failing')
    expect([byName['exchange']?.status, byName['graph']?.status]).toEqual(['unknown', 'unknown'])
    expect(byName['zivver']?.status).toBe('ok')
  })

  test('a group of the source filter that does not exist is failing, by its id', async () => {
    const [known, unknown] = ['aaaaaaaa', 'bbbbbbbb'].map(
      (id) => `${id}-2222-4333-8444-555555555555`,
    )
    app = withUpstreams(new FakeApp({ CLOUD_SYNC__SOURCE_FILTER: `${known},${unknown}` }))
    const group = {
      displayName: 'Staff',
      mail: null,
      mailNickname: null,
      proxyAddresses: [],
      hiddenMembership: false,
    }
    const readGroup = async (id: string) => (id === known ? { ...group, id } : null)
    app.upstreams = { ...app.upstreams, directory: { ...app.upstreams.directory, readGroup } }
    const { message } = (await health()).byName['graph'] ?? {}
    expect(message).toContain(unknown)
    expect(message).not.toContain(known)
  })

  test('Zivver is not asked while a run is active: the run may use the whole rate limit', async () => {
    app.storage.history.set('r0', aRun({ id: 'r0', status: 'running' }))
    app.upstreams = { ...app.upstreams, target: noUpstreams.target }
    expect((await health()).byName['zivver']).toMatchObject({ status: 'unknown' })
  })

  test('an upstream that asks for a long wait is not judged', async () => {
    const probeAccounts = async () => {
      throw new LongWait(300, "Zivver's rate limit")
    }
    app.upstreams = { ...app.upstreams, target: { ...noUpstreams.target, probeAccounts } }
    expect((await health()).byName['zivver']).toEqual({
      status: 'unknown',
      message: "Not checked: waiting 300 s for Zivver's rate limit.",
    })
  })

  test('storage that is down is failing; what is read from it is unknown', async () => {
    app.storage.failure = new SyncError('STORAGE_UNAVAILABLE', 'no answer')
    const { byName } = await health()
    expect(byName['storage']?.status).toBe('failing')
    for (const name of ['zivver', 'schedule']) expect(byName[name]?.status).toBe('unknown')
  })

  test('story 20: an upstream that never answers is failing after ten seconds; the others are told', async () => {
    const never = () => new Promise<never>(() => undefined)
    app.upstreams = { ...app.upstreams, source: { ...noUpstreams.source, probeMailboxes: never } }
    const answer = health()
    await app.clock.advance(9_999)
    await app.clock.advance(1)
    const { byName } = await answer
    expect(byName['exchange']).toMatchObject({
      status: 'failing',
      message: 'There was no answer within 10 s.',
    })
    expect(byName['graph']?.status).toBe('ok')
  })

  test('a mail service that cannot be reached is failing; a mail that was refused is a warning', async () => {
    app.reachMail = async () => {
      throw new Error('connection refused')
    }
    expect((await health()).byName['email']).toMatchObject({ status: 'failing' })
    app.reachMail = async () => undefined
    const report = { email: 'failed', message: 'sender unknown' } as const
    app.storage.history.set('r1', aRun({ report }))
    expect((await health()).byName['email']).toMatchObject({
      status: 'warning',
      message: 'The last report could not be mailed: sender unknown',
    })
  })
})

describe('the check of the schedule', () => {
  const finding = async () => (await health()).byName['schedule']

  test('is failing without a successful run for more than 36 hours', async () => {
    app.storage.history.set('r1', aRun({ finished_at: '2026-11-21T13:00:00.000Z' }))
    expect(await finding()).toMatchObject({ status: 'ok' })
    app.storage.history.set('r1', aRun({ finished_at: '2026-11-21T12:59:59.000Z' }))
    expect(await finding()).toMatchObject({
      status: 'failing',
      message:
        'The last successful run finished at 2026-11-21T12:59:59.000Z, 36 hours ago. The next scheduled preview (PERFORM_SYNC is False) starts at 2026-11-24T01:00:00.000Z. The next 5: Tue 24 Nov 01:00 UTC (02:00 Europe/Amsterdam), Wed 25 Nov 01:00 UTC (02:00), Thu 26 Nov 01:00 UTC (02:00), Fri 27 Nov 01:00 UTC (02:00), Sat 28 Nov 01:00 UTC (02:00).',
    })
  })

  test('waits for one and a half times the longest gap of the schedule', async () => {
    app = withUpstreams(new FakeApp({ CLOUD_SYNC__SCHEDULE: '0 0 1 * * 3' }))
    app.storage.history.set('r1', aRun({ finished_at: '2026-11-12T14:00:00.000Z' }))
    expect(await finding()).toMatchObject({ status: 'ok' })
    app.storage.history.set('r1', aRun({ finished_at: '2026-11-12T12:00:00.000Z' }))
    expect(await finding()).toMatchObject({ status: 'failing' })
  })

  test('where scheduled runs write, a preview is no success', async () => {
    app = withUpstreams(new FakeApp({ CLOUD_SYNC__PERFORM_SYNC: 'True' }))
    const old = { requested_at: '2026-11-20T01:00:00.000Z' }
    app.storage.history.set('r1', aRun({ mode: 'preview', ...old }))
    expect(await finding()).toMatchObject({ status: 'failing' })
    app.storage.history.set('r1', aRun({ mode: 'sync', ...old }))
    expect(await finding()).toMatchObject({ status: 'ok' })
  })

  test('where scheduled runs are previews, a preview is all that is asked for', async () => {
    const old = {
      requested_at: '2026-10-01T01:00:00.000Z',
      finished_at: '2026-10-01T01:00:10.000Z',
    }
    app.storage.history.set('r2', aRun({ id: 'r2', mode: 'sync', ...old }))
    app.storage.history.set('r1', aRun({ id: 'r1', mode: 'preview', trigger: 'schedule' }))
    expect(await finding()).toMatchObject({ status: 'ok' })
  })

  test('scheduled previews count until the first sync, once PERFORM_SYNC is switched on', async () => {
    app = withUpstreams(new FakeApp({ CLOUD_SYNC__PERFORM_SYNC: 'True' }))
    const preview = { mode: 'preview', trigger: 'schedule' } as const
    const last = (finished_at: string) =>
      app.storage.history.set('r1', aRun({ ...preview, finished_at }))
    last('2026-11-22T01:01:00.000Z')
    expect(await finding()).toMatchObject({ status: 'ok' })
    last('2026-11-21T01:01:00.000Z')
    expect(await finding()).toMatchObject({ status: 'failing' })
  })

  test('days on which every run was blocked are days without a success', async () => {
    app = withUpstreams(new FakeApp({ CLOUD_SYNC__PERFORM_SYNC: 'True' }))
    app.storage.history.clear()
    for (const day of [20, 21, 22]) {
      const moment = `2026-11-${day}T01:00:00.000Z`
      const ended = { status: 'blocked', mode: 'sync', requested_at: moment } as const
      app.storage.history.set(`r${30 - day}`, aRun({ id: `r${30 - day}`, ...ended }))
    }
    expect(await finding()).toMatchObject({
      status: 'failing',
      remedy: expect.stringContaining('dashboard'),
    })
  })

  test('a success is found behind any number of failures since', async () => {
    app = withUpstreams(new FakeApp({ CLOUD_SYNC__SCHEDULE: '0 * * * * *' }))
    app.storage.history.clear()
    const before = (minutes: number) =>
      new Date(app.clock.now().getTime() - minutes * 60_000).toISOString()
    const idOf = (minutes: number) => `r${String(minutes).padStart(5, '0')}`
    const add = (minutes: number, status: 'failed' | 'succeeded') =>
      app.storage.history.set(
        idOf(minutes),
        aRun({
          id: idOf(minutes),
          status,
          requested_at: before(minutes),
          finished_at: before(minutes),
        }),
      )
    for (let minutes = 1; minutes < 2000; minutes++) add(minutes, 'failed')
    add(2000, 'succeeded')
    expect(await finding()).toMatchObject({ status: 'ok' })
    add(2000, 'failed')
    add(2400, 'succeeded')
    expect(await finding()).toMatchObject({
      status: 'failing',
      message: expect.stringContaining('40 hours ago'),
    })
  })

  test('a history of failures is counted from its oldest run', async () => {
    const failed = { status: 'failed', error: { code: 'SOURCE_EMPTY', message: '' } } as const
    app.storage.history.set('r1', aRun({ ...failed, requested_at: '2026-11-20T01:00:00.000Z' }))
    expect(await finding()).toMatchObject({
      status: 'failing',
      message: expect.stringContaining('No run was successful since 2026-11-20T01:00:00.000Z'),
    })
  })

  test('a new installation without a run is warned; one that never had any is failing after the same time', async () => {
    app.storage.history.clear()
    app.storage.health.keySeenSince = async () => '2026-11-21T13:00:00.000Z'
    expect(await finding()).toMatchObject({ status: 'warning' })
    app.storage.health.keySeenSince = async () => '2026-11-21T12:59:59.000Z'
    expect(await finding()).toMatchObject({
      status: 'failing',
      message: expect.stringContaining('There was no run since 2026-11-21T12:59:59.000Z'),
    })
  })
})
