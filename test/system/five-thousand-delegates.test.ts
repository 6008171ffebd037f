import { randomUUID } from 'node:crypto'
import { TableClient, type TransactionAction } from '@azure/data-tables'
import Papa from 'papaparse'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ChangeJson } from '../../core/api/change.ts'
import { type StorageProxy, startStorageProxy } from '../adapters/tables/storage-proxy.ts'
import { openStorage } from '../contract/stores.ts'
import { revokeFullAccess } from '../simulators/tenant/group-mutations.ts'
import { deleteMailbox, disableMailbox } from '../simulators/tenant/mailbox-mutations.ts'
import type { Api, RunWithChanges } from './api.ts'
import { accountOf, addressOf, includedDomains, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

const many = 5_000
/** Half of a name is random: what compresses well would prove nothing. */
const names = Array.from({ length: many }, (_, at) => `${randomUUID().slice(0, 8)}.staff${at}`)
const small = new SmallTenant()
for (const name of names) small.add(name, { externalDirectoryObjectId: randomUUID() })
small
  .users('boss')
  .shared('all')
  .grant('all', ...names)
  .grant('boss', ...names)
const { tenant } = small
const everybody = names.map(addressOf).sort()

let world: World
let api: Api
let proxy: StorageProxy
let first: RunWithChanges
/** Bytes and rows of the largest transaction that the app has sent. */
const largest = { bytes: 0, rows: 0 }

vi.setConfig({ testTimeout: 90_000, hookTimeout: 180_000 })

beforeAll(async () => {
  const accounts = [...names, 'boss'].map((name) => accountOf(small.get(name)))
  world = await World.start({
    tenant,
    includedDomains,
    accounts,
    microsoft365: { logBodies: false },
    zivver: { rateLimit: null },
    env: { CLOUD_SYNC__USER_DELEGATION_MAX_AGE_HOURS: '24', CLOUD_SYNC__LEASE_SECONDS: '4' },
  })
  await linkAll()
  await readAll()
  proxy = await startStorageProxy(world.env['AzureWebJobsStorage'] ?? '')
  proxy.decide = (_method, path, body) => {
    if (path.includes('$batch')) {
      largest.bytes = Math.max(largest.bytes, Buffer.byteLength(body))
      largest.rows = Math.max(
        largest.rows,
        body.split(/^(?:PUT|POST|PATCH|MERGE|DELETE) /m).length - 1,
      )
    }
    return null
  }
  api = await killedInTheMidst()
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await proxy.close()
})

/** Rows as an earlier sync of all the accounts would have left them. */
async function linkAll(): Promise<void> {
  const connection = world.env['AzureWebJobsStorage'] ?? ''
  const table = TableClient.fromConnectionString(connection, 'CloudSyncMappings', {
    allowInsecureConnection: true,
  })
  await table.createTable()
  const rows = world.zivver.state.views().map(
    (account): TransactionAction => [
      'create',
      {
        partitionKey: tenant.id,
        rowKey: account.externalAccountId ?? '',
        kind: account.kind,
        scimId: account.id,
        address: account.address,
        displayName: account.displayName,
        active: true,
        linkedAt: '2026-01-01T00:00:00.000Z',
        lastRunId: 'an earlier run',
      },
    ],
  )
  for (let start = 0; start < rows.length; start += 100) {
    await table.submitTransaction(rows.slice(start, start + 100))
  }
}

/** Full Access of all those who are delegates, as it was read an hour ago: nobody has any to their mailboxes. */
async function readAll(): Promise<void> {
  const connectionString = world.env['AzureWebJobsStorage'] ?? ''
  const { readings } = openStorage({ connectionString, partition: tenant.id, namePrefix: '' })
  const readAt = new Date(Date.now() - 3_600_000).toISOString()
  await readings.write(
    names.map((name) => {
      const identifier = small.get(name).externalDirectoryObjectId
      return {
        reading: { identifier, status: 'read', trustees: [] },
        runId: 'an earlier run',
        readAt,
      }
    }),
  )
}

const hostEnv = () => ({ AzureWebJobsStorage: proxy.connectionString })

/** The first sync; its host is killed while Zivver has made its first large write and not answered. */
async function killedInTheMidst(): Promise<Api> {
  const before = await world.startHost(hostEnv())
  const hang = { kind: 'hang', processed: true } as const
  world.zivver.faults.once({ tags: { access: 'write' } }, hang)
  const { id } = await before.started({ perform_sync: true, allow_large_sync: true })
  await vi.waitUntil(() => world.zivver.faults.fired() > 0, { timeout: 120_000, interval: 20 })
  before.host.kill('SIGKILL')
  await before.host.exited
  const after = await world.startHost(hostEnv())
  const run = await after.ended(id, 120_000)
  first = { run, changes: await after.changes(id) }
  return after
}

const account = (name: string) => {
  const owner = world.zivver.state.ownerOf(addressOf(name))
  return owner && world.zivver.state.view(owner)
}
const change = ({ changes }: RunWithChanges, name: string) =>
  changes.find(({ address }) => address === addressOf(name))
const delegatesIn = (found: ChangeJson | undefined) =>
  found?.fields.find(({ path }) => path === 'delegates')

test('a shared mailbox with 5,000 delegates is created, a user mailbox with as many updated, though the host dies between them', () => {
  expect(first.run).toMatchObject({
    status: 'succeeded',
    error: null,
    counts: { create: { planned: 1, applied: 1 }, update: { planned: 1, applied: 1 } },
  })
  expect(account('all')?.delegates).toEqual(everybody)
  expect(account('boss')?.delegates).toEqual(everybody)
  const creates = world.zivver.writes().filter(({ method }) => method === 'POST')
  expect(creates).toHaveLength(1)
  expect(delegatesIn(change(first, 'all'))).toEqual({
    path: 'delegates',
    before: [],
    after: everybody,
  })
})

describe('its change', () => {
  test('is told whole by the API and as CSV', async () => {
    expect(delegatesIn(change(first, 'boss'))?.after).toEqual(everybody)
    const { text } = await api.get(`/api/runs/${first.run.id}/changes?format=csv`)
    const { data } = Papa.parse<Record<string, string>>(text.trimEnd(), { header: true })
    const row = data.find(({ address }) => address === addressOf('all'))
    for (const address of [everybody[0], everybody[many - 1]]) {
      expect(row?.['delegates after']).toContain(address)
    }
  })

  test('makes a mail and a report that stay within their bounds', async () => {
    const mail = world.mail.outbox().at(-1)
    expect(Buffer.byteLength(mail?.html ?? '')).toBeLessThan(100_000)
    expect(Buffer.byteLength(mail?.text ?? '')).toBeLessThan(100_000)
    const attached = (mail?.attachments ?? []).map(({ content }) => content.byteLength)
    expect(attached).toHaveLength(2)
    expect(attached.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(7_000_000)
    const page = await api.get(`/api/runs/${first.run.id}/report`)
    expect(page.text.length).toBeLessThan(2_000_000)
    expect(page.text.includes(everybody[many - 1] ?? '')).toBe(true)
  })

  test('fits into the tables: 64 KiB a property, 1 MiB a row, 4 MiB and 100 rows a transaction', async () => {
    const tables = ['CloudSyncRuns', 'CloudSyncChanges', 'CloudSyncMappings', 'CloudSyncReadings']
    const rows = (await Promise.all(tables.map((name) => world.rows(name)))).flat()
    const sizes = rows.map((row) => Object.values(row).map(bytesOf))
    expect(Math.max(...sizes.flat())).toBeLessThanOrEqual(64 * 1024)
    expect(
      Math.max(...sizes.map((own) => own.reduce((sum, bytes) => sum + bytes, 0))),
    ).toBeLessThan(1024 * 1024)
    expect(largest.bytes).toBeGreaterThan(100_000)
    expect(largest.bytes).toBeLessThan(4 * 1024 * 1024)
    expect(largest.rows).toBeLessThanOrEqual(100)
    // The plan was too long for a row of its own.
    expect(
      rows.map(({ rowKey }) => String(rowKey)).filter((key) => key.startsWith('part-')),
    ).not.toEqual([])
  })
})

/** Bytes of a property as Table Storage counts them: text is UTF-16. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length
  return value instanceof Uint8Array ? value.byteLength : 8
}

test('there is nothing more to do; one who comes and one who goes are one update', async () => {
  expect((await api.plan({ perform_sync: true })).changes).toEqual([])
  const [leaver = ''] = names
  revokeFullAccess(small.get('all'), small.get(leaver).externalDirectoryObjectId)
  small.grant('all', 'boss')
  world.zivver.clearWrites()
  const { run } = await api.apply()
  expect(run).toMatchObject({ status: 'succeeded', counts: { update: { applied: 1 } } })
  const others = everybody.filter((address) => address !== addressOf(leaver))
  expect(account('all')?.delegates).toEqual([...others, addressOf('boss')].sort())
  expect(world.zivver.writes()).toHaveLength(1)
})

test('a mailbox that goes takes all its delegates along: emptied, or suspended as it is', async () => {
  deleteMailbox(tenant, small.get('all'))
  disableMailbox(tenant, small.get('boss'))
  const { run } = await api.apply()
  expect(run).toMatchObject({ status: 'succeeded', counts: { suspend: { applied: 2, failed: 0 } } })
  expect(account('all')?.delegates).toEqual([])
  expect(account('boss')?.active).toBe(false)
})
