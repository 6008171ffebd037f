import { afterAll, beforeAll, expect, test } from 'vitest'
import { setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import type { Api } from './api.ts'
import { moveToThePast } from './past.ts'
import { includedDomains, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

const names = ['anna', 'bert', 'carla', 'dirk']
const small = new SmallTenant().users(...names)
let world: World
let api: Api

beforeAll(async () => {
  const accounts = small.accounts()
  world = await World.start({ tenant: small.tenant, includedDomains, accounts })
  api = await world.startHost({ CLOUD_SYNC__PERFORM_SYNC: 'True' })
})
afterAll(() => world[Symbol.asyncDispose]())

const lastSubject = () => world.mail.outbox().at(-1)?.subject
const schedule = async () => {
  const { status, json } = await api.get('/api/health')
  return { code: status, ...json.checks.find(({ name }) => name === 'schedule') }
}
function renameAll(to: string): void {
  for (const name of names) setDisplayName(small.tenant, small.get(name), `${name} ${to}`)
}

test('runs that are blocked for days turn health to 503, and the next subject says since when nothing succeeded', async () => {
  expect((await api.tick()).status).toBe('succeeded')
  expect(await schedule()).toMatchObject({ code: 200, status: 'ok' })
  await moveToThePast(world, 2)
  renameAll('Smit')
  expect((await api.tick()).status).toBe('blocked')
  await moveToThePast(world, 1)
  expect(await schedule()).toMatchObject({
    code: 503,
    status: 'failing',
    message: expect.stringMatching(/^The last successful run finished at .*, 72 hours ago\. /),
    remedy: expect.stringContaining('Open the dashboard'),
  })
  // A preview writes nothing, so nothing has succeeded by it.
  expect((await api.sync()).status).toBe('succeeded')
  expect((await schedule()).code).toBe(503)
  const blocked = await api.tick()
  expect(lastSubject()).toMatch(/BLOCKED day 2: .* · no success for 3 days$/)
  const page = await api.get(`/api/runs/${blocked.id}/report`)
  expect(page.text).toContain('No run has been successful since')
})

test('one success puts an end to it', async () => {
  expect((await api.apply()).run.status).toBe('succeeded')
  expect(lastSubject()).not.toContain('no success')
  expect(await schedule()).toMatchObject({ code: 200, status: 'ok' })
})
