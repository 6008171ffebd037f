import { afterAll, beforeAll, expect, test } from 'vitest'
import { setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import { includedDomains, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

const small = new SmallTenant().users('anna', 'bert', 'carla', 'dirk')
let world: World

beforeAll(async () => {
  const accounts = small.accounts()
  world = await World.start({ tenant: small.tenant, includedDomains, accounts })
})
afterAll(() => world[Symbol.asyncDispose]())

test('SCHEDULE fires by itself, and without PERFORM_SYNC its runs are previews', async () => {
  const api = await world.startHost({ CLOUD_SYNC__SCHEDULE: '*/1 * * * * *' })
  await api.host.waitForLine(/scheduledSync.*run requested/)
  const run = (await api.runs()).at(-1)
  expect(await api.ended(run?.id ?? '')).toMatchObject({
    trigger: 'schedule',
    requested_by: 'scheduledSync',
    mode: 'preview',
    status: 'succeeded',
    counts: { link: { planned: 4, applied: 0 } },
  })
  expect(world.zivver.writes()).toEqual([])
  expect(await world.rows('CloudSyncMappings')).toEqual([])
})

test('PERFORM_SYNC lets scheduled runs write, within the guard', async () => {
  const api = await world.restartHost({ CLOUD_SYNC__PERFORM_SYNC: 'True' })
  setDisplayName(small.tenant, small.get('anna'), 'Anna Vos')
  expect(await api.tick()).toMatchObject({
    trigger: 'schedule',
    mode: 'sync',
    status: 'succeeded',
    counts: { update: { applied: 1 }, link: { applied: 3 } },
  })
  setDisplayName(small.tenant, small.get('anna'), 'Anna de Vos')
  setDisplayName(small.tenant, small.get('bert'), 'Bert de Vos')
  expect(await api.tick()).toMatchObject({ mode: 'sync', status: 'blocked' })
  expect((await api.sync({ perform_sync: false })).mode).toBe('preview')
})
