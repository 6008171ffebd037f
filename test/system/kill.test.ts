import { expect, test } from 'vitest'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { type Api, World } from './world.ts'

/** What Zivver holds, without what differs from one run of the world to the next. */
function finalAccounts(world: World): unknown[] {
  return world.zivver.state
    .views()
    .map(({ kind, address, displayName, aliases, delegates, active, externalAccountId }) => {
      return { kind, address, displayName, aliases, delegates, active, externalAccountId }
    })
    .sort((left, right) => (left.address < right.address ? -1 : 1))
}

function createsPerAddress(world: World): Map<string, number> {
  const creates = new Map<string, number>()
  for (const { method, outcome, body } of world.zivver.writes()) {
    if (method !== 'POST' || outcome !== 'applied') continue
    const { userName, externalId } = body as { userName?: string; externalId?: string }
    const address = userName ?? externalId ?? ''
    creates.set(address, (creates.get(address) ?? 0) + 1)
  }
  return creates
}

async function until(condition: () => boolean, timeoutMs = 20_000): Promise<void> {
  const end = Date.now() + timeoutMs
  while (!condition()) {
    if (Date.now() > end) throw new Error('it did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const built = () => buildTenant({ seed: 11, mailboxes: 60, existingAccounts: 0.2 })
const allowed = { perform_sync: true, allow_large_sync: true }
const quickLease = { CLOUD_SYNC__LEASE_SECONDS: '4' }

async function undisturbed(): Promise<unknown[]> {
  await using world = await World.start({ ...built(), env: quickLease })
  const api = await world.startHost()
  expect((await api.sync(allowed)).status).toBe('succeeded')
  return finalAccounts(world)
}

/** Starts a sync, waits until its n-th write has reached Zivver in this way, and kills the host. */
async function killAtWrite(world: World, nth: number, processed: boolean): Promise<string> {
  const api = await world.startHost()
  world.zivver.faults.add({
    match: { tags: { access: 'write' } },
    nth,
    action: { kind: 'hang', processed },
  })
  const { json } = await api.request(allowed)
  await until(() => world.zivver.faults.fired() > 0)
  api.host.kill('SIGKILL')
  await api.host.exited
  world.zivver.faults.clear()
  return json.id
}

test('story 15: a host killed just before, during or after a write is succeeded by another without a doubled account', async () => {
  const expected = await undisturbed()
  const sample: [number, boolean][] = [
    [1, true],
    [14, false],
    [40, true],
  ]
  for (const [nth, processed] of sample) {
    await using world = await World.start({ ...built(), env: quickLease })
    const runId = await killAtWrite(world, nth, processed)
    const killedAt = Date.now()
    const next: Api = await world.startHost()
    const run = await next.ended(runId)
    // LEASE_SECONDS + 2 s until it moves on, and the rest of the work; far less than a message's ten invisible minutes.
    expect(Date.now() - killedAt).toBeLessThan(30_000)
    const failed = await next.changes(runId, '&status=failed')
    expect(failed, `killed at write ${nth}`).toEqual([])
    expect(run.status, `killed at write ${nth}`).toBe('succeeded')
    expect(finalAccounts(world), `killed at write ${nth}`).toEqual(expected)
    expect([...createsPerAddress(world).values()].filter((count) => count > 1)).toEqual([])
    const again = await next.sync({ perform_sync: true })
    expect(again.counts.create.planned + again.counts.update.planned).toBe(0)
    expect(await next.changes(again.id)).toEqual([])
  }
}, 120_000)

test('story 18: two hosts on one storage make every write once; a paused one that wakes sends at most the request it had begun', async () => {
  const expected = await undisturbed()
  await using world = await World.start({
    ...built(),
    env: { ...quickLease, CLOUD_SYNC__ZIVVER_RATE_LIMIT: '10/1' },
  })
  const first = await world.startHost()
  const { json } = await first.request(allowed)
  await until(() => world.zivver.writes().length >= 12)
  first.host.kill('SIGSTOP')
  const atPause = world.zivver.writes().length
  const second = await world.startHost()
  const run = await second.ended(json.id)
  const written = world.zivver.writes().length
  first.host.kill('SIGCONT')
  await new Promise((resolve) => setTimeout(resolve, 2500))
  expect(world.zivver.writes().length - written, 'writes of the woken host').toBeLessThanOrEqual(1)
  expect(atPause).toBeLessThan(written)
  expect(run.status).toBe('succeeded')
  expect(finalAccounts(world)).toEqual(expected)
  expect([...createsPerAddress(world).values()].filter((count) => count > 1)).toEqual([])
}, 60_000)
