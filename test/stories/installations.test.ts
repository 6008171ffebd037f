import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../simulators/shared/random.ts'
import { Tenant } from '../simulators/tenant/tenant.ts'
import type { AccountView } from '../simulators/zivver/account.ts'
import type { Api, RunWithChanges } from '../system/api.ts'
import { addressOf, includedDomains, SmallTenant } from '../system/small-tenant.ts'
import { World } from '../system/world.ts'

const small = new SmallTenant().users('anna', 'bert', 'cleo').shared('info').grant('info', 'anna')
const stranger = 'stranger@fabrikam.example'
/** The last administrator of the Zivver organisation: no mailbox has this address. */
const admin = addressOf('admin')
let ours: World
let api: Api
let first: RunWithChanges
let theirs: World
let otherApi: Api

/** The same mailboxes in another tenant: each with identifiers of its own. */
function movedTenant(): Tenant {
  const random = createRandom(25)
  const data = small.tenant.toJSON()
  const mailboxes = data.mailboxes.map((mailbox) => ({
    ...mailbox,
    externalDirectoryObjectId: random.guid(),
    exchangeGuid: random.guid(),
    guid: random.guid(),
    permissions: [],
  }))
  return new Tenant({ ...data, tenantId: random.guid(), mailboxes, groups: [], objects: [] })
}

beforeAll(async () => {
  const accounts = [
    ...small.accounts(),
    { kind: 'user', address: admin, displayName: 'Admin' },
    { kind: 'user', address: addressOf('orphan'), displayName: 'Orphan' },
    { kind: 'user', address: stranger, displayName: 'Made by hand' },
  ] as const
  const env = { CLOUD_SYNC__TARGET_FILTER: admin }
  ours = await World.start({ tenant: small.tenant, includedDomains, accounts, env })
  api = await ours.startHost()
  first = await api.apply()
  const tenant = movedTenant()
  const sameZivver = { ...env, CLOUD_SYNC__ZIVVER_API_URL: ours.zivver.url }
  theirs = await World.start({ tenant, includedDomains, env: sameZivver })
  otherApi = await theirs.startHost()
})
afterAll(async () => {
  await ours[Symbol.asyncDispose]()
  await theirs[Symbol.asyncDispose]()
})

const accountAt = (address: string): AccountView => {
  const owner = ours.zivver.state.ownerOf(address)
  if (owner === undefined) throw new Error(`nobody has ${address}`)
  return ours.zivver.state.view(owner)
}
const changesAt = ({ changes }: RunWithChanges, address: string) =>
  changes.filter((change) => change.address === address)
const codes = ({ run }: RunWithChanges) => new Set(run.warnings.map(({ code }) => code))

test('story 13: the last administrator, who has no mailbox, stays; whoever is suspended for want of one is listed apart', () => {
  expect(changesAt(first, admin)).toEqual([])
  expect(accountAt(admin)).toMatchObject({ active: true, displayName: 'Admin' })
  // The filter does not make the organisation look smaller to the guard.
  expect(first.run.guard.total).toBe(7)
  expect(changesAt(first, addressOf('orphan'))).toMatchObject([
    { action: 'suspend', reason: 'no_mailbox', external_directory_object_id: null },
  ])
  const mail = ours.mail.outbox().at(-1)?.text ?? ''
  const [, apart = ''] = mail.split(/^.*Suspensions without a mailbox \(1\).*$/im)
  expect(apart.slice(0, 500)).toContain(addressOf('orphan'))
  expect(apart).not.toContain(admin)
})

test('story 14: an account that somebody made by hand, outside the claimed domains, is counted and never touched', async () => {
  const again = await api.apply()
  for (const run of [first, again]) {
    expect(changesAt(run, stranger)).toEqual([])
    // The protected administrator is none of ours either.
    expect(run.run.counts.unmanaged).toBe(2)
  }
  expect(accountAt(stranger)).toMatchObject({ active: true, displayName: 'Made by hand' })
})

test('story 25: a second installation on one organisation leaves the accounts of the first alone, and says why', async () => {
  const before = ours.zivver.state.views()
  ours.zivver.clearWrites()
  const second = await otherApi.apply()
  expect([second.changes, ours.zivver.writes()]).toEqual([[], []])
  expect(codes(second)).toEqual(new Set(['LINKED_ELSEWHERE', 'ADDRESS_REUSED']))
  expect(ours.zivver.state.views()).toEqual(before)
  expect((await api.apply()).changes).toEqual([])
}, 60_000)

test('story 11: mailboxes that moved to another tenant, all with new ids, get their accounts back by one reset, and nobody is suspended', async () => {
  const ids = small.accounts().map(({ address }) => accountAt(address).id)
  const moved = await otherApi.apply({ reset_account_mapping: true })
  expect(moved.run.status).toBe('succeeded')
  expect(moved.run.counts).toMatchObject({
    create: { planned: 0 },
    suspend: { planned: 0 },
    update: { applied: 4 },
  })
  for (const [at, { address }] of small.accounts().entries()) {
    const mailbox = theirs.microsoft365.tenant.mailbox(address)
    expect(accountAt(address)).toMatchObject({
      id: ids[at],
      active: true,
      externalAccountId: mailbox.externalDirectoryObjectId,
    })
  }
  expect((await otherApi.plan()).changes).toEqual([])
}, 60_000)
