import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { type Api, World } from './world.ts'

let world: World
let api: Api

beforeAll(async () => {
  const built = buildTenant({ seed: 7, mailboxes: 60 })
  world = await World.start(built)
  api = await world.startHost()
})
afterAll(() => world[Symbol.asyncDispose]())

test('a preview writes nothing, a first sync is blocked, an allowed one converges, the second plans nothing', async () => {
  const preview = await api.sync()
  expect(preview).toMatchObject({ status: 'succeeded', mode: 'preview', error: null })
  expect(world.zivver.writes()).toEqual([])
  expect(await world.rows('CloudSyncMappings')).toEqual([])

  const blocked = await api.sync({ perform_sync: true })
  expect(blocked).toMatchObject({ status: 'blocked', guard: { blocked: true } })
  expect(world.zivver.writes()).toEqual([])

  const first = await api.sync({ perform_sync: true, allow_large_sync: true })
  const failed = (await api.changes(first.id)).filter((change) => change['status'] === 'failed')
  expect(failed).toEqual([])
  expect(first.status).toBe('succeeded')

  const second = await api.sync({ perform_sync: true })
  expect(await api.changes(second.id)).toEqual([])
  expect(second.status).toBe('succeeded')
  expect(world.zivver.throttled()).toBe(0)
  expect(world.mail.outbox()).toHaveLength(4)
})
