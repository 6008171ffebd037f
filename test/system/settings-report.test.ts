import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { remedies } from '../../core/report/remedies.ts'
import type { OutboxMail } from '../simulators/mail/outbox.ts'
import { fault } from '../simulators/shared/fault-rule.ts'
import { setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import type { Api } from './api.ts'
import { filesOf } from './leaks.ts'
import { addressOf, includedDomains, SmallTenant } from './small-tenant.ts'
import { World, zivverKey } from './world.ts'

const small = new SmallTenant().users('anna', 'bert', 'carla').shared('info')
let world: World
let api: Api

beforeAll(async () => {
  const accounts = small.accounts()
  world = await World.start({ tenant: small.tenant, includedDomains, accounts })
  api = await world.startHost({
    CLOUD_SYNC__LOG_LEVEL: 'DEBUG',
    CLOUD_SYNC__LANGUAGE: 'nl',
    CLOUD_SYNC__TIME_ZONE: 'Asia/Tokyo',
    CLOUD_SYNC__RETENTION_DAYS: '2',
    CLOUD_SYNC__EMAIL_SENDER: 'Reports@Contoso.example',
    CLOUD_SYNC__EMAIL_RECIPIENTS: ' first@contoso.example , Second@fabrikam.example,',
  })
  await api.apply()
})
// Closing the world looks for the secrets of this file in every log line, mail, attachment and table.
afterAll(() => world[Symbol.asyncDispose]())

function lastMail(): OutboxMail {
  const mail = world.mail.outbox().at(-1)
  if (mail === undefined) throw new Error('there is no mail')
  return mail
}

test('LOG_LEVEL=DEBUG: the log tells addresses, and is attached to the mail', async () => {
  setDisplayName(small.tenant, small.get('anna'), 'Anna Vos')
  await api.apply()
  const debug = filesOf(lastMail()).find(({ name }) => name === 'debug.txt')
  expect(debug?.text).toContain(addressOf('anna'))
  expect(api.host.lines.join('\n')).toContain(addressOf('anna'))
})

test('EMAIL_SENDER and EMAIL_RECIPIENTS: each report is one mail to all of them', async () => {
  world.mail.clearOutbox()
  const { report } = await api.sync()
  expect(report).toEqual({ email: 'sent' })
  expect(world.mail.outbox()).toMatchObject([
    { from: 'reports@contoso.example', to: ['first@contoso.example', 'second@fabrikam.example'] },
  ])
})

test('LANGUAGE and TIME_ZONE: the mail is Dutch and tells times in UTC and there', async () => {
  world.zivver.setOptions({ key: 'another key' })
  await api.sync()
  world.zivver.setOptions({ key: zivverKey })
  const { text, html } = lastMail()
  expect(text).toContain(remedies.ZIVVER_UNAUTHORIZED.nl)
  expect(html).toContain('lang="nl"')
  expect(text).toMatch(/\d\d:\d\d UTC \(.*\d\d:\d\d Asia\/Tokyo\)/)
})

describe('RETENTION_DAYS', () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()

  test('runs and their changes are purged after it', async () => {
    setDisplayName(small.tenant, small.get('bert'), 'Bert Smit')
    const [old, young] = [await api.sync(), await api.sync()]
    for (const [{ id }, finishedAt] of [
      [old, daysAgo(2.1)] as const,
      [young, daysAgo(1.9)] as const,
    ]) {
      const row = { partitionKey: world.microsoft365.tenant.id, rowKey: id, finishedAt }
      await world.table('CloudSyncRuns').updateEntity(row, 'Merge')
    }
    await api.sync()
    await expect.poll(async () => (await api.get(`/api/runs/${old.id}`)).status).toBe(404)
    await expect.poll(() => changeRowsOf(old.id)).toBe(0)
    expect((await api.get(`/api/runs/${young.id}`)).status).toBe(200)
    expect(await changeRowsOf(young.id)).toBeGreaterThan(0)
  })

  async function changeRowsOf(runId: string): Promise<number> {
    const rows = await world.rows('CloudSyncChanges')
    return rows.filter(({ partitionKey }) => partitionKey === runId).length
  }

  test('so are the rows of accounts that are gone from both sides', async () => {
    const row = (number: number) => ({
      rowKey: `00000000-0000-4000-8000-00000000dea${number}`,
      scimId: `00000000-0000-4000-8000-00000000bee${number}`,
      address: addressOf(`gone${number}`),
    })
    await world.plantMapping({ ...row(1), goneAt: daysAgo(2.1) })
    await world.plantMapping({ ...row(2), goneAt: daysAgo(1.9) })
    await api.apply()
    const keys = (await world.rows('CloudSyncMappings')).map(({ rowKey }) => rowKey)
    expect(keys).not.toContain(row(1).rowKey)
    expect(keys).toContain(row(2).rowKey)
  })
})

describe('a service that sends our secrets back is not quoted with them:', () => {
  test('Zivver, when it refuses a write', async () => {
    setDisplayName(small.tenant, small.get('carla'), 'Carla Jansen')
    const echo = `Invalid request for key ${zivverKey}`
    world.zivver.faults.once({ tags: { access: 'write' } }, fault.status(400, echo))
    const { run, changes } = await api.apply()
    expect(run.status).toBe('completed_with_errors')
    expect(changes).toMatchObject([{ status: 'failed', error: { code: 'WRITE_REJECTED' } }])
  })

  test('Zivver, when it refuses the list', async () => {
    const body = { detail: `key ${zivverKey} may not read` }
    world.zivver.faults.once({ tags: { operation: 'list' } }, fault.status(403, body), 2)
    expect((await api.sync()).error?.code).toBe('ZIVVER_FORBIDDEN')
    world.zivver.faults.clear()
  })

  test('Exchange and Graph, when they refuse a token', async () => {
    const { faults } = world.microsoft365
    const body = (token: string) => ({ error: { code: 'Denied', message: `no right: ${token}` } })
    const exchange = fault.status(403, body(world.microsoft365.token('exchange')))
    const id = faults.add({ match: { tags: { cmdlet: 'Get-Mailbox' } }, action: exchange })
    expect((await api.sync()).error?.code).toBe('EXCHANGE_FORBIDDEN')
    faults.remove(id)
    const graph = fault.status(403, body(world.microsoft365.token('graph')))
    faults.add({ match: { tags: { service: 'graph' } }, action: graph })
    expect((await api.sync()).error?.code).toBe('GRAPH_FORBIDDEN')
    faults.clear()
  })

  test('the mail service, when it sends nothing: the run is as it was, and says so', async () => {
    const message = `access key ${world.secrets[3]} is not allowed`
    world.mail.setOptions({ failWith: { code: 'Denied', message } })
    const run = await api.sync()
    world.mail.setOptions({ failWith: null })
    expect(run).toMatchObject({ status: 'succeeded', report: { email: 'failed' } })
    const { json } = await api.get('/api/health')
    expect(json.checks.find(({ name }) => name === 'email')?.status).toBe('warning')
  })
})
