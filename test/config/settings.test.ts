import { describe, expect, test } from 'vitest'
import { type Environment, parseSettings, type Settings } from '../../core/config.ts'
import { environment } from './environment.ts'

function settingsOf(extra: Environment = {}): Settings {
  const parsed = parseSettings(environment(extra))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.settings
}

function faultsOf(env: Environment) {
  const parsed = parseSettings(env)
  return parsed.ok ? [] : parsed.faults
}

function faultyNames(extra: Environment): string[] {
  return faultsOf(environment(extra)).map(({ name }) => name)
}

describe('settings', () => {
  test('four settings are enough; the defaults are those of the contract', () => {
    expect(settingsOf()).toMatchObject({
      tenantId: '11111111-2222-4333-8444-555555555555',
      partition: '11111111-2222-4333-8444-555555555555',
      environment: 'contoso.example',
      zivverApiUrl: 'https://app.zivver.com/api/scim/v2',
      exchangeUrl: 'https://outlook.office365.com',
      graphUrl: 'https://graph.microsoft.com',
      sourceFilter: [],
      nestedGroups: false,
      targetFilter: { addresses: [], domains: [] },
      actions: ['create', 'update', 'suspend', 'reactivate', 'link'],
      reactivate: 'ours',
      delegates: true,
      userDelegationMaxAgeHours: 0,
      writeIdentifiers: true,
      performSync: false,
      schedule: '0 0 1 * * *',
      largeSyncPercent: 10,
      zivverRateLimit: { requests: 50, seconds: 10 },
      exchangeConcurrency: 8,
      sliceSeconds: 480,
      leaseSeconds: 60,
      retentionDays: 180,
      logLevel: 'INFO',
      telemetry: true,
      language: 'en',
      timeZone: 'Europe/Amsterdam',
      email: null,
      updateFeed: null,
      updatePublicKey: null,
    })
  })

  test('every required setting that is missing is named, all in one answer', () => {
    expect(faultsOf({})).toEqual(
      ['TENANT_ID', 'ZIVVER_API_KEY', 'INCLUDED_DOMAINS', 'SSO_ACCOUNT_KEY'].map((name) => ({
        name: `CLOUD_SYNC__${name}`,
        code: 'CONFIG_INVALID',
        message: 'is required and is not set',
      })),
    )
  })

  test('a blank setting counts as absent', () => {
    expect(settingsOf({ CLOUD_SYNC__LANGUAGE: '  ', CLOUD_SYNC__ACTIONS: '' })).toMatchObject({
      language: 'en',
      actions: ['create', 'update', 'suspend', 'reactivate', 'link'],
    })
    expect(faultyNames({ CLOUD_SYNC__INCLUDED_DOMAINS: ' , ' })).toEqual([
      'CLOUD_SYNC__INCLUDED_DOMAINS',
    ])
  })

  test('lists are comma-separated; blanks, doubles and case of domains, addresses and GUIDs do not matter', () => {
    expect(
      settingsOf({
        CLOUD_SYNC__TENANT_ID: ' AAAAAAAA-2222-4333-8444-555555555555 ',
        CLOUD_SYNC__INCLUDED_DOMAINS: ' Contoso.Example,fabrikam.example , contoso.example,',
        CLOUD_SYNC__SOURCE_FILTER: 'BBBBBBBB-2222-4333-8444-555555555555',
        CLOUD_SYNC__TARGET_FILTER:
          "Admin@Supplier.Example, Fabrikam.example,o'neil@contoso.example",
        CLOUD_SYNC__ACTIONS: 'Create, UPDATE',
      }),
    ).toMatchObject({
      tenantId: 'aaaaaaaa-2222-4333-8444-555555555555',
      includedDomains: ['contoso.example', 'fabrikam.example'],
      sourceFilter: ['bbbbbbbb-2222-4333-8444-555555555555'],
      targetFilter: {
        addresses: ['admin@supplier.example', "o'neil@contoso.example"],
        domains: ['fabrikam.example'],
      },
      actions: ['create', 'update'],
    })
  })

  test.each([
    ['true', true],
    ['True', true],
    ['1', true],
    ['false', false],
    ['False', false],
    ['0', false],
  ])('the boolean %s is read', (text, value) => {
    expect(settingsOf({ CLOUD_SYNC__PERFORM_SYNC: text }).performSync).toBe(value)
  })

  test.each([
    ['TENANT_ID', 'contoso.example'],
    ['ZIVVER_API_KEY', 'two words'],
    ['INCLUDED_DOMAINS', 'contoso.example; fabrikam.example'],
    ['INCLUDED_DOMAINS', '@contoso.example'],
    ['SSO_ACCOUNT_KEY', 'objectid'],
    ['SOURCE_FILTER', 'All users'],
    ['TARGET_FILTER', 'admin@'],
    ['NESTED_GROUPS', 'yes'],
    ['ACTIONS', 'create,delete'],
    ['REACTIVATE', 'none'],
    ['DELEGATES', '2'],
    ['USER_DELEGATION_MAX_AGE_HOURS', '-1'],
    ['WRITE_IDENTIFIERS', 'on'],
    ['PERFORM_SYNC', 'perform_sync'],
    ['SCHEDULE', '0 1 * * *'],
    ['LARGE_SYNC_PERCENT', '10%'],
    ['LARGE_SYNC_PERCENT', '101'],
    ['ZIVVER_RATE_LIMIT', '50'],
    ['ZIVVER_RATE_LIMIT', '0/10'],
    ['ZIVVER_RATE_LIMIT', '5.5/10'],
    ['ZIVVER_RATE_LIMIT', '50/0'],
    ['EXCHANGE_CONCURRENCY', '0'],
    ['SLICE_SECONDS', '8m'],
    ['LEASE_SECONDS', '0'],
    ['RETENTION_DAYS', '1.5'],
    ['LOG_LEVEL', 'verbose'],
    ['TELEMETRY', 'off'],
    ['LANGUAGE', 'fr'],
    ['TIME_ZONE', 'Amsterdam'],
    ['EMAIL_ENDPOINT', 'contoso.communication.azure.example'],
    ['EMAIL_CONNECTION_STRING', 'endpoint=https://contoso.example/'],
    ['EMAIL_SENDER', 'Cloud Sync <noreply@contoso.example>'],
    ['EMAIL_RECIPIENTS', 'it@contoso.example, nobody'],
  ])('%s = "%s" is a fault of that name', (name, text) => {
    expect(faultyNames({ [`CLOUD_SYNC__${name}`]: text })).toContain(`CLOUD_SYNC__${name}`)
  })

  test('a rate limit may have a window of part of a second', () => {
    expect(settingsOf({ CLOUD_SYNC__ZIVVER_RATE_LIMIT: '50/0.5' }).zivverRateLimit).toEqual({
      requests: 50,
      seconds: 0.5,
    })
  })

  test('an unknown name is a fault that names the nearest setting', () => {
    expect(
      faultsOf(environment({ CLOUD_SYNC__INCLUDE_DOMAIN: 'x', cloud_sync__language: 'nl' })),
    ).toEqual([
      {
        name: 'CLOUD_SYNC__INCLUDE_DOMAIN',
        code: 'CONFIG_INVALID',
        message: 'is not a setting; the nearest name is CLOUD_SYNC__INCLUDED_DOMAINS',
      },
      {
        name: 'cloud_sync__language',
        code: 'CONFIG_INVALID',
        message: 'is not a setting; the nearest name is CLOUD_SYNC__LANGUAGE',
      },
    ])
  })

  test('an unresolved Key Vault reference is SECRET_UNRESOLVED and is not echoed', () => {
    const reference = '@Microsoft.KeyVault(SecretUri=https://kv-contoso.example/secrets/key)'
    const faults = faultsOf(environment({ CLOUD_SYNC__ZIVVER_API_KEY: reference }))
    expect(faults).toMatchObject([
      { name: 'CLOUD_SYNC__ZIVVER_API_KEY', code: 'SECRET_UNRESOLVED' },
    ])
    expect(JSON.stringify(faults)).not.toContain('kv-contoso')
  })

  test('the API key is trimmed', () => {
    expect(settingsOf({ CLOUD_SYNC__ZIVVER_API_KEY: ' key \n' }).zivverApiKey).toBe('key')
  })

  test('faulty secrets are never echoed', () => {
    const faults = faultsOf(
      environment({
        CLOUD_SYNC__ZIVVER_API_KEY: 'planted secret',
        CLOUD_SYNC__EMAIL_CONNECTION_STRING: 'endpoint=nowhere;accesskey=planted',
        CLOUD_SYNC__ZIVVER_API_URL: 'https://user:planted@zivver.example/',
      }),
    )
    expect(faults).toHaveLength(3)
    expect(JSON.stringify(faults)).not.toContain('planted')
  })

  test.each(['http://localhost:8080/scim', 'http://127.0.0.1:9/', 'http://[::1]:9'])(
    'plain http is accepted on loopback: %s',
    (url) => {
      expect(settingsOf({ CLOUD_SYNC__ZIVVER_API_URL: url }).zivverApiUrl).toBe(
        url.replace(/\/$/, ''),
      )
    },
  )

  test.each([
    'http://zivver.example/scim',
    'http://127.0.0.1.contoso.example',
    'http://localhost.contoso.example',
    'ftp://localhost',
    'https://zivver.example/?code=1',
  ])('%s is refused as a base URL', (url) => {
    expect(faultyNames({ CLOUD_SYNC__GRAPH_URL: url })).toEqual(['CLOUD_SYNC__GRAPH_URL'])
  })

  test('a mail service needs a sender and recipients', () => {
    const service = { CLOUD_SYNC__EMAIL_ENDPOINT: 'https://mail.contoso.example' }
    expect(faultyNames(service)).toEqual([
      'CLOUD_SYNC__EMAIL_SENDER',
      'CLOUD_SYNC__EMAIL_RECIPIENTS',
    ])
  })

  test('a connection string goes before an endpoint, and that is said', () => {
    const parsed = parseSettings(
      environment({
        CLOUD_SYNC__EMAIL_ENDPOINT: 'https://mail.contoso.example',
        CLOUD_SYNC__EMAIL_CONNECTION_STRING:
          'AccessKey=c2VjcmV0;Endpoint=https://mail.contoso.example/',
        CLOUD_SYNC__EMAIL_SENDER: 'noreply@contoso.example',
        CLOUD_SYNC__EMAIL_RECIPIENTS: 'IT@contoso.example, board@contoso.example',
      }),
    )
    expect(parsed).toMatchObject({
      ok: true,
      settings: {
        email: {
          transport: {
            kind: 'connectionString',
            connectionString: 'endpoint=https://mail.contoso.example/;accesskey=c2VjcmV0',
          },
          sender: 'noreply@contoso.example',
          recipients: ['it@contoso.example', 'board@contoso.example'],
        },
      },
      warnings: [{ name: 'CLOUD_SYNC__EMAIL_ENDPOINT' }],
    })
  })

  test('recipients without a mail service stop nothing, but are warned about', () => {
    const parsed = parseSettings(
      environment({ CLOUD_SYNC__EMAIL_RECIPIENTS: 'it@contoso.example' }),
    )
    expect(parsed).toMatchObject({
      ok: true,
      settings: { email: null },
      warnings: [{ name: 'CLOUD_SYNC__EMAIL_ENDPOINT' }],
    })
  })

  test('self-update needs its public key', () => {
    expect(faultyNames({ CLOUD_SYNC__UPDATE_FEED: 'https://updates.contoso.example' })).toEqual([
      'CLOUD_SYNC__UPDATE_PUBLIC_KEY',
    ])
  })

  test('with bad settings, what is needed to store and mail the failure is still there', () => {
    const parsed = parseSettings({
      CLOUD_SYNC__TENANT_ID: 'nobody',
      CLOUD_SYNC__INCLUDED_DOMAINS: 'fabrikam.example',
      CLOUD_SYNC__LANGUAGE: 'nl',
      CLOUD_SYNC__TIME_ZONE: 'Mars/Olympus',
      CLOUD_SYNC__LEASE_SECONDS: '5',
      CLOUD_SYNC__EMAIL_ENDPOINT: 'https://mail.contoso.example',
      CLOUD_SYNC__EMAIL_SENDER: 'noreply@contoso.example',
      CLOUD_SYNC__EMAIL_RECIPIENTS: 'it@contoso.example',
    })
    expect(parsed).toMatchObject({
      ok: false,
      partial: {
        partition: 'invalid',
        environment: 'fabrikam.example',
        language: 'nl',
        timeZone: 'Europe/Amsterdam',
        leaseSeconds: 5,
        performSync: false,
        email: { sender: 'noreply@contoso.example', recipients: ['it@contoso.example'] },
      },
    })
  })
})
