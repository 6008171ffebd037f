import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../simulators/shared/random.ts'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { randomMutations } from '../simulators/tenant/random-mutations.ts'
import type { Api } from './api.ts'
import { World } from './world.ts'

const built = buildTenant({ seed: 7, mailboxes: 60 })
let world: World
let api: Api

beforeAll(async () => {
  world = await World.start(built)
  api = await world.startHost()
})
afterAll(() => world[Symbol.asyncDispose]())

/** Requests to Zivver that were no reads, refused ones included, since the last call. */
function writeRequests(): number {
  const count = world.zivver.log.count(({ method }) => method !== 'GET')
  world.zivver.log.clear()
  return count
}
const mappings = () => world.rows('CloudSyncMappings')

test('a preview writes nothing, a first sync is blocked, an allowed one converges, the second plans nothing', async () => {
  const preview = await api.sync()
  expect(preview).toMatchObject({ status: 'succeeded', mode: 'preview', error: null })
  expect([writeRequests(), await mappings()]).toEqual([0, []])

  const blocked = await api.sync({ perform_sync: true })
  expect(blocked).toMatchObject({ status: 'blocked', guard: { blocked: true } })
  expect([writeRequests(), await mappings()]).toEqual([0, []])

  const first = await api.apply()
  expect(first.changes.filter(({ status }) => status !== 'applied')).toEqual([])
  expect(first.run).toMatchObject({ status: 'succeeded', error: null })
  expect(writeRequests()).toBeGreaterThan(30)

  const second = await api.plan({ perform_sync: true })
  expect(second.changes).toEqual([])
  expect([second.run.status, writeRequests()]).toEqual(['succeeded', 0])
  expect(world.zivver.throttled()).toBe(0)
  expect(world.mail.outbox()).toHaveLength(4)
})

test('a preview of many kinds of changes leaves Zivver and the mapping table as they are', async () => {
  randomMutations(built.tenant, createRandom(3), 60)
  const accounts = world.zivver.state.views()
  const rows = await mappings()
  const relink = [...built.tenant.mailboxes.values()].map((mailbox) => mailbox.primarySmtpAddress)
  const { changes } = await api.plan({ relink })
  expect(new Set(changes.map(({ action }) => action)).size).toBeGreaterThanOrEqual(3)
  await api.plan({ reset_account_mapping: true })
  expect(writeRequests()).toBe(0)
  expect(world.zivver.state.views()).toEqual(accounts)
  expect(await mappings()).toEqual(rows)

  expect((await api.apply({ relink })).run.status).toBe('succeeded')
  expect((await api.plan()).changes).toEqual([])
})
