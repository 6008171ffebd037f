import { randomUUID } from 'node:crypto'
import { QueueClient } from '@azure/storage-queue'
import { expect, inject, test } from 'vitest'
import { decodeKey, encodeKey } from '../../../core/adapters/tables/keys.ts'
import { isRunId, newRunId } from '../../../core/adapters/tables/run-id.ts'
import { createStorage } from '../../../core/adapters/tables/storage.ts'
import type { StorageSettings } from '../../../core/config/storage-settings.ts'
import { openStorage } from '../../contract/stores.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { rawTable } from './raw-table.ts'

const open = (storage: StorageSettings) =>
  createStorage({ storage, partition: 'p', clock: new FakeClock(), leaseSeconds: 60 })

test('http is refused off loopback, before anything is sent', () => {
  const key = Buffer.from('key').toString('base64')
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=contoso;AccountKey=${key};EndpointSuffix=core.example`
  expect(() => open({ kind: 'connectionString', connectionString })).toThrow(
    /^AzureWebJobsStorage names http:\/\/contoso\.table\.core\.example: http is allowed on loopback only/,
  )
})

test('a name that begins with 127. is not loopback', () => {
  const key = Buffer.from('key').toString('base64')
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=acc;AccountKey=${key};TableEndpoint=http://127.fabrikam.example/acc`
  expect(() => open({ kind: 'connectionString', connectionString })).toThrow(
    /^AzureWebJobsStorage names http:\/\/127\.fabrikam\.example: http is allowed on loopback only/,
  )
})

test('an unusable connection string is a setting to correct, and is not echoed', () => {
  const connectionString = 'AccountName=contoso;AccountKey=s3cret'
  expect(() => open({ kind: 'connectionString', connectionString })).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.not.stringMatching(/s3cret/),
    }),
  )
})

test('with a managed identity the two services are reached by their addresses', () => {
  const storage = open({
    kind: 'identity',
    tableServiceUri: 'https://contoso.table.core.windows.net',
    queueServiceUri: 'https://contoso.queue.core.windows.net',
    clientId: null,
  })
  expect(storage.runs).toBeDefined()
})

test('ensure creates tables and queue, and again after they were deleted', async () => {
  const storage = openStorage({ namePrefix: 'Ensure' })
  const queue = new QueueClient(inject('azuriteConnectionString'), 'ensurecloud-sync-runs')
  await storage.ensure()
  await rawTable('EnsureCloudSyncReadings').deleteTable()
  await queue.delete()
  await storage.ensure()
  expect(await queue.exists()).toBe(true)
  expect(await storage.readings.list()).toEqual(new Map())
})

test('a queue that is deleted while the app runs is made again', async () => {
  const prefix = `q${randomUUID().slice(0, 8)}`
  const { queue } = openStorage({ namePrefix: prefix })
  const client = new QueueClient(inject('azuriteConnectionString'), `${prefix}cloud-sync-runs`)
  await queue.enqueue({ runId: 'first' })
  await client.delete()
  await queue.enqueue({ runId: 'again' })
  expect((await client.getProperties()).approximateMessagesCount).toBe(1)
})

test('keys are safe for storage and tell their text again; GUIDs stay readable', () => {
  const guid = randomUUID()
  expect(encodeKey(guid)).toBe(guid)
  for (const text of ['a/b\\c#d?e\tf', '100%', 'a=b', "o'brien", 'é😀', 'scim-42']) {
    expect(encodeKey(text)).not.toMatch(/[/\\#?%\s]/)
    expect(decodeKey(encodeKey(text))).toBe(text)
  }
  expect(decodeKey('by=hand')).toBe('by=hand')
})

test('run ids sort newest first', () => {
  const older = newRunId(new Date('2026-11-23T01:00:00.000Z'), () => 0.999)
  const newer = newRunId(new Date('2026-11-23T01:00:00.001Z'), () => 0)
  expect(newer < older).toBe(true)
  expect(older).toMatch(/^\d{13}-[0-9a-f]{8}$/)
  expect([newer, newRunId(new Date()), 'slot-active', `${newer}'`].map(isRunId)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
