import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { fault } from '../simulators/shared/fault-rule.ts'
import { grantFullAccess } from '../simulators/tenant/group-mutations.ts'
import {
  addAlias,
  deleteMailbox,
  disableMailbox,
  enableMailbox,
  renameMailbox,
  setDisplayName,
} from '../simulators/tenant/mailbox-mutations.ts'
import type { AccountSeed, AccountView } from '../simulators/zivver/account.ts'
import type { Api } from '../system/api.ts'
import { addressOf, includedDomains, SmallTenant } from '../system/small-tenant.ts'
import { World } from '../system/world.ts'

const small = new SmallTenant()
  .users('renamed', 'named', 'aliased', 'delegated', 'adopted', 'suspended', 'helper', 'ignored')
  .shared('moved.team', 'named.team', 'full.team', 'other.team', 'gone.team')
  .grant('gone.team', 'helper')
const { tenant } = small
/** What Cloud Sync does not manage, and must send back or leave alone. */
const unmanaged = {
  otherName: { familyName: 'Vos', givenName: 'Anna' },
  otherExtension: { language: 'nl', notifications: { sms: true } },
  phoneNumbers: [{ value: '+31201234567', type: 'mobile' }],
  division: '/Sales',
}
let world: World
let api: Api
/** The accounts before the first run. */
let before: readonly AccountView[]

function seeds(): AccountSeed[] {
  return small.accounts().map((account) => {
    const name = account.address.split('@')[0] ?? ''
    const aliases = [`${name}@fabrikam.example`]
    const isAdopted = name === 'adopted' ? { externalAccountId: null } : {}
    const { otherName, ...ofBoth } = unmanaged
    return {
      ...account,
      ...ofBoth,
      ...(account.kind === 'user' && { otherName }),
      aliases,
      ...isAdopted,
    }
  })
}

beforeAll(async () => {
  const zivver = { divisions: ['/Sales'], patchStatus: 204 } as const
  world = await World.start({ tenant, includedDomains, accounts: seeds(), zivver })
  before = world.zivver.state.views()
  api = await world.startHost()
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(() => world.zivver.faults.clear())

function accountAt(name: string): AccountView {
  const owner = world.zivver.state.ownerOf(addressOf(name))
  if (owner === undefined) throw new Error(`nobody has ${addressOf(name)}`)
  return world.zivver.state.view(owner)
}

test('story 5: a create whose success is lost, throttled away or denied by a gateway is made once, and known', async () => {
  const { faults } = world.zivver
  const creating = (name: string) => ({ method: 'POST', body: addressOf(name) })
  const names = ['reset', 'throttled', 'denied.503', 'denied.429']
  await api.apply()
  small.users(...names)
  faults.once(creating('reset'), fault.answerLost())
  faults.once(creating('throttled'), fault.answerLost())
  for (const status of [503, 429]) {
    // Zivver does what it is asked, and something in between answers so.
    const done = { kind: 'answer', status, retryAfter: 0.05, processed: true } as const
    faults.once(creating(`denied.${status}`), done)
  }
  const lookUp = faults.once({ tags: { operation: 'find' } }, fault.throttled(0.05))
  world.zivver.clearWrites()
  const { run, changes } = await api.apply()
  expect([faults.fired(lookUp), faults.fired()]).toEqual([1, 5])
  expect(run.status).toBe('succeeded')
  expect(changes).toHaveLength(names.length)
  for (const name of names) {
    expect(changes.find(({ address }) => address === addressOf(name))).toMatchObject({
      action: 'create',
      status: 'applied',
      scim_id: accountAt(name).id,
    })
  }
  const made = world.zivver.writes().filter(({ outcome }) => outcome === 'applied')
  expect(made).toHaveLength(names.length)
  expect((await api.plan()).changes).toEqual([])
}, 60_000)

test('story 17: what Zivver answers with success and does not do is never taken for done', async () => {
  await api.apply()
  setDisplayName(tenant, small.get('ignored'), 'Ignored At First')
  small.users('phantom')
  deleteMailbox(tenant, small.get('gone.team'))
  world.zivver.ignoreWrites({}, 3)
  const ignored = await api.apply()
  const put = ignored.changes.find(({ address }) => address === addressOf('ignored'))
  expect(put).toMatchObject({ status: 'failed', error: { code: 'WRITE_NOT_CONFIRMED' } })
  expect(world.zivver.state.ownerOf(addressOf('phantom'))).toBeUndefined()
  expect(accountAt('gone.team').delegates).toEqual([addressOf('helper')])
  // The next run believes what it reads, not what the last one was told.
  const { run, changes } = await api.apply()
  expect(run.status).toBe('succeeded')
  expect(changes.map(({ action, address }) => `${action} ${address}`).sort()).toEqual([
    `create ${addressOf('phantom')}`,
    `suspend ${addressOf('gone.team')}`,
    `update ${addressOf('ignored')}`,
  ])
  expect(accountAt('ignored').displayName).toBe('Ignored At First')
  expect(accountAt('phantom').active).toBe(true)
  expect(accountAt('gone.team').delegates).toEqual([])
}, 60_000)

const core = (kind: 'User' | 'Group') => `urn:ietf:params:scim:schemas:core:2.0:${kind}`
const zivver = (kind: 'User' | 'Group') => `urn:ietf:params:scim:schemas:zivver:0.1:${kind}`

/** What a PUT with the extension must hold, whole. */
function withExtension(kind: 'User' | 'Group', name: string, part: object): object {
  const { externalDirectoryObjectId: identifier } = small.get(name)
  const extension = { ...unmanaged.otherExtension, ExternalAccountId: identifier, ...part }
  const ofUser = { delegates: [], ...extension, SsoAccountKey: identifier }
  return {
    schemas: [core(kind), zivver(kind)],
    [zivver(kind)]: kind === 'User' ? ofUser : extension,
  }
}

test('story 26: a PUT of any kind drops nothing of what it does not manage, nor single sign-on, nor a list', async () => {
  await api.apply()
  const idOf = (name: string) => accountAt(name).id
  const helper = small.get('helper').externalDirectoryObjectId
  const foreign = (name: string) => `${name}@fabrikam.example`
  const user = { schemas: [core('User')] }
  const group = { schemas: [core('Group')] }
  const golden = new Map<string, object>([
    [idOf('renamed'), { ...user, userName: addressOf('renamed.new') }],
    [idOf('named'), { ...user, name: { ...unmanaged.otherName, formatted: 'Another Name' } }],
    [idOf('suspended'), { ...user, active: false }],
    [
      idOf('aliased'),
      withExtension('User', 'aliased', { aliases: [addressOf('aliased.too'), foreign('aliased')] }),
    ],
    [
      idOf('delegated'),
      withExtension('User', 'delegated', {
        aliases: [foreign('delegated')],
        delegates: [addressOf('helper')],
      }),
    ],
    [idOf('moved.team'), { ...group, externalId: addressOf('team.moved') }],
    [idOf('named.team'), { ...group, displayName: 'Another Team' }],
    [idOf('full.team'), { ...group, members: [{ value: idOf('helper') }] }],
    [
      idOf('other.team'),
      withExtension('Group', 'other.team', { aliases: [foreign('other.team'), addressOf('too')] }),
    ],
  ])
  renameMailbox(tenant, small.get('renamed'), addressOf('renamed.new'), { keepOldAsAlias: false })
  setDisplayName(tenant, small.get('named'), 'Another Name')
  disableMailbox(tenant, small.get('suspended'))
  addAlias(tenant, small.get('aliased'), addressOf('aliased.too'))
  grantFullAccess(tenant, small.get('delegated'), helper)
  renameMailbox(tenant, small.get('moved.team'), addressOf('team.moved'), {
    keepOldAsAlias: false,
  })
  setDisplayName(tenant, small.get('named.team'), 'Another Team')
  grantFullAccess(tenant, small.get('full.team'), helper)
  addAlias(tenant, small.get('other.team'), addressOf('too'))
  world.zivver.clearWrites()
  expect((await api.apply()).run.status).toBe('succeeded')
  expect(new Map(world.zivver.writes().map(({ id, body }) => [id, body]))).toEqual(golden)
  enableMailbox(tenant, small.get('suspended'))
  await api.apply()
  for (const account of before) {
    const after = world.zivver.state.get(account.id)
    const { otherName, otherExtension, phoneNumbers, division, ssoAccountKey } = account
    expect(after).toMatchObject({ otherName, otherExtension, phoneNumbers, division })
    expect(after).toMatchObject({ ssoAccountKey, ssoBroken: false })
  }
}, 60_000)
