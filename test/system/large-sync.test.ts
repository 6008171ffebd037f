import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import type { Write } from '../simulators/zivver/write-log.ts'
import type { Api, RunWithChanges } from './api.ts'
import { World } from './world.ts'

let world: World
let api: Api
let first: RunWithChanges

beforeAll(async () => {
  const built = buildTenant({ seed: 2000, mailboxes: 2000, shared: 300 })
  world = await World.start({
    ...built,
    microsoft365: { logBodies: false },
    zivver: { rateLimit: { budget: 50, windowSeconds: 0.5, headers: 'none' } },
    env: { CLOUD_SYNC__ZIVVER_RATE_LIMIT: '50/0.5' },
  })
  api = await world.startHost()
  first = await api.apply()
}, 120_000)
afterAll(() => world[Symbol.asyncDispose]())

/** Accounts that are delegates of their own delegates, at whatever distance: a ring takes two writes. */
function accountsInRings(): Set<string> {
  const { accounts } = world.zivver.state
  const isInRing = (start: string) => {
    const reached = new Set(accounts.get(start)?.delegates)
    for (const id of reached) {
      for (const next of accounts.get(id)?.delegates ?? []) reached.add(next)
    }
    return reached.has(start)
  }
  return new Set([...accounts.keys()].filter(isInRing))
}

function writesByAccount(): Map<string, Write[]> {
  return Map.groupBy(world.zivver.writes(), ({ id }) => id ?? 'none')
}

const empties = ({ method }: Write) => method === 'PATCH'

test('2,000 mailboxes, 300 of them shared, are synchronised in one run without an error', () => {
  expect(first.run).toMatchObject({ status: 'succeeded', error: null })
  expect(first.run.counts.create.applied).toBeGreaterThan(1000)
  expect(first.run.counts.update.applied).toBeGreaterThan(100)
  const types = first.run.mailbox_types
  expect(types['SharedMailbox']).toBe(300)
  expect(Object.values(types).reduce((sum, count) => sum + count, 0)).toBe(2000)
})

test('with one write for each account, a ring of delegates and emptied members apart', () => {
  const writes = writesByAccount()
  const rings = accountsInRings()
  const repeated = [...writes].filter(([id, own]) => own.length > 1 && !rings.has(id))
  expect(repeated.filter(([, own]) => own.length > 2 || !own.some(empties))).toEqual([])
  expect(world.zivver.writes().filter(({ outcome }) => outcome !== 'applied')).toEqual([])
  const written = first.changes.filter(({ action }) => action !== 'link')
  expect(writes.size).toBeLessThanOrEqual(written.length)
})

test('reading both lists once, and nothing before a write', () => {
  const { log } = world.zivver
  const reads = log.filter(({ method }) => method === 'GET')
  expect(reads.map(({ tags }) => [tags['operation'], tags['kind']])).toEqual([
    ['list', 'user'],
    ['list', 'functional'],
  ])
})

test('at the pace of the rate limit: no 429, and no two writes on one account at once', () => {
  expect(world.zivver.throttled()).toBe(0)
  expect(world.zivver.violations()).toEqual([])
  expect(world.zivver.log.count({ status: 429 })).toBe(0)
})

test('and nobody has lost single sign-on, and the next run has nothing to do', async () => {
  expect(world.zivver.state.views().filter(({ ssoBroken }) => ssoBroken)).toEqual([])
  const { run, changes } = await api.plan({ perform_sync: true })
  expect(changes).toEqual([])
  expect(run.status).toBe('succeeded')
}, 60_000)
