import { describe, expect, test } from 'vitest'
import { parseStorageSettings } from '../../core/config/storage-settings.ts'

describe('storage settings', () => {
  test('a connection string goes before the identity', () => {
    const connectionString = 'UseDevelopmentStorage=true'
    expect(
      parseStorageSettings({
        AzureWebJobsStorage: connectionString,
        AzureWebJobsStorage__accountName: 'stcontoso',
      }),
    ).toEqual({ ok: true, storage: { kind: 'connectionString', connectionString } })
  })

  test('an account name gives the service addresses of the public cloud', () => {
    expect(parseStorageSettings({ AzureWebJobsStorage__accountName: 'stcontoso' })).toEqual({
      ok: true,
      storage: {
        kind: 'identity',
        tableServiceUri: 'https://stcontoso.table.core.windows.net',
        queueServiceUri: 'https://stcontoso.queue.core.windows.net',
        clientId: null,
      },
    })
  })

  test('service addresses go before the account name, and a user-assigned identity is named', () => {
    expect(
      parseStorageSettings({
        AzureWebJobsStorage__accountName: 'stcontoso',
        AzureWebJobsStorage__tableServiceUri: 'https://tables.contoso.example/',
        AzureWebJobsStorage__queueServiceUri: 'https://queues.contoso.example',
        AzureWebJobsStorage__clientId: '11111111-2222-4333-8444-555555555555',
      }),
    ).toEqual({
      ok: true,
      storage: {
        kind: 'identity',
        tableServiceUri: 'https://tables.contoso.example',
        queueServiceUri: 'https://queues.contoso.example',
        clientId: '11111111-2222-4333-8444-555555555555',
      },
    })
  })

  test.each([
    ['nothing at all', {}, 'AzureWebJobsStorage', 'CONFIG_INVALID'],
    [
      'only one service address',
      { AzureWebJobsStorage__tableServiceUri: 'https://tables.contoso.example' },
      'AzureWebJobsStorage',
      'CONFIG_INVALID',
    ],
    [
      'text that is no connection string',
      { AzureWebJobsStorage: 'planted' },
      'AzureWebJobsStorage',
      'CONFIG_INVALID',
    ],
    [
      'an unresolved reference',
      { AzureWebJobsStorage: '@Microsoft.KeyVault(SecretUri=planted)' },
      'AzureWebJobsStorage',
      'SECRET_UNRESOLVED',
    ],
    [
      'plain http off loopback',
      {
        AzureWebJobsStorage__tableServiceUri: 'http://tables.contoso.example',
        AzureWebJobsStorage__queueServiceUri: 'https://queues.contoso.example',
      },
      'AzureWebJobsStorage__tableServiceUri',
      'CONFIG_INVALID',
    ],
  ])('%s is a fault by name, without the value', (_, env, name, code) => {
    const parsed = parseStorageSettings(env)
    expect(parsed).toMatchObject({ ok: false, faults: [{ name, code }] })
    expect(JSON.stringify(parsed)).not.toContain('planted')
  })
})
