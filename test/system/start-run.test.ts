import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import type { Api } from './api.ts'
import { includedDomains, SmallTenant } from './small-tenant.ts'
import { World, zivverKey } from './world.ts'

const names = Array.from({ length: 24 }, (_, at) => `user${at + 1}`)
const small = new SmallTenant().users(...names).shared('info')
let world: World
let api: Api

beforeAll(async () => {
  const accounts = small.accounts()
  world = await World.start({ tenant: small.tenant, includedDomains, accounts })
  api = await world.startHost()
  expect((await api.apply()).run.counts.link.applied).toBe(25)
})
afterAll(() => world[Symbol.asyncDispose]())

let renamed = 0
/** Gives users a display name that they never had. */
function rename(...users: string[]): void {
  for (const user of users) {
    renamed += 1
    setDisplayName(small.tenant, small.get(user), `Name ${renamed}`)
  }
}

const mappings = () => world.rows('CloudSyncMappings')
const namesOf = (changes: readonly { address: string }[]) =>
  changes.map(({ address }) => address.split('@')[0] ?? '')

describe('the request', () => {
  test('without a flag starts a preview, and the answer leads to its status', async () => {
    const answer = await api.call('POST', '/api/runs')
    expect(answer.status).toBe(202)
    expect(answer.json).toMatchObject({ status: 'queued' })
    expect(answer.json.status_url).toBe(`${api.host.url}/api/runs/${answer.json.id}`)
    expect(answer.headers.get('location')).toBe(answer.json.status_url)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await api.ended(answer.json.id)).toMatchObject({
      trigger: 'manual',
      mode: 'preview',
      status: 'succeeded',
      phase: 'done',
      flags: {
        perform_sync: false,
        allow_large_sync: false,
        reset_account_mapping: false,
        relink: [],
        approve_run: null,
      },
    })
  })

  test('takes the same flags as JSON and as query', async () => {
    const relink = ['old@contoso.example', 'other@contoso.example']
    const flags = {
      perform_sync: true,
      allow_large_sync: true,
      reset_account_mapping: false,
      relink,
    }
    const { flags: fromJson } = await api.sync(flags)
    const query = `perform_sync=true&allow_large_sync=True&reset_account_mapping=0&relink=${relink.join(',')}`
    const answer = await api.call('POST', `/api/runs?${query}`)
    const fromQuery = await api.ended(answer.json.id)
    expect(fromJson).toEqual({ ...flags, approve_run: null })
    expect(fromQuery.flags).toEqual(fromJson)
    expect(fromQuery.mode).toBe('sync')
  })

  test.each<[string, string | undefined, string, string]>([
    ['an unknown flag', '{"perform":true}', '', 'perform'],
    ['an unknown flag as query', undefined, '?performsync=true', 'performsync'],
    ['a text for a boolean', '{"perform_sync":"true"}', '', 'perform_sync'],
    ['a word for a boolean as query', undefined, '?allow_large_sync=yes', 'allow_large_sync'],
    ['a flag given twice', undefined, '?perform_sync=true&perform_sync=false', 'perform_sync'],
    ['a text for a list', '{"relink":"anna@contoso.example"}', '', 'relink'],
    ['no address in a list', '{"relink":["anna"]}', '', 'relink'],
    ['a number for an id', '{"perform_sync":true,"approve_run":7}', '', 'approve_run'],
    ['flags in both places', '{"perform_sync":true}', '?allow_large_sync=true', 'body'],
    ['a list for a body', '[]', '', 'body'],
    ['no JSON', 'perform_sync=true', '', 'body'],
  ])('with %s is refused by name, and nothing is started', async (_, body, query, name) => {
    const before = await api.runs()
    const answer = await api.call('POST', `/api/runs${query}`, body === undefined ? {} : { body })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.json.errors).toMatchObject([{ name, message: expect.any(String) }])
    expect(await api.runs()).toEqual(before)
  })

  test('with a body that is too large is refused', async () => {
    const body = JSON.stringify({ relink: Array<string>(9000).fill('a@contoso.example') })
    expect((await api.call('POST', '/api/runs', { body })).status).toBe(413)
  })

  test('story 18: a request is accepted once of many at the same moment; the others name the run that is active', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.request()))
    const accepted = answers.filter(({ status }) => status === 202)
    const refused = answers.filter(({ status }) => status === 409)
    expect([accepted.length, refused.length]).toEqual([1, 7])
    const id = accepted[0]?.json.id ?? ''
    expect(new Set(refused.map(({ json }) => json.active_run))).toEqual(new Set([id]))
    await api.ended(id)
    // Final means that the next one is accepted.
    expect((await api.sync()).status).toBe('succeeded')
  })
})

describe('cancel', () => {
  test('ends a run that reads, before anything is planned', async () => {
    world.microsoft365.cmdletLatency.set(300)
    const { id } = await api.started({ perform_sync: true })
    await api.until(id, ({ status }) => status === 'running')
    const answer = await api.call('POST', `/api/runs/${id}/cancel`)
    expect(answer.status).toBe(202)
    expect(answer.headers.get('location')).toBe(`${api.host.url}/api/runs/${id}`)
    expect(await api.ended(id)).toMatchObject({ status: 'cancelled', report: { email: 'sent' } })
    world.microsoft365.cmdletLatency.clear()
    expect((await api.call('POST', `/api/runs/${id}/cancel`)).status).toBe(409)
    expect((await api.call('POST', '/api/runs/0000000000000-00000000/cancel')).status).toBe(404)
  })

  test('begins no further write: what was not touched stays planned, and the next run makes up for it', async () => {
    rename(...names)
    world.zivver.clearWrites()
    world.zivver.latency.set(1000, { tags: { access: 'write' } })
    const { id } = await api.started({ perform_sync: true, allow_large_sync: true })
    await api.until(id, ({ phase }) => phase === 'applying')
    await api.call('POST', `/api/runs/${id}/cancel`)
    const run = await api.ended(id)
    world.zivver.latency.clear()
    const { planned, applied, failed } = run.counts.update
    expect(run.status).toBe('cancelled')
    expect([planned, applied, failed]).toEqual([24, world.zivver.writes().length, 0])
    expect(applied).toBeLessThan(24)
    expect(await api.changes(id, '&status=planned')).toHaveLength(24 - applied)
    const { counts } = await api.sync({ perform_sync: true, allow_large_sync: true })
    expect(counts.update).toMatchObject({ planned: 24 - applied, applied: 24 - applied })
  })

  test('ends a run that waits behind another at once, and that other goes on', async () => {
    world.microsoft365.cmdletLatency.set(400)
    const { id } = await api.started()
    await api.fire('scheduledSync')
    await api.fire('scheduledSync')
    const scheduled = async () => (await api.runs()).filter(({ trigger }) => trigger === 'schedule')
    await expect.poll(scheduled).toMatchObject([{ status: 'queued' }])
    const queued = (await scheduled())[0]?.id ?? ''
    expect((await api.call('POST', `/api/runs/${queued}/cancel`)).json.status).toBe('cancelled')
    expect(await api.run(queued)).toMatchObject({ status: 'cancelled', report: { email: 'sent' } })
    expect((await api.run(id)).finished_at).toBeNull()
    world.microsoft365.cmdletLatency.clear()
    expect((await api.ended(id)).status).toBe('succeeded')
    // One scheduled run waited, never two.
    expect(await scheduled()).toHaveLength(1)
  })
})

describe('allow_large_sync', () => {
  test('lets one run pass the guard, and only that one', async () => {
    rename('user1', 'user2', 'user3')
    const blocked = await api.plan({ perform_sync: true })
    expect(blocked.run).toMatchObject({ status: 'blocked', guard: { blocked: true, changed: 3 } })
    expect(blocked.changes.map(({ status }) => status)).toEqual(['planned', 'planned', 'planned'])
    expect((await api.apply()).run).toMatchObject({
      status: 'succeeded',
      guard: { blocked: false },
    })
    rename('user1', 'user2', 'user3')
    expect((await api.sync({ perform_sync: true })).status).toBe('blocked')
    expect((await api.apply()).run.status).toBe('succeeded')
  })
})

describe('reset_account_mapping', () => {
  const reset = { reset_account_mapping: true }

  test('deletes nothing in a preview, nor in a blocked, failed or cancelled run', async () => {
    const before = await mappings()
    rename('user4', 'user5', 'user6')
    expect((await api.sync(reset)).counts.link.planned).toBe(22)
    expect((await api.sync({ ...reset, perform_sync: true })).status).toBe('blocked')
    world.zivver.setOptions({ key: 'another key' })
    const failed = await api.sync({ ...reset, perform_sync: true, allow_large_sync: true })
    expect(failed.error?.code).toBe('ZIVVER_UNAUTHORIZED')
    world.zivver.setOptions({ key: zivverKey })
    world.microsoft365.cmdletLatency.set(300)
    const { id } = await api.started({ ...reset, perform_sync: true, allow_large_sync: true })
    await api.call('POST', `/api/runs/${id}/cancel`)
    expect((await api.ended(id)).status).toBe('cancelled')
    world.microsoft365.cmdletLatency.clear()
    expect(await mappings()).toEqual(before)
  })

  test('links every account afresh by its address, and drops the rows that nothing linked again', async () => {
    const [one, two] = [small.get('user7'), small.get('user8')]
    const idOf = (address: string) => world.zivver.state.ownerOf(address)?.id ?? ''
    const [first, second] = [idOf(one.primarySmtpAddress), idOf(two.primarySmtpAddress)]
    // Somebody swapped the two accounts: by identifiers each would be renamed back.
    world.zivver.state.edit(first, { address: 'parked@contoso.example' })
    world.zivver.state.edit(second, { address: one.primarySmtpAddress })
    world.zivver.state.edit(first, { address: two.primarySmtpAddress })
    await world.plantMapping({
      rowKey: '00000000-0000-4000-8000-00000000dead',
      scimId: '00000000-0000-4000-8000-00000000beef',
      address: 'gone@contoso.example',
    })
    const { run, changes } = await api.apply(reset)
    expect(run).toMatchObject({ status: 'succeeded', error: null })
    const linked = new Map(changes.map((change) => [change.address, change]))
    expect(linked.get(one.primarySmtpAddress)).toMatchObject({
      action: 'update',
      reason: 'adopted_by_address',
      scim_id: second,
      external_directory_object_id: one.externalDirectoryObjectId,
    })
    const rows = await mappings()
    expect(rows).toHaveLength(25)
    expect(new Set(rows.map(({ lastRunId }) => lastRunId))).toEqual(new Set([run.id]))
    expect((await api.plan()).changes).toEqual([])
  })
})

describe('approve_run', () => {
  test('applies exactly the changes that both plans share, past the guard; the rest is deferred', async () => {
    rename('user1', 'user2', 'user3')
    const approved = await api.sync()
    rename('user1', 'user4')
    const { run, changes } = await api.plan({ perform_sync: true, approve_run: approved.id })
    const statusOf = new Map(namesOf(changes).map((name, at) => [name, changes[at]?.status]))
    expect(Object.fromEntries(statusOf)).toEqual({
      user1: 'deferred',
      user2: 'applied',
      user3: 'applied',
      user4: 'deferred',
    })
    expect(run).toMatchObject({
      status: 'succeeded',
      counts: { update: { applied: 2, deferred: 2 } },
    })
    expect(namesOf((await api.apply()).changes).sort()).toEqual(['user1', 'user4'])
  })

  test('takes over the flags that decide the plan of the approved run', async () => {
    rename('user1', 'user2', 'user3')
    const relink = ['nobody@contoso.example']
    const approved = await api.sync({ perform_sync: true, reset_account_mapping: true, relink })
    expect(approved.status).toBe('blocked')
    const run = await api.sync({ perform_sync: true, approve_run: approved.id })
    expect(run.flags).toMatchObject({
      reset_account_mapping: true,
      relink,
      approve_run: approved.id,
    })
    expect(run.counts.update.applied).toBe(3)
    expect(run.counts.link.applied).toBe(22)
  })

  test('is refused without perform_sync, with other flags, or for a run that has no finished plan to approve', async () => {
    const preview = await api.sync({ relink: ['nobody@contoso.example'] })
    const { id: synced } = await api.sync({ perform_sync: true })
    world.zivver.setOptions({ key: 'another key' })
    const { id: failed } = await api.sync()
    world.zivver.setOptions({ key: zivverKey })
    world.microsoft365.cmdletLatency.set(400)
    const { id: active } = await api.started()
    const sync = { perform_sync: true }
    const wishes: [string, Record<string, unknown>][] = [
      ['approve_run', { ...sync, approve_run: active }],
      ['approve_run', { approve_run: preview.id }],
      ['approve_run', { ...sync, approve_run: '8000000000000-00000000' }],
      ['approve_run', { ...sync, approve_run: synced }],
      ['approve_run', { ...sync, approve_run: failed }],
      ['relink', { ...sync, approve_run: preview.id, relink: [] }],
      ['reset_account_mapping', { ...sync, approve_run: preview.id, reset_account_mapping: true }],
    ]
    for (const [name, flags] of wishes) {
      const { json } = await api.request(flags)
      expect([flags, json.status, json.errors[0]?.name]).toEqual([flags, 400, name])
    }
    world.microsoft365.cmdletLatency.clear()
    await api.ended(active)
  })
})
