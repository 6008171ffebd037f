import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantFullAccess } from '../simulators/tenant/group-mutations.ts'
import type { Api, RunWithChanges } from './api.ts'
import { addressOf, includedDomains, SmallTenant } from './small-tenant.ts'
import { World, zivverKey } from './world.ts'

const budget = 9
const windowMs = 400
const users = Array.from({ length: 30 }, (_, at) => `user${at}`)
const teams = ['team1', 'team2', 'team3']
const small = new SmallTenant().users(...users).shared(...teams)
let world: World
let api: Api
let first: RunWithChanges

beforeAll(async () => {
  const env = {
    CLOUD_SYNC__ZIVVER_API_KEY: `  ${zivverKey}\n`,
    CLOUD_SYNC__ZIVVER_RATE_LIMIT: `${budget}/${windowMs / 1000}`,
    CLOUD_SYNC__EXCHANGE_CONCURRENCY: '3',
    CLOUD_SYNC__SLICE_SECONDS: '1',
    CLOUD_SYNC__USER_DELEGATION_MAX_AGE_HOURS: '24',
  }
  const zivver = { rateLimit: null }
  world = await World.start({ tenant: small.tenant, includedDomains, env, zivver })
  world.microsoft365.cmdletLatency.set(150)
  api = await world.startHost()
  first = await api.apply()
  expect(first.run).toMatchObject({ status: 'succeeded', error: null })
})
afterAll(() => world[Symbol.asyncDispose]())

const permissionReadings = () => world.microsoft365.cmdletLoad.runs['Get-MailboxPermission'] ?? 0

test('SLICE_SECONDS: a run goes on over many invocations, makes every reading once and every account once', () => {
  const invocations = api.host.lines.flatMap((line) => /\[executeRun (\w+)\]/.exec(line)?.[1] ?? [])
  expect(new Set(invocations).size).toBeGreaterThanOrEqual(3)
  expect(permissionReadings()).toBe(33)
  const writes = world.zivver.writes()
  expect(new Set(writes.map(({ id }) => id)).size).toBe(33)
  expect(writes).toHaveLength(33)
  expect(first.run.counts.create).toMatchObject({ planned: 33, applied: 33 })
})

test('EXCHANGE_CONCURRENCY: cmdlets run side by side, and never more are open', () => {
  expect([2, 3]).toContain(world.microsoft365.cmdletLoad.maxOpen)
})

test('ZIVVER_RATE_LIMIT: never more calls in any window of that length, reads included', () => {
  const arrivals = world.zivver.log.entries.map(({ at }) => at)
  expect(arrivals.length).toBeGreaterThan(33)
  const gaps = arrivals.slice(budget).map((at, index) => at - (arrivals[index] ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThan(windowMs)
})

test('USER_DELEGATION_MAX_AGE_HOURS: readings of user mailboxes are used again, shared ones are read every run', async () => {
  const delegate = small.get('user1').externalDirectoryObjectId
  grantFullAccess(small.tenant, small.get('user0'), delegate)
  grantFullAccess(small.tenant, small.get('team1'), delegate)
  world.microsoft365.resetLoad()
  const young = await api.apply()
  expect(permissionReadings()).toBe(teams.length)
  expect(young.changes.map(({ address }) => address)).toEqual([addressOf('team1')])
  const warning = young.run.warnings.find(({ code }) => code === 'READINGS_REUSED')
  expect(warning?.message).toContain('30 user mailboxes')

  world.microsoft365.cmdletLatency.clear()
  api = await world.restartHost({ CLOUD_SYNC__USER_DELEGATION_MAX_AGE_HOURS: '0' })
  world.microsoft365.resetLoad()
  const fresh = await api.apply()
  expect(permissionReadings()).toBe(33)
  expect(fresh.changes.map(({ address }) => address)).toEqual([addressOf('user0')])
})

test('LOG_LEVEL=INFO: no log is attached to the mail', () => {
  const files = world.mail.outbox().flatMap(({ attachments }) => attachments)
  expect(files.map(({ name }) => name)).toContain('changes.csv')
  expect(files.filter(({ name }) => name.startsWith('debug'))).toEqual([])
})
