import { QueueClient } from '@azure/storage-queue'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunJson } from '../../core/api/run.ts'
import { fault } from '../simulators/shared/fault-rule.ts'
import { setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import type { Api } from './api.ts'
import { includedDomains, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

const names = ['anna', 'bert', 'carla']
const small = new SmallTenant().users(...names)
let world: World
let api: Api

beforeAll(async () => {
  const accounts = small.accounts()
  world = await World.start({ tenant: small.tenant, includedDomains, accounts })
  api = await world.startHost()
  await api.apply()
})
afterAll(() => world[Symbol.asyncDispose]())

/** Starts a sync whose first write Zivver answers with a wait. */
async function throttledSync(name: string, seconds: number): Promise<string> {
  for (const one of names) setDisplayName(small.tenant, small.get(one), `${one} ${name}`)
  world.zivver.clearWrites()
  world.zivver.faults.once({ tags: { access: 'write' } }, fault.throttled(seconds), names.length)
  return (await api.started({ perform_sync: true, allow_large_sync: true })).id
}

/** A run waits while it reads, too: "waiting for the list of mailboxes". */
function isApplyingAndWaits({ phase, progress }: RunJson): boolean {
  return phase === 'applying' && /Zivver/.test(progress.waiting_for ?? '')
}

test('a short wait is held, and shown for as long as it lasts', async () => {
  const id = await throttledSync('Vos', 3)
  const waiting = await api.until(id, isApplyingAndWaits)
  expect(waiting.status).toBe('running')
  expect(waiting.progress.waiting_for).toMatch(/^[23] s for Zivver's rate limit$/)
  const run = await api.ended(id)
  expect(run).toMatchObject({ status: 'succeeded', progress: { done: 3, waiting_for: null } })
  expect(world.zivver.writes()).toHaveLength(3)
})

test('a wait of more than 30 s ends the slice: the run is given back, and its message shows up after the wait', async () => {
  const id = await throttledSync('Smit', 45)
  const waiting = await api.until(id, isApplyingAndWaits)
  expect(waiting.progress.waiting_for).toMatch(/^4[45] s for Zivver's rate limit$/)
  await api.host.waitForLine(/slice ended; the run goes on in the next one: waiting 4[45] s/)
  const lease = await world.table('CloudSyncChanges').getEntity(id, 'lease')
  expect(lease).toMatchObject({ state: 'released' })
  expect(await messages()).toEqual({ stored: 1, visible: 0 })
  // Nobody has to wait for it who does not want to.
  expect((await api.call('POST', `/api/runs/${id}/cancel`)).status).toBe(202)
  const run = await api.ended(id, 15_000)
  expect(run).toMatchObject({ status: 'cancelled', progress: { waiting_for: null } })
  expect(world.zivver.writes()).toEqual([])
})

/** Messages of the queue: all, and those that a host would find now. */
async function messages(): Promise<{ stored: number; visible: number }> {
  const connection = world.env['AzureWebJobsStorage'] ?? ''
  const queue = new QueueClient(connection, 'cloud-sync-runs')
  const { approximateMessagesCount } = await queue.getProperties()
  const { peekedMessageItems } = await queue.peekMessages()
  return { stored: approximateMessagesCount ?? 0, visible: peekedMessageItems.length }
}
