import { afterAll, beforeAll, expect, test } from 'vitest'
import { disableMailbox, enableMailbox } from '../simulators/tenant/mailbox-mutations.ts'
import type { Api } from '../system/api.ts'
import { includedDomains, SmallTenant } from '../system/small-tenant.ts'
import { World } from '../system/world.ts'

const names = Array.from({ length: 420 }, (_, at) => `user${at}`)
const harmed = names.slice(0, 400)
const small = new SmallTenant().users(...names)
const { tenant } = small
let world: World
let api: Api

beforeAll(async () => {
  const env = {
    CLOUD_SYNC__DELEGATES: 'False',
    CLOUD_SYNC__PERFORM_SYNC: 'True',
    CLOUD_SYNC__ZIVVER_RATE_LIMIT: '1000/1',
  }
  const zivver = { rateLimit: null }
  const accounts = small.accounts()
  world = await World.start({ tenant, includedDomains, accounts, zivver, env })
  api = await world.startHost()
})
afterAll(() => world[Symbol.asyncDispose]())

test('story 23: 400 suspensions that were a mistake are undone by one run, once their cause is mended', async () => {
  for (const name of harmed) disableMailbox(tenant, small.get(name))
  // Somebody lets the mistake pass the guard.
  const mistake = await api.sync({ perform_sync: true, allow_large_sync: true })
  expect(mistake).toMatchObject({ status: 'succeeded', counts: { suspend: { applied: 400 } } })
  for (const name of harmed) enableMailbox(tenant, small.get(name))
  const blocked = await api.tick()
  expect(blocked).toMatchObject({ status: 'blocked', counts: { reactivate: { planned: 400 } } })
  const undone = await api.sync({ perform_sync: true, approve_run: blocked.id })
  expect(undone).toMatchObject({ status: 'succeeded', counts: { reactivate: { applied: 400 } } })
  expect(world.zivver.state.views().filter(({ active }) => !active)).toEqual([])
  expect(world.zivver.state.views().filter(({ ssoBroken }) => ssoBroken)).toEqual([])
}, 60_000)
