import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChangeJson } from '../../core/api/change.ts'
import { createRandom } from '../simulators/shared/random.ts'
import {
  convertMailbox,
  deleteMailbox,
  disableMailbox,
  enableMailbox,
  recreateMailbox,
  renameMailbox,
  restoreMailbox,
  setDisplayName,
} from '../simulators/tenant/mailbox-mutations.ts'
import type { AccountView } from '../simulators/zivver/account.ts'
import type { Api, RunWithChanges } from './api.ts'
import { addressOf, includedDomains, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

const names = ['renamed', 'again', 'reused', 'converted', 'disabled', 'room', 'moved', 'deleted']
const conflicting = ['row1', 'row2', 'split', 'pair1', 'pair2', 'by.hand']
const untouched = Array.from({ length: 20 }, (_, at) => `steady${at}`)
const small = new SmallTenant()
  .users(...names, ...conflicting, ...untouched)
  .shared('team')
  .grant('team', 'steady0', 'steady1')
const { tenant } = small
const random = createRandom(1)
const mailboxes = new Map([...names, 'team'].map((name) => [name, small.get(name)]))
let world: World
let api: Api
/** SCIM ids by the name of the mailbox, as the first sync left them. */
const scimIds = new Map<string, string>()

const mailbox = (name: string) => mailboxes.get(name) ?? small.get(name)
const state = () => world.zivver.state

function accountOf(name: string): AccountView | undefined {
  const account = state().get(scimIds.get(name) ?? '')
  return account && state().view(account)
}

beforeAll(async () => {
  world = await World.start({
    tenant,
    includedDomains,
    accounts: [
      ...small.accounts(),
      { kind: 'user', address: addressOf('never.linked'), displayName: 'Never Linked' },
    ],
  })
  api = await world.startHost()
  await api.apply()
  for (const { address, id } of state().views()) scimIds.set(address.split('@')[0] ?? '', id)
  for (const name of conflicting) setDisplayName(tenant, small.get(name), `New ${name}`)
})
afterAll(() => world[Symbol.asyncDispose]())

describe('what happened between two runs', () => {
  let run: RunWithChanges
  let newcomer: string

  async function disturbIdentifiers(): Promise<void> {
    const idOf = (name: string) => small.get(name).externalDirectoryObjectId
    await world.plantMapping({
      rowKey: idOf('row1').toUpperCase(),
      scimId: scimIds.get('row2') ?? '',
      address: addressOf('row1'),
    })
    state().seed([
      { kind: 'user', address: 'x@fabrikam.example', externalAccountId: idOf('split') },
    ])
    state().edit(scimIds.get('pair1') ?? '', { externalAccountId: idOf('pair2') })
    state().edit(scimIds.get('by.hand') ?? '', { active: false })
  }

  beforeAll(async () => {
    state().edit(scimIds.get('renamed') ?? '', { externalAccountId: null })
    renameMailbox(tenant, mailbox('renamed'), addressOf('married'))
    recreateMailbox(tenant, mailbox('again'), random)
    const other = recreateMailbox(tenant, mailbox('reused'), random, 'A New Employee')
    newcomer = other.externalDirectoryObjectId
    convertMailbox(tenant, mailbox('converted'), 'SharedMailbox')
    disableMailbox(tenant, mailbox('disabled'))
    convertMailbox(tenant, mailbox('room'), 'RoomMailbox')
    renameMailbox(tenant, mailbox('moved'), 'moved@fabrikam.example', { keepOldAsAlias: false })
    deleteMailbox(tenant, mailbox('deleted'))
    deleteMailbox(tenant, mailbox('team'))
    small.add('never.linked', { displayName: 'Never Linked' })
    await disturbIdentifiers()
    world.zivver.clearWrites()
    run = await api.apply()
    expect(run.run).toMatchObject({ status: 'succeeded', error: null })
  })

  const changeOf = (name: string): ChangeJson | undefined =>
    run.changes.find(({ scim_id }) => scim_id === scimIds.get(name))
  const codes = (address: string) =>
    run.run.warnings.filter((warning) => warning.address === address).map(({ code }) => code)

  test('a renamed mailbox keeps its account by its mapping row: one update', () => {
    expect(changeOf('renamed')).toMatchObject({ action: 'update', reason: 'differs' })
    expect(accountOf('renamed')).toMatchObject({
      address: addressOf('married'),
      aliases: [addressOf('renamed')],
      externalAccountId: mailbox('renamed').externalDirectoryObjectId,
    })
    const writes = world.zivver.writes().filter(({ id }) => id === scimIds.get('renamed'))
    expect(writes).toHaveLength(1)
  })

  test('story 11: a mailbox that was made again for the same person gets the account, and the row', async () => {
    expect(changeOf('again')).toMatchObject({ action: 'update', reason: 'mailbox_made_again' })
    const rows = await world.rows('CloudSyncMappings')
    const own = rows.filter(({ scimId }) => scimId === scimIds.get('again'))
    expect(own).toMatchObject([{ rowKey: small.get('again').externalDirectoryObjectId }])
  })

  test('a new employee does not inherit the account of somebody else', () => {
    expect(changeOf('reused')).toBeUndefined()
    expect(codes(addressOf('reused'))).toEqual(['ADDRESS_REUSED'])
    expect(accountOf('reused')?.externalAccountId).toBe(mailbox('reused').externalDirectoryObjectId)
  })

  test('a mailbox of the other kind now is skipped, and its account can still log in', () => {
    expect(changeOf('converted')).toBeUndefined()
    expect(accountOf('converted')?.active).toBe(true)
    expect(codes(addressOf('converted'))).toEqual(['CAN_STILL_LOG_IN', 'KIND_MISMATCH'])
  })

  test.each([
    ['disabled', 'mailbox_disabled'],
    ['room', 'mailbox_type'],
    ['moved', 'domain_not_included'],
    ['deleted', 'no_mailbox'],
  ])('a mailbox that is %s has its account suspended: %s', async (name, reason) => {
    expect(changeOf(name)).toMatchObject({
      action: 'suspend',
      reason,
      fields: [{ path: 'active', before: true, after: false }],
    })
    expect(accountOf(name)).toMatchObject({ active: false, address: addressOf(name) })
    const { json } = await api.get(`/api/accounts?address=${addressOf(name)}`)
    expect(json.accounts).toMatchObject([{ active: false }])
  })

  test('a functional account is suspended by emptying its members', () => {
    expect(changeOf('team')).toMatchObject({
      action: 'suspend',
      reason: 'no_mailbox',
      fields: [
        { path: 'delegates', before: [addressOf('steady0'), addressOf('steady1')], after: [] },
        { path: 'active' },
      ],
    })
    expect(accountOf('team')?.delegates).toEqual([])
  })

  test('an account that we suspended for want of a mailbox is reactivated when one turns up', async () => {
    expect(changeOf('never.linked')).toMatchObject({
      action: 'reactivate',
      reason: 'back_in_scope',
    })
    expect(accountOf('never.linked')?.active).toBe(true)
    const rows = await world.rows('CloudSyncMappings')
    expect(rows.filter(({ rowKey }) => String(rowKey).startsWith('scim-'))).toEqual([])
  })

  test.each([
    [['row1', 'row2'], 'ROW_CONFLICT', 'two rows of one identifier differ'],
    [['split'], 'IDENTIFIER_CONFLICT', 'the row and ExternalAccountId name different accounts'],
    [['pair1', 'pair2'], 'MAILBOX_CONFLICT', 'two mailboxes claim one account'],
    [['by.hand'], 'SUSPENDED_BY_HAND', 'somebody suspended it by hand'],
  ])('%s stay as they are, with %s: %s', (frozen, code) => {
    expect(run.run.warnings.map((warning) => warning.code)).toContain(code)
    for (const name of frozen) {
      expect(changeOf(name)).toBeUndefined()
      expect(accountOf(name)?.displayName).toBe(name)
    }
  })

  test('nothing else was touched', () => {
    const touched = run.changes
      .map(({ action }) => action)
      .toSorted((one, other) => (one < other ? -1 : 1))
    expect(touched.join(' ')).toBe(
      'reactivate suspend suspend suspend suspend suspend update update',
    )
  })

  test('relink passes the account to the new mailbox; what is back in scope is reactivated', async () => {
    enableMailbox(tenant, mailbox('disabled'))
    convertMailbox(tenant, mailbox('room'), 'UserMailbox')
    renameMailbox(tenant, mailbox('moved'), addressOf('moved'), { keepOldAsAlias: false })
    restoreMailbox(tenant, mailbox('deleted'))
    restoreMailbox(tenant, mailbox('team'))
    setDisplayName(tenant, mailbox('deleted'), 'Back Again')
    run = await api.apply({ relink: ['Reused@Contoso.example'] })
    expect(changeOf('reused')).toMatchObject({ action: 'update', reason: 'relinked' })
    expect(accountOf('reused')).toMatchObject({
      displayName: 'A New Employee',
      externalAccountId: newcomer,
    })
    for (const name of ['disabled', 'room', 'moved', 'deleted', 'team']) {
      expect(changeOf(name)).toMatchObject({ action: 'reactivate', reason: 'back_in_scope' })
      expect(accountOf(name)?.active).toBe(true)
    }
    expect(accountOf('deleted')?.displayName).toBe('Back Again')
    expect(accountOf('team')?.delegates).toEqual([addressOf('steady0'), addressOf('steady1')])
    expect((await api.plan()).changes).toEqual([])
  })
})

describe('what is not known for certain is not absence', () => {
  /** A run that must fail before it writes anything. */
  async function failure(): Promise<RunWithChanges['run']['error']> {
    world.zivver.clearWrites()
    const rows = await world.rows('CloudSyncMappings')
    const { run, changes } = await api.apply()
    expect([run.status, changes, world.zivver.writes()]).toEqual(['failed', [], []])
    expect(await world.rows('CloudSyncMappings')).toEqual(rows)
    expect(run.report).toEqual({ email: 'sent' })
    return run.error
  }

  test('story 2: a mailbox that is missing from the listing, and that Get-Mailbox finds, ends the run', async () => {
    const { exchangeGuid, externalDirectoryObjectId } = small.get('steady3')
    const missing = small.get('steady3')
    tenant.mailboxes.delete(exchangeGuid)
    expect(await failure()).toEqual({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringContaining(externalDirectoryObjectId),
    })
    tenant.mailboxes.set(exchangeGuid, missing)
  })

  test('story 2: an empty list of mailboxes ends the run, and nothing is written', async () => {
    const all = [...tenant.mailboxes]
    tenant.mailboxes.clear()
    expect(await failure()).toMatchObject({ code: 'SOURCE_EMPTY' })
    for (const [guid, one] of all) tenant.mailboxes.set(guid, one)
  })

  test('a list of Zivver that does not match its own total', async () => {
    world.zivver.setOptions({ missingFromLists: 1 })
    expect(await failure()).toMatchObject({ code: 'TARGET_INCOMPLETE' })
    world.zivver.setOptions({ totalResults: 'absent' })
    // Without a total: a mapped account that the list lacks is found by its id.
    expect(await failure()).toMatchObject({ code: 'TARGET_INCOMPLETE' })
    world.zivver.setOptions({ missingFromLists: 0 })
    const { warnings } = await api.sync()
    expect(warnings.map(({ code }) => code)).toContain('TARGET_TOTAL_MISSING')
    world.zivver.setOptions({ totalResults: 'right' })
  })

  test('story 16: an account that is really gone from Zivver is created again', async () => {
    state().remove(scimIds.get('steady4') ?? '')
    const { changes } = await api.apply()
    const address = addressOf('steady4')
    expect(changes).toMatchObject([{ action: 'create', address, status: 'applied' }])
    const rows = await world.rows('CloudSyncMappings')
    const { externalDirectoryObjectId: rowKey } = small.get('steady4')
    const scimId = state().ownerOf(address)?.id
    expect(rows.filter((row) => row['address'] === address)).toMatchObject([{ rowKey, scimId }])
  })

  test('a Zivver that knows fewer than half of the mapped accounts', async () => {
    for (const { id } of state().views().slice(0, 20)) state().remove(id)
    expect(await failure()).toMatchObject({ code: 'TARGET_MISMATCH' })
  })
})
