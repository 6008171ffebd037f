import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RunJson } from '../../core/api/run.ts'
import { setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import { build } from '../tools/build.ts'
import type { Api } from './api.ts'
import { includedDomains, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

// Slices of a second, ten writes each. What happens between two of them must end the run, and what was done until then
// must be recorded whole.
const total = 30
const names = Array.from({ length: total }, (_, at) => `user${at}`)
const small = new SmallTenant().users(...names)
const inManySlices = {
  CLOUD_SYNC__SLICE_SECONDS: '1',
  CLOUD_SYNC__ZIVVER_RATE_LIMIT: '10/1',
  CLOUD_SYNC__LARGE_SYNC_PERCENT: '100',
}
let world: World
let api: Api

beforeAll(async () => {
  world = await World.start({
    tenant: small.tenant,
    includedDomains,
    accounts: small.accounts(),
    zivver: { rateLimit: null },
    env: inManySlices,
  })
  api = await world.startHost()
  await api.apply()
})
// A host takes seconds to start where others start theirs too.
vi.setConfig({ testTimeout: 60_000 })
afterAll(() => world[Symbol.asyncDispose]())

let renamed = 0
/** Requests a sync that has to write every account, and waits until it has written some. */
async function halfWay(request: () => Promise<unknown>): Promise<string> {
  renamed += 1
  for (const name of names) setDisplayName(small.tenant, small.get(name), `${name} ${renamed}`)
  world.zivver.clearWrites()
  await request()
  const [run] = await api.runs()
  const id = run?.id ?? ''
  await api.until(id, ({ progress, phase }) => phase === 'applying' && progress.done >= 5)
  return id
}

/** The run ended because something changed, and its history tells of exactly what was written. */
async function expectCleanEnd(run: RunJson): Promise<void> {
  expect(run).toMatchObject({
    status: 'cancelled',
    error: { code: 'SETTINGS_CHANGED' },
    report: { email: 'sent' },
  })
  expect(world.mail.outbox().at(-1)?.subject).toMatch(/STOPPED: settings changed, \d+ of 30/)
  const changes = await api.changes(run.id)
  const by = (status: string) => changes.filter((change) => change.status === status)
  expect([by('failed'), by('deferred')]).toEqual([[], []])
  expect(by('planned').length).toBeGreaterThan(0)
  const written = world.zivver.writes().map(({ id, outcome }) => `${id} ${outcome}`)
  const applied = by('applied').map(({ scim_id }) => `${scim_id} applied`)
  expect(written.toSorted()).toEqual(applied.toSorted())
  expect(run.counts.update).toMatchObject({ planned: total, applied: applied.length, failed: 0 })
  const rows = await world.rows('CloudSyncMappings')
  const ofThisRun = rows.filter(({ lastRunId }) => lastRunId === run.id)
  expect(ofThisRun.map(({ scimId }) => `${String(scimId)} applied`).toSorted()).toEqual(
    applied.toSorted(),
  )
  const left = (await world.rows('CloudSyncChanges')).filter(({ rowKey }) => rowKey === 'lease')
  expect(left).toEqual([])
}

/** The next run makes up for what was not begun, and writes nothing twice. */
async function expectNextToFinish(): Promise<void> {
  const written = new Set(world.zivver.writes().map(({ id }) => id))
  world.zivver.clearWrites()
  expect((await api.apply()).run.status).toBe('succeeded')
  const rest = world.zivver.writes().map(({ id }) => id)
  expect(rest.filter((id) => written.has(id))).toEqual([])
  expect(rest).toHaveLength(total - written.size)
}

test('a setting that is changed between two slices ends the run', async () => {
  const id = await halfWay(() => api.started({ perform_sync: true }))
  api = await world.restartHost({ CLOUD_SYNC__LARGE_SYNC_PERCENT: '99' })
  await expectCleanEnd(await api.ended(id))
  await expectNextToFinish()
})

test('PERFORM_SYNC that is switched off ends a scheduled sync', async () => {
  api = await world.restartHost({ CLOUD_SYNC__PERFORM_SYNC: 'True' })
  const id = await halfWay(async () => {
    await api.fire('scheduledSync')
    await expect.poll(async () => (await api.runs())[0]?.trigger).toBe('schedule')
  })
  api = await world.restartHost({ CLOUD_SYNC__PERFORM_SYNC: 'False' })
  await expectCleanEnd(await api.ended(id))
  expect(await api.tick()).toMatchObject({ mode: 'preview', status: 'succeeded' })
  await expectNextToFinish()
})

test('story 31: a new version that is installed between two slices ends the run, and finishes the next', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cloud-sync-next-'))
  try {
    const { outfile } = await build({
      outfile: join(folder, 'index.mjs'),
      version: '99.0.0+next',
    })
    const id = await halfWay(() => api.started({ perform_sync: true }))
    const before = (await api.run(id)).version
    api = await world.restartHost({ HOST_BUNDLE: outfile })
    const run = await api.ended(id)
    await expectCleanEnd(run)
    expect(run.version).toBe(before)
    await expectNextToFinish()
    expect((await api.runs())[0]?.version).toBe('99.0.0+next')
  } finally {
    await rm(folder, { recursive: true })
  }
})
