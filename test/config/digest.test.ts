import { describe, expect, test } from 'vitest'
import { settingsDigest } from '../../core/config/digest.ts'
import { policyOf } from '../../core/config/policy.ts'
import { type Environment, parseSettings, type Settings } from '../../core/config.ts'
import { environment } from './environment.ts'

function settingsOf(extra: Environment = {}): Settings {
  const parsed = parseSettings(environment(extra))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.settings
}

function digest(extra: Environment = {}, trigger: 'manual' | 'schedule' = 'manual'): string {
  return settingsDigest(settingsOf(extra), { trigger })
}

describe('the digest of the settings', () => {
  test('does not depend on the order, case or blanks of lists', () => {
    expect(
      digest({
        CLOUD_SYNC__INCLUDED_DOMAINS: 'contoso.example,fabrikam.example',
        CLOUD_SYNC__TARGET_FILTER: 'a@contoso.example, fabrikam.example',
        CLOUD_SYNC__ACTIONS: 'create,link',
      }),
    ).toBe(
      digest({
        CLOUD_SYNC__INCLUDED_DOMAINS: 'Fabrikam.example , contoso.example',
        CLOUD_SYNC__TARGET_FILTER: 'fabrikam.example,A@contoso.example',
        CLOUD_SYNC__ACTIONS: 'link,create',
      }),
    )
  })

  test.each([
    ['TENANT_ID', '99999999-2222-4333-8444-555555555555'],
    ['ZIVVER_API_KEY', 'another-key'],
    ['ZIVVER_API_URL', 'https://zivver.example/scim'],
    ['EXCHANGE_URL', 'https://exchange.example'],
    ['GRAPH_URL', 'https://graph.example'],
    ['INCLUDED_DOMAINS', 'fabrikam.example'],
    ['SSO_ACCOUNT_KEY', 'omit'],
    ['SOURCE_FILTER', '99999999-2222-4333-8444-555555555555'],
    ['NESTED_GROUPS', 'True'],
    ['TARGET_FILTER', 'fabrikam.example'],
    ['ACTIONS', 'create'],
    ['REACTIVATE', 'all'],
    ['DELEGATES', 'False'],
    ['USER_DELEGATION_MAX_AGE_HOURS', '24'],
    ['WRITE_IDENTIFIERS', 'False'],
    ['LARGE_SYNC_PERCENT', '11'],
  ])('changes with %s', (name, text) => {
    expect(digest({ [`CLOUD_SYNC__${name}`]: text })).not.toBe(digest())
  })

  test.each([
    ['SLICE_SECONDS', '9'],
    ['LEASE_SECONDS', '9'],
    ['LOG_LEVEL', 'DEBUG'],
    ['LANGUAGE', 'nl'],
    ['ZIVVER_RATE_LIMIT', '10/10'],
    ['EXCHANGE_CONCURRENCY', '2'],
    ['SCHEDULE', '0 0 2 * * *'],
    ['RETENTION_DAYS', '30'],
  ])('does not change with %s', (name, text) => {
    expect(digest({ [`CLOUD_SYNC__${name}`]: text })).toBe(digest())
  })

  test('changes with PERFORM_SYNC for a scheduled run only', () => {
    const on = { CLOUD_SYNC__PERFORM_SYNC: 'True' }
    expect(digest(on, 'schedule')).not.toBe(digest({}, 'schedule'))
    expect(digest(on, 'manual')).toBe(digest({}, 'manual'))
  })
})

test('the policy of a run carries what planning may see, as sets', () => {
  const settings = settingsOf({
    CLOUD_SYNC__TARGET_FILTER: 'a@contoso.example,fabrikam.example',
    CLOUD_SYNC__ACTIONS: 'create,suspend',
    CLOUD_SYNC__RETENTION_DAYS: '30',
  })
  const flags = { reset_account_mapping: true, relink: ['b@contoso.example'] }
  expect(policyOf(settings, flags, { now: '2026-11-23T01:00:00.000Z', runId: 'r1' })).toEqual({
    tenantId: '11111111-2222-4333-8444-555555555555',
    includedDomains: new Set(['contoso.example']),
    ssoAccountKey: 'object_id',
    targetFilter: {
      addresses: new Set(['a@contoso.example']),
      domains: new Set(['fabrikam.example']),
    },
    actions: new Set(['create', 'suspend']),
    reactivate: 'ours',
    delegates: true,
    writeIdentifiers: true,
    largeSyncPercent: 10,
    resetAccountMapping: true,
    relink: new Set(['b@contoso.example']),
    now: '2026-11-23T01:00:00.000Z',
    runId: 'r1',
    retentionDays: 30,
  })
})
