import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChangeJson } from '../../core/api/change.ts'
import type { AccountSeed, AccountView } from '../simulators/zivver/account.ts'
import type { Api, RunWithChanges } from './api.ts'
import { accountOf, addressOf, includedDomains, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

const unknownGuid = '7e57ab1e-0000-4000-8000-000000000001'
const small = new SmallTenant()
const accounts: AccountSeed[] = []
let world: World
let api: Api
let first: RunWithChanges

/** A mailbox, and what Zivver has at its address. */
function mailboxWithAccount(
  name: string,
  part: Partial<AccountSeed>,
  wish: Parameters<SmallTenant['add']>[1] = {},
): void {
  accounts.push(accountOf(small.add(name, wish), { ssoAccountKey: null, ...part }))
}

function account(name: string, part: Partial<AccountSeed> = {}): void {
  accounts.push({ kind: 'user', address: addressOf(name), displayName: name, ...part })
}

function describeTenant(): void {
  mailboxWithAccount('steady', {})
  mailboxWithAccount('known', { address: addressOf('known.old') })
  mailboxWithAccount('adopted', { externalAccountId: null })
  mailboxWithAccount(
    'renamed',
    { address: addressOf('before'), externalAccountId: null },
    { aliases: ['before'] },
  )
  small.users('newcomer')
  mailboxWithAccount('mixed', { kind: 'user' }, { recipientTypeDetails: 'SharedMailbox' })
  mailboxWithAccount('twin', { displayName: 'before the conflict' })
  small.add('twin')
  mailboxWithAccount('claimed', { displayName: 'one' })
  account('claimed.too', { externalAccountId: small.get('claimed').externalDirectoryObjectId })
  mailboxWithAccount('by.hand', { active: false, displayName: 'suspended by somebody' })
  mailboxWithAccount('gone.dark', { externalAccountId: null }, { accountDisabled: true })
  account('orphan')
  account('orphaned.team', { kind: 'functional', delegates: [addressOf('steady')] })
  account('empty.team', { kind: 'functional' })
  account('elsewhere', { externalAccountId: unknownGuid })
  account('stranger@fabrikam.example', { aliases: [addressOf('taken')] })
  small.add('thief', { aliases: ['taken', 'free', 'thief@contoso.onmicrosoft.example'] })
  small.add('host', { aliases: ['guest', 'not.guest'] })
  mailboxWithAccount('kept', { aliases: ['kept@fabrikam.example'], displayName: 'old name' })
  mailboxWithAccount('twice', {}, { aliases: ['second'] })
  account('second')
}

beforeAll(async () => {
  describeTenant()
  const zivver = { guests: [addressOf('guest')] }
  world = await World.start({ tenant: small.tenant, includedDomains, accounts, zivver })
  api = await world.startHost()
  first = await api.apply()
  expect(first.run).toMatchObject({ status: 'succeeded', error: null })
})
afterAll(() => world[Symbol.asyncDispose]())

const changesOf = (...names: string[]): ChangeJson[] =>
  first.changes.filter(({ address }) => names.map(addressOf).includes(address))
const identifierOf = (name: string) => small.get(name).externalDirectoryObjectId

function accountAt(name: string): AccountView | undefined {
  const owner = world.zivver.state.ownerOf(addressOf(name))
  return owner && world.zivver.state.view(owner)
}

function warnings(code: string): string[] {
  return first.run.warnings.filter((warning) => warning.code === code).map(({ message }) => message)
}

/** Nothing was planned or written about the accounts at these addresses. */
function expectUntouched(...names: string[]): void {
  expect(changesOf(...names)).toEqual([])
  for (const seed of accounts.filter(({ address }) => names.map(addressOf).includes(address))) {
    const view = accountAt(seed.address)
    expect(view).toMatchObject({ displayName: seed.displayName, active: seed.active ?? true })
    expect(view?.externalAccountId).toBe(seed.externalAccountId ?? null)
  }
}

describe('an account is found', () => {
  test('by its ExternalAccountId, though its address is an old one', () => {
    expect(changesOf('known.old')).toMatchObject([
      {
        action: 'update',
        reason: 'adopted_by_identifier',
        status: 'applied',
        fields: [{ path: 'userName', before: addressOf('known.old'), after: addressOf('known') }],
      },
    ])
    expect(changesOf('steady')).toMatchObject([{ action: 'link', fields: [] }])
  })

  test('by its address, and gets the identifier and the SSO key', () => {
    expect(changesOf('adopted')).toMatchObject([
      {
        action: 'update',
        reason: 'adopted_by_address',
        fields: [
          { path: 'ExternalAccountId', before: null, after: identifierOf('adopted') },
          { path: 'SsoAccountKey', before: null, after: expect.stringMatching(/^\*+$/) },
        ],
      },
    ])
    const { externalAccountId, ssoAccountKey } = accountAt('adopted') ?? {}
    expect([externalAccountId, ssoAccountKey]).toEqual(Array(2).fill(identifierOf('adopted')))
  })

  test('by an address that the mailbox had before and still has as an alias', () => {
    expect(changesOf('before')).toMatchObject([
      { action: 'update', reason: 'adopted_by_former_address', status: 'applied' },
    ])
    expect(accountAt('renamed')).toMatchObject({
      address: addressOf('renamed'),
      aliases: [addressOf('before')],
    })
  })

  test('by nothing: it is created', () => {
    expect(changesOf('newcomer')).toMatchObject([
      { action: 'create', reason: 'new_mailbox', scim_id: accountAt('newcomer')?.id },
    ])
    expect(accountAt('newcomer')).toMatchObject({
      kind: 'user',
      displayName: 'newcomer',
      externalAccountId: identifierOf('newcomer'),
      ssoAccountKey: identifierOf('newcomer'),
    })
  })
})

describe('a conflict freezes all that it names', () => {
  test('a user account at the address of a shared mailbox, in the words administrators know', () => {
    expectUntouched('mixed')
    expect(warnings('KIND_MISMATCH')).toEqual([
      `Skipping account ${addressOf('mixed')} because it is a group in one system and a user mailbox in the other`,
    ])
    expect(warnings('CAN_STILL_LOG_IN')).toHaveLength(1)
  })

  test('two mailboxes with one primary address', () => {
    expectUntouched('twin')
    expect(warnings('ADDRESS_CONFLICT')).toEqual([expect.stringContaining(addressOf('twin'))])
  })

  test('two accounts with the identifier of one mailbox', () => {
    expectUntouched('claimed', 'claimed.too')
    expect(warnings('IDENTIFIER_CONFLICT')).toHaveLength(1)
  })

  test('and they are counted as skipped, with those that were suspended by hand', () => {
    // Mailbox and account of the mismatch, two and one, one and two, and one by hand.
    expect(first.run.counts.skipped).toBe(2 + 3 + 3 + 1)
  })
})

describe('an account that no mailbox in scope has', () => {
  test('is suspended when it is unlinked in an included domain, under a row of its own', async () => {
    const change = { action: 'suspend', reason: 'no_mailbox', external_directory_object_id: null }
    expect(changesOf('orphan', 'orphaned.team')).toMatchObject([change, change])
    expect(accountAt('orphan')?.active).toBe(false)
    expect(accountAt('orphaned.team')?.delegates).toEqual([])
    const rows = await world.rows('CloudSyncMappings')
    const own = rows.filter(({ rowKey }) => String(rowKey).startsWith('scim-'))
    const ids = ['orphan', 'orphaned.team'].map((name) => `scim-${accountAt(name)?.id}`)
    expect(new Map(own.map(({ rowKey, active }) => [rowKey, active]))).toEqual(
      new Map(ids.map((id) => [id, false])),
    )
  })

  test('needs nothing as an empty functional account', () => {
    expectUntouched('empty.team')
  })

  test('is unmanaged outside the included domains', () => {
    expectUntouched('stranger@fabrikam.example')
    expect(first.run.counts.unmanaged).toBeGreaterThanOrEqual(1)
  })

  test('is left alone when another tenant seems to have it', () => {
    expectUntouched('elsewhere')
    expect(warnings('LINKED_ELSEWHERE')).toEqual([expect.stringContaining(unknownGuid)])
  })

  test('is left alone when its address is the one of a mailbox that is out of scope, or an alias', () => {
    expectUntouched('gone.dark', 'second')
    expect(warnings('UNLINKED_OUT_OF_SCOPE')).toEqual([
      expect.stringContaining(addressOf('gone.dark')),
    ])
  })
})

test('an account that somebody suspended by hand stays so', () => {
  expectUntouched('by.hand')
  expect(warnings('SUSPENDED_BY_HAND')).toEqual([expect.stringContaining(addressOf('by.hand'))])
})

test('an alias that another account has is left out, and the rest is synchronised', () => {
  expect(accountAt('thief')?.aliases).toEqual([addressOf('free')])
  expect(warnings('ALIAS_TAKEN')).toEqual([
    expect.stringContaining(addressOf('taken')),
    expect.stringContaining(addressOf('second')),
  ])
})

test('an alias that Zivver refuses is left out of a second try, remembered, and not tried again in the next run', async () => {
  expect(changesOf('host')).toMatchObject([{ action: 'create', status: 'applied', error: null }])
  expect(accountAt('host')?.aliases).toEqual([addressOf('not.guest')])
  const rows = await world.rows('CloudSyncMappings')
  const row = rows.find(({ rowKey }) => rowKey === identifierOf('host'))
  expect(row?.['refusedAliases']).toContain(addressOf('guest'))
  world.zivver.clearWrites()
  await api.apply()
  expect(world.zivver.writes()).toEqual([])
})

test('an alias outside the included domains is never added, and kept where Zivver has it', () => {
  expect(accountAt('kept')).toMatchObject({
    displayName: 'kept',
    aliases: ['kept@fabrikam.example'],
  })
})

test('the next run has nothing to do', async () => {
  const { run, changes } = await api.plan({ perform_sync: true })
  expect(changes).toEqual([])
  expect(run.status).toBe('succeeded')
})
