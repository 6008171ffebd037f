import { expect, onTestFinished, test } from 'vitest'
import { exchangeBase } from '../../core/adapters/exchange/exchange-client.ts'
import { graphBase } from '../../core/adapters/graph/graph-client.ts'
import { systemClock as clock } from '../../core/adapters/system-clock.ts'
import { createHttpProbe } from '../../core/adapters/verify/http-probe.ts'
import { limiterFor } from '../../core/adapters/zivver/pacing.ts'
import type { Verdict } from '../../core/api/verification.ts'
import { verifyTenant } from '../../core/verify/verify.ts'
import { startMicrosoft365 } from '../simulators/microsoft365/microsoft365.ts'
import type { SettingsPatch } from '../simulators/microsoft365/settings.ts'
import { type BuiltTenant, buildTenant } from '../simulators/tenant/build-tenant.ts'
import type { GivenOptions } from '../simulators/zivver/options.ts'
import { startZivver } from '../simulators/zivver/server.ts'
import { SmallTenant } from '../system/small-tenant.ts'

const throwAway = 'throw-away@contoso.example'

interface Given {
  readonly mayWrite?: boolean
  readonly built?: Pick<BuiltTenant, 'tenant' | 'accounts'>
}

/** Asks everything of a simulated tenant that behaves like this. */
async function verify(
  settings: SettingsPatch = {},
  options: GivenOptions = {},
  { mayWrite = false, built = buildTenant({ seed: 5, mailboxes: 40 }) }: Given = {},
) {
  const { tenant, accounts } = built
  const microsoft365 = await startMicrosoft365({ tenant, settings })
  const extra = { kind: 'user' as const, address: throwAway, aliases: ['t@contoso.example'] }
  const zivver = await startZivver({ rateLimit: null, ...options, accounts: [...accounts, extra] })
  onTestFinished(async () => {
    await Promise.all([microsoft365.close(), zivver.close()])
  })
  const tokens = (service: 'exchange' | 'graph') => ({
    getToken: async () => microsoft365.token(service),
    invalidate: () => undefined,
  })
  const limit = { requests: 1000, seconds: 1 }
  const probe = createHttpProbe({
    tenantId: tenant.id,
    version: '0.1.0',
    exchange: { base: exchangeBase(microsoft365.exchangeUrl), tokens: tokens('exchange') },
    graph: { base: graphBase(microsoft365.graphUrl), tokens: tokens('graph') },
    zivver: {
      url: zivver.url,
      key: 'zivver-key',
      limiter: limiterFor({ baseUrl: zivver.url, apiKey: 'zivver-key', limit, clock }),
    },
  })
  const verdicts = await verifyTenant(probe, mayWrite ? throwAway : null)
  return { verdicts: new Map(verdicts.map((verdict) => [verdict.id, verdict])), zivver }
}

const inLine: Verdict['verdict'] = 'holds'

test('a tenant as the app expects it holds every assumption that reading can show', async () => {
  const { verdicts } = await verify({
    identity: { tokenFormat: 'jwt' },
    rights: { graphRoles: ['GroupMember.Read.All', 'User.Read.All', 'Member.Read.Hidden'] },
  })
  const asked = [...verdicts.values()].filter(({ verdict }) => verdict !== 'not_asked')
  expect(asked.filter(({ verdict }) => verdict !== inLine)).toEqual([])
  expect(asked.length).toBeGreaterThanOrEqual(13)
  expect(verdicts.get('exchange.paging')?.evidence).toMatchObject({
    status: 200,
    other_mailboxes: true,
    // What the simulated tenant insists on shows: without cookies the cursor is refused.
    status_without_cookies: 400,
  })
})

test.each([
  ['exchange.paging', { exchange: { cursors: 'refused' } }, {}],
  ['exchange.select', { exchange: { selectSurvivesPaging: false } }, {}],
  ['zivver.totals.users', {}, { totalResults: 3 }],
  ['zivver.totals.groups', {}, { missingFromLists: 1 }],
  ['zivver.paging', {}, { paging: { mode: 'first_page_only', size: 4 } }],
  [
    'rights.granted',
    { identity: { tokenFormat: 'jwt' }, rights: { graphRoles: ['User.Read.All', 'Mail.Read'] } },
    {},
  ],
] as const)('%s fails where the services behave otherwise', async (id, settings, options) => {
  const { verdicts } = await verify(settings as SettingsPatch, options)
  expect(verdicts.get(id)?.verdict).toBe('fails')
})

test('a service that does not answer leaves its questions unclear, and the others asked', async () => {
  const { verdicts } = await verify({}, { key: 'another key' })
  expect(verdicts.get('zivver.totals.users')).toMatchObject({
    verdict: 'unclear',
    evidence: { status: 401 },
  })
  expect(verdicts.get('exchange.paging')?.verdict).toBe(inLine)
})

test.each([
  ['display_name', { group_by_displayName: 1, group_by_several: 2 }],
  ['nickname', { group_by_mailNickname: 3 }],
  ['mail', { group_by_mail: 3 }],
] as const)(
  'the evidence tells how groups are named as trustees (%s), and names none',
  async (text, expected) => {
    const small = new SmallTenant().users('anna').shared('info')
    const { tenant } = small
    const mailGroup = (displayName: string, name: string) =>
      small.group(displayName, [small.get('anna')], {
        mailNickname: name,
        mail: `${name}@contoso.example`,
      })
    small.grant(
      'info',
      'anna',
      mailGroup('All staff', 'staff'),
      mailGroup('Twins', 'one'),
      mailGroup('Twins', 'two'),
    )
    const built = { tenant, accounts: [] }
    const settings = { exchange: { groupTrusteeText: text } }
    const { verdicts } = await verify(settings, {}, { built })
    const { verdict, evidence } = verdicts.get('exchange.trustee_text') ?? {}
    expect(verdict).toBe(inLine)
    expect(evidence).toMatchObject({ mailboxes: 1, ...expected })
    expect(JSON.stringify(evidence)).not.toMatch(/staff|twins|contoso/i)
  },
)

test('the write questions are asked on the throw-away account alone, and leave it as it was', async () => {
  const before = (await verify()).zivver.state
  const { verdicts, zivver } = await verify({}, {}, { mayWrite: true })
  const asked = [...verdicts].filter(([id]) => id.startsWith('write.'))
  expect(asked.map(([, { verdict }]) => verdict)).not.toContain('not_asked')
  expect(verdicts.get('write.identifier')?.evidence).toMatchObject({ stored_as_sent: true })
  expect(verdicts.get('write.reactivate')?.verdict).toBe(inLine)
  const account = (state: typeof before) =>
    state.views().find(({ address }) => address === throwAway)
  expect(account(zivver.state)).toEqual(account(before))
  const ids = new Set(zivver.writes().map(({ id }) => id))
  expect(ids).toEqual(new Set([account(zivver.state)?.id]))
})
