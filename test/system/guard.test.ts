import { afterAll, beforeAll, expect, test } from 'vitest'
import { setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import type { Api } from './api.ts'
import { includedDomains, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

const names = Array.from({ length: 20 }, (_, at) => `user${at + 1}`)
const small = new SmallTenant().users(...names)
let world: World
let api: Api

beforeAll(async () => {
  world = await World.start({ tenant: small.tenant, includedDomains })
  api = await world.startHost()
})
afterAll(() => world[Symbol.asyncDispose]())

let renamed = 0
/** Gives so many users a new name. */
function rename(count: number): void {
  for (const name of names.slice(0, count)) {
    renamed += 1
    setDisplayName(small.tenant, small.get(name), `Name ${renamed}`)
  }
}

const sync = () => api.sync({ perform_sync: true })

test('with no account in Zivver yet, any change is too many', async () => {
  const run = await sync()
  expect(run).toMatchObject({
    status: 'blocked',
    counts: { create: { planned: 20, applied: 0 } },
    guard: { blocked: true, changed: 20, total: 0, limit_percent: 10 },
  })
  expect(run.guard.findings[0]).toContain('Zivver has none')
  expect(world.zivver.writes()).toEqual([])
  expect(await world.rows('CloudSyncMappings')).toEqual([])
  expect((await api.apply()).run.counts.create.applied).toBe(20)
})

test('exactly 10 % of all accounts passes, one more blocks, and a preview shows the finding', async () => {
  rename(2)
  expect(await sync()).toMatchObject({
    status: 'succeeded',
    guard: { blocked: false, changed: 2, total: 20, findings: [] },
  })
  rename(3)
  world.zivver.clearWrites()
  const preview = await api.sync()
  expect(preview.status).toBe('succeeded')
  expect(preview.guard.findings[0]).toMatch(/^3 of 20 accounts/)
  expect(await sync()).toMatchObject({ status: 'blocked', guard: { changed: 3, total: 20 } })
  expect(world.zivver.writes()).toEqual([])
})

test('links do not count: a lost mapping table blocks nothing', async () => {
  await api.apply()
  for (const row of await world.rows('CloudSyncMappings')) {
    const { partitionKey, rowKey } = row as { partitionKey: string; rowKey: string }
    await world.table('CloudSyncMappings').deleteEntity(partitionKey, rowKey)
  }
  rename(1)
  world.zivver.clearWrites()
  const run = await sync()
  expect(run).toMatchObject({
    status: 'succeeded',
    counts: { update: { applied: 1 }, link: { applied: 19 } },
    guard: { changed: 1, total: 20 },
  })
  expect(world.zivver.writes()).toHaveLength(1)
})

test('LARGE_SYNC_PERCENT moves the limit, which a single change always passes', async () => {
  api = await world.restartHost({ CLOUD_SYNC__LARGE_SYNC_PERCENT: '1.5' })
  rename(1)
  expect(await sync()).toMatchObject({
    status: 'succeeded',
    guard: { changed: 1, limit_percent: 1.5 },
  })
  rename(2)
  expect((await sync()).status).toBe('blocked')
  await api.apply()
})

test('a limit of 0 blocks even one change', async () => {
  api = await world.restartHost({ CLOUD_SYNC__LARGE_SYNC_PERCENT: '0' })
  expect((await sync()).status).toBe('succeeded')
  rename(1)
  expect(await sync()).toMatchObject({ status: 'blocked', guard: { changed: 1, limit_percent: 0 } })
  expect((await api.apply()).run.status).toBe('succeeded')
})
