import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChangeJson } from '../../core/api/change.ts'
import { revokeFullAccess } from '../simulators/tenant/group-mutations.ts'
import { addAlias, disableMailbox, setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import type { AccountView } from '../simulators/zivver/account.ts'
import type { Api, RunWithChanges } from './api.ts'
import { accountOf, addressOf, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

const protectedDomain = 'protected.example'
const small = new SmallTenant()
  .users('by.hand', 'leaver', 'kept', 'kept.as', 'adopted', 'known', 'newcomer')
  .users(`boss@${protectedDomain}`)
  .shared('team')
  .grant('team', 'kept', 'adopted')
const { tenant } = small
const earlierId = 'EARLIER-SYSTEM-0042'
let world: World
let api: Api

function accounts() {
  return [
    accountOf(small.get('by.hand'), { active: false, ssoAccountKey: null }),
    accountOf(small.get('leaver')),
    accountOf(small.get('kept'), { displayName: 'An Administrator' }),
    accountOf(small.get('kept.as'), { address: addressOf('was.another') }),
    accountOf(small.get('adopted'), { displayName: 'old', externalAccountId: null }),
    accountOf(small.get('known'), { externalAccountId: earlierId, ssoAccountKey: null }),
    accountOf(small.get('team')),
    { kind: 'user', address: `admin@${protectedDomain}`, displayName: 'Admin' } as const,
  ]
}

beforeAll(async () => {
  const includedDomains = [' Contoso.Example', '', `${protectedDomain} `]
  world = await World.start({ tenant, includedDomains, accounts: accounts() })
})
afterAll(() => world[Symbol.asyncDispose]())

function accountAt(name: string): AccountView | undefined {
  const owner = world.zivver.state.ownerOf(addressOf(name))
  return owner && world.zivver.state.view(owner)
}

const changesOf = ({ changes }: RunWithChanges, name: string): ChangeJson[] =>
  changes.filter(({ address }) => address === addressOf(name))
const bodies = () => world.zivver.writes().map(({ body }) => JSON.stringify(body))

describe('an installation that may do little', () => {
  let first: RunWithChanges

  beforeAll(async () => {
    api = await world.startHost({
      CLOUD_SYNC__ACTIONS: 'Create, update, reactivate, link',
      CLOUD_SYNC__TARGET_FILTER: `${addressOf('KEPT')}, ${addressOf('kept.as')}, ${protectedDomain}`,
      CLOUD_SYNC__REACTIVATE: 'all',
      CLOUD_SYNC__WRITE_IDENTIFIERS: 'False',
      CLOUD_SYNC__SSO_ACCOUNT_KEY: 'omit',
    })
    // Linked, then out of scope.
    await api.apply()
    disableMailbox(tenant, small.get('leaver'))
    setDisplayName(tenant, small.get('adopted'), 'Adopted Person')
    addAlias(tenant, small.get('known'), addressOf('known.too'))
    world.zivver.clearWrites()
    first = await api.apply()
    expect(first.run).toMatchObject({ status: 'succeeded', error: null })
  })

  test('ACTIONS: what is not listed is planned, shown as deferred and not done', () => {
    expect(changesOf(first, 'leaver')).toMatchObject([
      { action: 'suspend', reason: 'mailbox_disabled', status: 'deferred' },
    ])
    expect(first.run.counts.suspend).toMatchObject({ planned: 1, applied: 0, deferred: 1 })
    expect(accountAt('leaver')?.active).toBe(true)
  })

  test('TARGET_FILTER: a listed address or domain, current or wished, is never touched, and may be a delegate', () => {
    for (const name of ['kept', 'was.another', `boss@${protectedDomain}`]) {
      expect(changesOf(first, name)).toEqual([])
    }
    expect(accountAt('kept')?.displayName).toBe('An Administrator')
    expect(accountAt('was.another')).toBeDefined()
    expect(accountAt(`boss@${protectedDomain}`)).toBeUndefined()
    expect(accountAt(`admin@${protectedDomain}`)?.active).toBe(true)
    expect(accountAt('team')?.delegates).toEqual([addressOf('adopted'), addressOf('kept')])
    expect(first.run.guard.total).toBe(9)
  })

  test('REACTIVATE=all: also an account that somebody suspended by hand', () => {
    expect(accountAt('by.hand')?.active).toBe(true)
  })

  test('WRITE_IDENTIFIERS=False: identifiers in Zivver are sent back unchanged, and none is added', () => {
    expect(accountAt('known')).toMatchObject({
      aliases: [addressOf('known.too')],
      externalAccountId: earlierId,
    })
    expect(accountAt('adopted')).toMatchObject({
      displayName: 'Adopted Person',
      externalAccountId: null,
    })
    expect(accountAt('newcomer')?.externalAccountId).toBeNull()
  })

  test('SSO_ACCOUNT_KEY=omit: no key is ever sent', () => {
    expect(bodies().filter((body) => body.includes('SsoAccountKey'))).toEqual([])
    expect(accountAt('newcomer')?.ssoAccountKey).toBeNull()
    expect(first.run.warnings.map(({ code }) => code)).not.toContain('SSO_KEY_WRITTEN')
  })
})

describe('an installation without delegates', () => {
  let preview: RunWithChanges
  let sync: RunWithChanges

  beforeAll(async () => {
    revokeFullAccess(small.get('team'), small.get('adopted').externalDirectoryObjectId)
    addAlias(tenant, small.get('team'), addressOf('team.too'))
    api = await world.restartHost({ CLOUD_SYNC__DELEGATES: '0' })
    world.microsoft365.resetLoad()
    world.zivver.clearWrites()
    preview = await api.plan()
    sync = await api.apply()
    expect(sync.run).toMatchObject({ status: 'succeeded', error: null })
  })

  test('DELEGATES=False: they are neither read nor changed', () => {
    expect(world.microsoft365.cmdletLoad.runs).not.toHaveProperty('Get-MailboxPermission')
    expect(accountAt('team')).toMatchObject({
      aliases: [addressOf('team.too')],
      delegates: [addressOf('adopted'), addressOf('kept')],
    })
    expect(bodies().filter((body) => body.includes('members'))).toEqual([])
  })

  test('SSO_ACCOUNT_KEY=object_id: a preview says on how many existing accounts the key is written', () => {
    const keys = preview.changes.filter(
      ({ action, fields }) =>
        action !== 'create' && fields.some(({ path }) => path === 'SsoAccountKey'),
    )
    const warning = preview.run.warnings.find(({ code }) => code === 'SSO_KEY_WRITTEN')
    expect(keys.length).toBeGreaterThan(2)
    expect(warning?.message).toContain(`on ${keys.length} existing accounts`)
  })

  test('SSO_ACCOUNT_KEY=object_id: every write of the extension carries it, so nobody loses single sign-on', () => {
    const withExtension = bodies().filter((body) => body.includes('schemas:zivver:0.1:User":{'))
    expect(withExtension.length).toBeGreaterThan(2)
    expect(withExtension.filter((body) => !body.includes('SsoAccountKey'))).toEqual([])
    expect(world.zivver.state.views().filter(({ ssoBroken }) => ssoBroken)).toEqual([])
    expect(accountAt('newcomer')?.ssoAccountKey).toBe(
      small.get('newcomer').externalDirectoryObjectId,
    )
  })

  test('ACTIONS: all of them are taken by default', () => {
    expect(changesOf(sync, 'leaver')).toMatchObject([{ action: 'suspend', status: 'applied' }])
  })
})
