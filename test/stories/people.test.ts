import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../simulators/shared/random.ts'
import {
  deleteMailbox,
  recreateMailbox,
  restoreMailbox,
} from '../simulators/tenant/mailbox-mutations.ts'
import type { TenantMailbox } from '../simulators/tenant/model.ts'
import type { AccountView } from '../simulators/zivver/account.ts'
import type { Api, RunWithChanges } from '../system/api.ts'
import { addressOf, includedDomains, SmallTenant } from '../system/small-tenant.ts'
import { World } from '../system/world.ts'
import { letDaysPass } from './ageing.ts'

const joiners = ['same.day', 'namesake', 'long.gone']
const returning = ['after1', 'after29', 'after31']
const small = new SmallTenant().users(...joiners, ...returning, 'steady')
const { tenant } = small
const mailboxes = new Map([...joiners, ...returning].map((name) => [name, small.get(name)]))
const random = createRandom(10)
let world: World
let api: Api
const scimIds = new Map<string, string>()

beforeAll(async () => {
  world = await World.start({ tenant, includedDomains, accounts: small.accounts() })
  api = await world.startHost()
  await api.apply()
  for (const { id, displayName } of world.zivver.state.views()) scimIds.set(displayName, id)
})
afterAll(() => world[Symbol.asyncDispose]())

function mailbox(name: string): TenantMailbox {
  const found = mailboxes.get(name)
  if (found === undefined) throw new Error(`there is no mailbox ${name}`)
  return found
}

function accountOf(name: string): AccountView {
  const account = world.zivver.state.get(scimIds.get(name) ?? '')
  if (account === undefined) throw new Error(`${name} has lost the account`)
  return world.zivver.state.view(account)
}

const codesFor = ({ run }: RunWithChanges, name: string) =>
  run.warnings.filter(({ address }) => address === addressOf(name)).map(({ code }) => code)

/** Takes the mailboxes away, and lets a sync suspend their accounts. */
async function leave(...names: readonly string[]): Promise<void> {
  for (const name of names) deleteMailbox(tenant, mailbox(name))
  await api.apply()
  for (const name of names) expect(accountOf(name).active).toBe(false)
}

test('story 10: a leaver’s address given to a joiner on the same day or 60 days later never opens the leaver’s account', async () => {
  await leave('namesake', 'long.gone')
  await letDaysPass(world, 60)
  recreateMailbox(tenant, mailbox('same.day'), random, 'A Joiner')
  for (const [name, displayName] of [
    ['namesake', 'namesake'],
    ['long.gone', 'Another Joiner'],
  ] as const) {
    tenant.softDeleted.delete(mailbox(name).exchangeGuid)
    small.add(name, { displayName })
  }
  const before = joiners.map(accountOf)
  world.zivver.clearWrites()
  const joined = await api.apply()
  for (const name of joiners) expect(codesFor(joined, name)).toEqual(['ADDRESS_REUSED'])
  expect(joined.changes).toEqual([])
  expect(world.zivver.writes()).toEqual([])
  expect(joiners.map(accountOf)).toEqual(before)
  // Only somebody who says so passes an account on.
  const relinked = await api.apply({ relink: [addressOf('long.gone')] })
  expect(relinked.changes).toMatchObject([
    { address: addressOf('long.gone'), scim_id: scimIds.get('long.gone') },
  ])
  expect(accountOf('long.gone')).toMatchObject({ active: true, displayName: 'Another Joiner' })
}, 60_000)

test('story 12: a mailbox that is restored after 1 or 29 days gets its account back; after 31 days somebody has to say that it may', async () => {
  await leave(...returning)
  await letDaysPass(world, 1)
  restoreMailbox(tenant, mailbox('after1'))
  expect((await api.apply()).changes).toMatchObject([
    { action: 'reactivate', reason: 'back_in_scope', scim_id: scimIds.get('after1') },
  ])
  await letDaysPass(world, 28)
  restoreMailbox(tenant, mailbox('after29'))
  expect((await api.apply()).changes).toMatchObject([
    { action: 'reactivate', reason: 'back_in_scope', scim_id: scimIds.get('after29') },
  ])
  // After 30 days the old mailbox cannot be restored any more: there is a new one, with a new identifier.
  await letDaysPass(world, 2)
  tenant.softDeleted.delete(mailbox('after31').exchangeGuid)
  const again = small.add('after31')
  expect(again.externalDirectoryObjectId).not.toBe(mailbox('after31').externalDirectoryObjectId)
  const asking = await api.apply()
  expect([asking.changes, codesFor(asking, 'after31')]).toEqual([[], ['ADDRESS_REUSED']])
  await api.apply({ relink: [addressOf('after31')] })
  for (const name of returning) expect(accountOf(name).active).toBe(true)
  expect(accountOf('after31').externalAccountId).toBe(again.externalDirectoryObjectId)
}, 60_000)
