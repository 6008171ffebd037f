import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunJson } from '../../core/api/run.ts'
import type { Api } from './api.ts'
import { filesOf } from './leaks.ts'
import { includedDomains, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

const pastedSecret = 'pasted-into-the-wrong-setting-5c31'
const reference = '@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/zivver)'
const small = new SmallTenant().users('anna', 'bert')
let world: World

beforeAll(async () => {
  const accounts = small.accounts()
  world = await World.start({ tenant: small.tenant, includedDomains, accounts })
})
afterAll(() => world[Symbol.asyncDispose]())

/** Each wrong setting, and what the error says of it behind its name. */
const faults = {
  TENANT_ID: ['contoso', /must be a GUID/],
  ZIVVER_API_KEY: [reference, /Key Vault reference/],
  ZIVVER_API_URL: ['http://zivver.example/scim', /https:/],
  EXCHANGE_URL: ['http://exchange.example', /https:/],
  GRAPH_URL: ['ftp://graph.example', /https:/],
  INCLUDED_DOMAINS: [undefined, /is required/],
  SSO_ACCOUNT_KEY: ['upn', /object_id, omit/],
  SOURCE_FILTER: ['everybody', /must be a GUID/],
  NESTED_GROUPS: ['yes', /True or False/],
  TARGET_FILTER: ['admin@', /address or a domain/],
  ACTIONS: ['create, delete', /delete.*must be one of/],
  REACTIVATE: ['none', /ours, all/],
  DELEGATES: ['2', /True or False/],
  USER_DELEGATION_MAX_AGE_HOURS: ['-1', /number/],
  WRITE_IDENTIFIERS: ['maybe', /True or False/],
  PERFORM_SYNC: ['on', /True or False/],
  SCHEDULE: ['every night', /./],
  LARGE_SYNC_PERCENT: ['ten', /number/],
  ZIVVER_RATE_LIMIT: ['50', /requests\/seconds/],
  EXCHANGE_CONCURRENCY: ['0', /whole number/],
  SLICE_SECONDS: ['8 min', /whole number/],
  LEASE_SECONDS: ['0', /whole number/],
  RETENTION_DAYS: ['0', /whole number/],
  TELEMETRY: ['some', /True or False/],
  LANGUAGE: ['fr', /en, nl/],
  TIME_ZONE: ['Mars/Olympus', /IANA/],
  UPDATE_FEED: ['http://feed.example', /https:/],
  ALLOWED_DOMAINS: ['x', /is not a setting.*CLOUD_SYNC__INCLUDED_DOMAINS/],
  ZIVVER_APIKEY: [pastedSecret, /is not a setting.*CLOUD_SYNC__ZIVVER_API_KEY/],
} satisfies Record<string, [string | undefined, RegExp]>

function environmentOf(): Record<string, string | undefined> {
  const entries = Object.entries(faults).map(([name, [value]]) => [`CLOUD_SYNC__${name}`, value])
  return Object.fromEntries(entries)
}

/** The part of a message that is about one setting. */
function aboutSetting(message: string, name: string): string {
  const parts = message.split(/; (?=CLOUD_SYNC__)/)
  return parts.find((part) => part.startsWith(`CLOUD_SYNC__${name} `)) ?? ''
}

describe('wrong settings', () => {
  let api: Api
  let run: RunJson
  /** The mail, and the page that comes with it. */
  let reports: readonly string[]

  beforeAll(async () => {
    api = await world.startHost({ ...environmentOf(), CLOUD_SYNC__LOG_LEVEL: 'ERROR' })
    run = await api.tick()
    reports = world.mail
      .outbox()
      .flatMap((mail) => [mail.text, mail.html, ...filesOf(mail).map(({ text }) => text)])
  })

  test('do not keep the app from loading: each tick of the default schedule fails as CONFIG_INVALID, and is mailed', async () => {
    expect(run).toMatchObject({
      trigger: 'schedule',
      mode: 'preview',
      status: 'failed',
      error: { code: 'CONFIG_INVALID' },
      report: { email: 'sent' },
    })
    expect(await api.tick()).toMatchObject({ status: 'failed', report: { email: 'sent' } })
    expect(await api.sync()).toMatchObject({ trigger: 'manual', error: run.error })
    expect(world.mail.outbox()).toHaveLength(3)
    expect(world.zivver.log.entries).toEqual([])
  })

  test.each(Object.entries(faults))('are all named at once: %s', (name, [, pattern]) => {
    expect(aboutSetting(run.error?.message ?? '', name)).toMatch(pattern)
    expect(reports).toHaveLength(3)
    for (const report of reports) expect(report).toContain(`CLOUD_SYNC__${name}`)
  })

  test('are never shown where they may be secrets', () => {
    const { message = '' } = run.error ?? {}
    const mails = JSON.stringify(world.mail.outbox().map(({ text, html }) => [text, html]))
    expect(`${message} ${mails} ${api.host.lines.join('\n')}`).not.toMatch(
      new RegExp(`${pastedSecret}|vault\\.example`),
    )
  })

  test('are said by health, which checks the rest as far as it can', async () => {
    const { status, json } = await api.get('/api/health')
    expect(status).toBe(503)
    const checks = new Map(json.checks.map((check) => [check.name, check]))
    expect(checks.get('settings')).toMatchObject({ status: 'failing', message: run.error?.message })
    expect(checks.get('storage')?.status).toBe('ok')
    for (const name of ['identity', 'exchange', 'graph', 'zivver'] as const) {
      expect(checks.get(name)?.status).toBe('unknown')
    }
  })

  test('with an unusable TENANT_ID: runs are stored under "invalid"', async () => {
    const rows = await world.rows('CloudSyncRuns')
    expect(new Set(rows.map(({ partitionKey }) => partitionKey))).toEqual(new Set(['invalid']))
    expect(rows.map(({ rowKey }) => rowKey)).toContain(run.id)
  })

  test('LOG_LEVEL=ERROR: the log has errors, and nothing below them', () => {
    const levels = api.host.lines.flatMap(
      (line) => /Z (DEBUG|INFO|WARN\w*|ERROR)/.exec(line)?.[1] ?? [],
    )
    expect(new Set(levels)).toEqual(new Set(['ERROR']))
  })
})

describe('without mail settings', () => {
  const noMail = {
    CLOUD_SYNC__EMAIL_CONNECTION_STRING: undefined,
    CLOUD_SYNC__EMAIL_SENDER: undefined,
    CLOUD_SYNC__EMAIL_RECIPIENTS: ' ',
  }

  test('a secret that Key Vault did not give is SECRET_UNRESOLVED, and the report is skipped', async () => {
    const env = {
      ...noMail,
      CLOUD_SYNC__ZIVVER_API_KEY: reference,
      CLOUD_SYNC__LOG_LEVEL: 'WARNING',
    }
    const api = await world.restartHost(env)
    expect(await api.sync()).toMatchObject({
      status: 'failed',
      error: {
        code: 'SECRET_UNRESOLVED',
        message: expect.stringContaining('CLOUD_SYNC__ZIVVER_API_KEY'),
      },
      report: { email: 'skipped' },
    })
    expect(api.host.lines.filter((line) => / INFO /.test(line))).toEqual([])
  })
})

test('an identity that gives no token is IDENTITY_UNAVAILABLE; a mail service that is not set up right fails no run', async () => {
  const api = await world.restartHost({
    IDENTITY_HEADER: 'another-header',
    // A token is never sent over plain http.
    CLOUD_SYNC__EMAIL_ENDPOINT: world.mail.url,
    CLOUD_SYNC__EMAIL_CONNECTION_STRING: undefined,
  })
  const run = await api.sync()
  expect(run).toMatchObject({ status: 'failed', error: { code: 'IDENTITY_UNAVAILABLE' } })
  expect(run.report).toEqual({ email: 'failed', message: expect.any(String) })
  const { json } = await api.get('/api/health')
  const checks = new Map(json.checks.map(({ name, status }) => [name, status]))
  expect(Object.fromEntries(checks)).toMatchObject({
    identity: 'failing',
    exchange: 'unknown',
    graph: 'unknown',
    zivver: 'ok',
    email: 'failing',
  })
})
