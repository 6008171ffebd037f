import { TableClient } from '@azure/data-tables'
import type { InvocationContext } from '@azure/functions'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openInvocation } from '../../functions/composition.ts'
import { requestScheduledRun } from '../../functions/scheduled-sync.ts'
import { environment } from '../config/environment.ts'
import { claimStorageAccount } from '../support/storage-account.ts'

const lines: string[] = []
const log = (line: unknown) => lines.push(String(line))
// The root uses nothing of a context but its log.
const context = { debug: log, info: log, warn: log, error: log } as unknown as InvocationContext
const before = { ...process.env }

beforeEach(() => {
  Object.assign(process.env, environment())
})
afterEach(() => {
  process.env = { ...before }
})

test('the app is made once, and again when a setting has changed', () => {
  const first = openInvocation(context)
  expect(first.settings).toMatchObject({ ok: true, settings: { language: 'en' } })
  expect(openInvocation(context).settings).toBe(first.settings)
  process.env['CLOUD_SYNC__LANGUAGE'] = 'nl'
  expect(openInvocation(context).basics.language).toBe('nl')
  process.env['CLOUD_SYNC__LANGUAGE'] = 'fr'
  expect(openInvocation(context).settings.ok).toBe(false)
})

test('unusable storage settings show when storage is asked for, by name and without the value', () => {
  process.env['AzureWebJobsStorage'] = 'planted'
  const invocation = openInvocation(context)
  expect(() => invocation.storage()).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: 'AzureWebJobsStorage is not a connection string of a storage account',
    }),
  )
})

test('a run whose TENANT_ID is unusable is stored under "invalid"', async () => {
  const storage = await claimStorageAccount()
  process.env['AzureWebJobsStorage'] = storage
  process.env['CLOUD_SYNC__TENANT_ID'] = 'nobody'
  await requestScheduledRun(openInvocation(context))
  const table = TableClient.fromConnectionString(storage, 'CloudSyncRuns', {
    allowInsecureConnection: true,
  })
  const partitions = new Set<string>()
  for await (const { partitionKey } of table.listEntities()) partitions.add(String(partitionKey))
  expect(partitions).toContain('invalid')
  expect(partitions).not.toContain('nobody')
})
