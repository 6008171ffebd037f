import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChangeJson } from '../../core/api/change.ts'
import {
  addAlias,
  chainAddresses,
  moveAlias,
  renameMailbox,
  setDisplayName,
  swapAddresses,
} from '../simulators/tenant/mailbox-mutations.ts'
import type { AccountView } from '../simulators/zivver/account.ts'
import type { Api, RunWithChanges } from '../system/api.ts'
import { addressOf, includedDomains, SmallTenant } from '../system/small-tenant.ts'
import { World } from '../system/world.ts'

const small = new SmallTenant().users('jan', 'marie', 'case', 'poisoned', 'other')
small.users('chain1', 'chain2', 'chain3', 'swap1', 'swap2')
small.add('giver', { aliases: ['moving'] })
small.users('taker')
small.add('cycle1', { aliases: ['sales'] })
small.add('cycle2', { aliases: ['press'] })
small.users('guested', 'stranger')
const { tenant } = small
/** Mailboxes by the name that they had at first. */
const mailboxes = new Map(
  [...tenant.mailboxes.values()].map((mailbox) => [mailbox.displayName, mailbox]),
)
let world: World
let api: Api
/** The run after all that happened. */
let first: RunWithChanges
const scimIds = new Map<string, string>()

const mailbox = (name: string) => mailboxes.get(name) ?? small.get(name)

function rename(name: string, address: string): void {
  renameMailbox(tenant, mailbox(name), address)
}

beforeAll(async () => {
  const zivver = {
    guests: [addressOf('guest')],
    outsideOrganization: [addressOf('poisoned.new'), addressOf('outside')],
  }
  const accounts = small.accounts().map((account) => {
    const own = mailbox(account.displayName ?? '').emailAddresses
    return { ...account, aliases: own.flatMap((proxy) => /^smtp:(.*)/.exec(proxy)?.[1] ?? []) }
  })
  world = await World.start({ tenant, includedDomains, accounts, zivver })
  api = await world.startHost()
  expect((await api.apply()).run.counts.link.applied).toBe(accounts.length)
  for (const { id, displayName } of world.zivver.state.views()) scimIds.set(displayName, id)
  change()
  world.zivver.clearWrites()
  first = await api.apply()
})
afterAll(() => world[Symbol.asyncDispose]())

function change(): void {
  rename('jan', addressOf('jan.new'))
  rename('marie', 'Marie.Bos@Contoso.Example')
  rename('case', 'Case@Contoso.Example')
  chainAddresses(tenant, ['chain1', 'chain2', 'chain3'].map(mailbox), addressOf('chain0'))
  swapAddresses(tenant, mailbox('swap1'), mailbox('swap2'))
  rename('poisoned', addressOf('poisoned.new'))
  setDisplayName(tenant, mailbox('other'), 'Somebody Else')
  moveAlias(tenant, mailbox('giver'), mailbox('taker'), addressOf('moving'))
  moveAlias(tenant, mailbox('cycle1'), mailbox('cycle2'), addressOf('sales'))
  moveAlias(tenant, mailbox('cycle2'), mailbox('cycle1'), addressOf('press'))
  addAlias(tenant, mailbox('guested'), addressOf('guest'))
  addAlias(tenant, mailbox('guested'), addressOf('guested.too'))
  addAlias(tenant, mailbox('stranger'), addressOf('outside'))
}

/** The account that a mailbox had from the beginning. */
function accountOf(name: string): AccountView {
  const account = world.zivver.state.get(scimIds.get(name) ?? '')
  if (account === undefined) throw new Error(`${name} has lost the account`)
  return world.zivver.state.view(account)
}

const changesOf = (name: string, { changes } = first): readonly ChangeJson[] =>
  changes.filter(({ scim_id }) => scim_id === scimIds.get(name))
const writesOf = (...names: string[]) =>
  world.zivver.writes().filter(({ id }) => names.some((name) => scimIds.get(name) === id))

test('story 6: a rename, also one to another case, a chain of renames and a swap are updates of the same accounts', () => {
  expect(accountOf('jan')).toMatchObject({
    address: addressOf('jan.new'),
    aliases: [addressOf('jan')],
  })
  expect(accountOf('marie')).toMatchObject({
    address: addressOf('marie.bos'),
    aliases: [addressOf('marie')],
  })
  const chain = ['chain1', 'chain2', 'chain3'].map((name) => accountOf(name).address)
  expect(chain).toEqual(['chain0', 'chain1', 'chain2'].map(addressOf))
  const swapped = ['swap1', 'swap2'].map((name) => accountOf(name).address)
  expect(swapped).toEqual(['swap2', 'swap1'].map(addressOf))
  expect([writesOf('jan').length, writesOf('marie').length]).toEqual([1, 1])
  expect(writesOf('chain1', 'chain2', 'chain3')).toHaveLength(3)
  expect(writesOf('swap1', 'swap2')).toHaveLength(3)
  expect(first.run.counts).toMatchObject({ create: { planned: 0 }, suspend: { planned: 0 } })
  expect(world.zivver.state.views()).toHaveLength(scimIds.size)
})

test('story 8: an address that differs in case alone is no change, in whatever case Zivver shows it', async () => {
  expect(changesOf('case')).toEqual([])
  expect(accountOf('case').address).toBe(addressOf('case'))
  world.zivver.setOptions({ addressCase: 'mixed' })
  const { changes } = await api.plan()
  world.zivver.setOptions({ addressCase: 'lower' })
  const known = new Set(['poisoned', 'stranger'].map((name) => scimIds.get(name)))
  expect(changes.filter(({ scim_id }) => !known.has(scim_id ?? ''))).toEqual([])
})

test('story 9: aliases that move or change places go to their new owners; a guest’s is left out, one from outside fails alone', () => {
  expect([accountOf('giver').aliases, accountOf('taker').aliases]).toEqual([
    [],
    [addressOf('moving')],
  ])
  expect([accountOf('cycle1').aliases, accountOf('cycle2').aliases]).toEqual([
    [addressOf('press')],
    [addressOf('sales')],
  ])
  expect(accountOf('guested').aliases).toEqual([addressOf('guested.too')])
  const guest = first.run.warnings.find(({ code }) => code === 'ALIAS_REFUSED')
  expect(guest?.message).toContain(
    `${addressOf('guest')} of ${addressOf('guested')} (it is a guest)`,
  )
  expect(changesOf('stranger')).toMatchObject([
    { status: 'failed', error: { code: 'ACCOUNT_OUTSIDE_ORGANIZATION' } },
  ])
  // No address was ever asked for before it was free.
  const refused = world.zivver.writes().filter(({ outcome }) => outcome === 'refused')
  expect(refused.filter(({ message }) => /already taken/i.test(message ?? ''))).toEqual([])
})

test('story 7: a rename that Zivver refuses fails alone, with the remedy, run after run, until it is mended', async () => {
  const refused = {
    status: 'failed',
    error: {
      code: 'ACCOUNT_OUTSIDE_ORGANIZATION',
      message: expect.stringContaining('adopt the account into the organisation'),
    },
  }
  expect(first.run.status).toBe('completed_with_errors')
  expect(changesOf('poisoned')).toMatchObject([refused])
  expect(accountOf('other').displayName).toBe('Somebody Else')
  setDisplayName(tenant, mailbox('other'), 'Somebody New')
  const second = await api.apply()
  expect(changesOf('poisoned', second)).toMatchObject([refused])
  expect(changesOf('other', second)).toMatchObject([{ status: 'applied' }])
  expect(accountOf('poisoned')).toMatchObject({ address: addressOf('poisoned'), active: true })
  world.zivver.setOptions({ outsideOrganization: [] })
  expect((await api.apply()).run.status).toBe('succeeded')
  expect(accountOf('poisoned').address).toBe(addressOf('poisoned.new'))
}, 60_000)
