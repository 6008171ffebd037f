import { describe, expect, test } from 'vitest'
import { createRandom } from '../shared/random.ts'
import { buildTenant } from './build-tenant.ts'
import { grantFullAccess, revokeFullAccess } from './group-mutations.ts'
import {
  aliasesOf,
  chainAddresses,
  convertMailbox,
  deleteMailbox,
  moveAlias,
  recreateMailbox,
  renameMailbox,
  restoreMailbox,
  swapAddresses,
} from './mailbox-mutations.ts'
import type { TenantMailbox } from './model.ts'
import { randomMutations } from './random-mutations.ts'
import { smtpAddresses, Tenant } from './tenant.ts'

const cleanTenant = () => buildTenant({ seed: 5, mailboxes: 20, awkward: 0 })
const users = (tenant: Tenant) =>
  [...tenant.mailboxes.values()].filter((mailbox) => mailbox.recipientTypeDetails === 'UserMailbox')

function firstUsers(tenant: Tenant): [TenantMailbox, TenantMailbox, TenantMailbox] {
  const [first, second, third] = users(tenant)
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('too small')
  return [first, second, third]
}

function everyAddress(tenant: Tenant): string[] {
  const proxies = [...tenant.mailboxes.values()].flatMap((mailbox) => mailbox.emailAddresses)
  return smtpAddresses(proxies)
}

describe('the builder', () => {
  test('gives the same tenant for the same seed, and another for another seed', () => {
    const build = (seed: number) => JSON.stringify(buildTenant({ seed, mailboxes: 60 }))
    expect(build(1)).toBe(build(1))
    expect(build(1)).not.toBe(build(2))
  })

  test.each([20, 57, 1000])('makes exactly %i mailboxes, every address once', (mailboxes) => {
    const { tenant, accounts } = buildTenant({ seed: mailboxes, mailboxes })
    expect(tenant.mailboxes.size).toBe(mailboxes)
    const addresses = everyAddress(tenant)
    expect(new Set(addresses).size).toBe(addresses.length)
    const claimed = accounts.flatMap(({ address, aliases }) => [address, ...aliases])
    expect(new Set(claimed.map((address) => address.toLowerCase())).size).toBe(claimed.length)
  })

  test('shows every awkward case from 100 mailboxes on', () => {
    const { tenant, accounts, filterGroups } = buildTenant({ seed: 3, mailboxes: 400 })
    const mailboxes = [...tenant.mailboxes.values()]
    const groups = [...tenant.groups.values()]
    const permissions = mailboxes.flatMap((mailbox) => mailbox.permissions)
    const names = [...groups, ...mailboxes].map(({ displayName }) => displayName).filter(Boolean)
    const namesOfGroups = groups.map((group) => group.displayName)
    const isCyclic = groups.some((group) =>
      group.members.some((id) => tenant.groups.get(id)?.members.includes(group.id)),
    )
    const proxies = mailboxes.flatMap((mailbox) => mailbox.emailAddresses).join(' ')
    const types = new Set(mailboxes.map((mailbox) => mailbox.recipientTypeDetails))
    expect({
      types: [...types].sort((left, right) => left.localeCompare(right)),
      noIdentifier: mailboxes.some((mailbox) => mailbox.externalDirectoryObjectId === ''),
      disabledUser: users(tenant).some((mailbox) => mailbox.accountDisabled),
      emptyName: mailboxes.some((mailbox) => mailbox.displayName === ''),
      mixedCase: mailboxes.some((mailbox) => /^[A-Z].*@Contoso/.test(mailbox.primarySmtpAddress)),
      notIncluded: mailboxes.some((mailbox) =>
        mailbox.primarySmtpAddress.endsWith('@fabrikam.example'),
      ),
      proxies: ['onmicrosoft.example', 'SIP:', 'SPO:', 'X500:'].every((part) =>
        proxies.includes(part),
      ),
      orphan: permissions.some(
        ({ trustee }) => 'user' in trustee && trustee.user.startsWith('S-1-5-21-'),
      ),
      deny: permissions.some((entry) => entry.deny && !entry.isInherited),
      inherited: permissions.some((entry) => entry.isInherited),
      groupTrustee: permissions.some(
        ({ trustee }) => 'id' in trustee && tenant.groups.has(trustee.id),
      ),
      namesakes: namesOfGroups.some((name) => names.filter((other) => other === name).length > 1),
      nested: groups.some((group) => group.members.some((id) => tenant.groups.has(id))),
      isCyclic,
      filterKinds: Object.values(filterGroups).every((id) => tenant.groups.has(id)),
      accounts: new Set(accounts.map((account) => account.why)).size,
    }).toEqual({
      types: [
        'DiscoveryMailbox',
        'EquipmentMailbox',
        'RoomMailbox',
        'SchedulingMailbox',
        'SharedMailbox',
        'UserMailbox',
      ],
      noIdentifier: true,
      disabledUser: true,
      emptyName: true,
      mixedCase: true,
      notIncluded: true,
      proxies: true,
      orphan: true,
      deny: true,
      inherited: true,
      groupTrustee: true,
      namesakes: true,
      nested: true,
      isCyclic: true,
      filterKinds: true,
      accounts: 10,
    })
  })

  test('without awkward cases every mailbox is plainly in scope, and exactly as many are shared as asked', () => {
    const { tenant, accounts } = buildTenant({
      seed: 1,
      mailboxes: 200,
      shared: 30,
      awkward: 0,
      existingAccounts: 0,
    })
    const mailboxes = [...tenant.mailboxes.values()]
    const shared = mailboxes.filter((mailbox) => mailbox.recipientTypeDetails === 'SharedMailbox')
    expect([shared.length, users(tenant).length, accounts.length]).toEqual([30, 170, 0])
    expect(
      mailboxes.filter(
        (mailbox) => !/@(mail\.)?contoso\.example$/.test(mailbox.primarySmtpAddress),
      ),
    ).toEqual([])
    expect(users(tenant).filter((mailbox) => mailbox.accountDisabled)).toEqual([])
  })

  test('builds 100,000 mailboxes in seconds', () => {
    const started = performance.now()
    const { tenant } = buildTenant({ seed: 9, mailboxes: 100_000 })
    expect(tenant.mailboxes.size).toBe(100_000)
    expect(performance.now() - started).toBeLessThan(15_000)
  }, 30_000)

  test('a tenant survives its way through JSON', () => {
    const { tenant } = buildTenant({ seed: 4, mailboxes: 50 })
    const again = new Tenant(JSON.parse(JSON.stringify(tenant)))
    expect(again.toJSON()).toEqual(tenant.toJSON())
    const [user] = firstUsers(again)
    expect(again.mailbox(user.primarySmtpAddress)).toBe(user)
  })
})

describe('mutations', () => {
  test('a rename keeps the old address as an alias; the mailbox answers to both', () => {
    const { tenant } = cleanTenant()
    const [anna] = firstUsers(tenant)
    const before = anna.primarySmtpAddress
    renameMailbox(tenant, anna, 'anna.new@contoso.example')
    expect(aliasesOf(anna)).toContain(before)
    expect(anna.emailAddresses).toContain('SMTP:anna.new@contoso.example')
    expect([tenant.mailbox(before), tenant.mailbox('Anna.New@contoso.example')]).toEqual([
      anna,
      anna,
    ])
    renameMailbox(tenant, anna, 'anna.last@contoso.example', { keepOldAsAlias: false })
    expect(tenant.findRecipients(before)).toEqual([])
  })

  test('swaps and chains move primary addresses and leave every address with one owner', () => {
    const { tenant } = cleanTenant()
    const [one, two, three] = firstUsers(tenant)
    const [first, second, third] = [one, two, three].map((mailbox) => mailbox.primarySmtpAddress)
    swapAddresses(tenant, one, two)
    expect([one.primarySmtpAddress, two.primarySmtpAddress]).toEqual([second, first])
    chainAddresses(tenant, [one, two, three], 'free@contoso.example')
    expect([one, two, three].map((mailbox) => mailbox.primarySmtpAddress)).toEqual([
      'free@contoso.example',
      second,
      first,
    ])
    expect(tenant.findRecipients(String(third))).toEqual([])
    const addresses = everyAddress(tenant)
    expect(new Set(addresses).size).toBe(addresses.length)
  })

  test('an alias passes from one mailbox to the other', () => {
    const { tenant } = cleanTenant()
    const [one, two] = firstUsers(tenant)
    renameMailbox(tenant, one, 'one@contoso.example')
    const alias = String(aliasesOf(one)[0])
    moveAlias(tenant, one, two, alias)
    expect([aliasesOf(one).includes(alias), aliasesOf(two).includes(alias)]).toEqual([false, true])
    expect(tenant.mailbox(alias)).toBe(two)
  })

  test('a deleted user leaves its groups; restored, it has its identifier again', () => {
    const { tenant, filterGroups } = cleanTenant()
    const [one] = firstUsers(tenant)
    const id = one.externalDirectoryObjectId
    const group = tenant.group(filterGroups.security)
    if (!group.members.includes(id)) group.members.push(id)
    deleteMailbox(tenant, one)
    expect([tenant.mailboxOf(id), group.members.includes(id)]).toEqual([undefined, false])
    restoreMailbox(tenant, one)
    expect(tenant.mailboxOf(id)).toBe(one)
    deleteMailbox(tenant, one, { keepUser: true })
    expect(tenant.objects.get(id)).toMatchObject({ type: 'user', mail: null })
  })

  test('a mailbox made again has the same addresses and other ids', () => {
    const { tenant } = cleanTenant()
    const [one] = firstUsers(tenant)
    const again = recreateMailbox(tenant, one, createRandom(1))
    expect(again.emailAddresses).toEqual(one.emailAddresses)
    expect(again.externalDirectoryObjectId).not.toBe(one.externalDirectoryObjectId)
    expect(tenant.mailbox(one.primarySmtpAddress)).toBe(again)
  })

  test('a converted mailbox keeps its identity; a shared one is a disabled account', () => {
    const { tenant } = cleanTenant()
    const [one] = firstUsers(tenant)
    convertMailbox(tenant, one, 'SharedMailbox')
    expect(one).toMatchObject({ recipientTypeDetails: 'SharedMailbox', accountDisabled: true })
    expect(tenant.mailboxOf(one.externalDirectoryObjectId)).toBe(one)
  })

  test('Full Access is given and taken; inherited entries stay', () => {
    const { tenant } = cleanTenant()
    const [one, two] = firstUsers(tenant)
    one.permissions = []
    grantFullAccess(tenant, one, two.externalDirectoryObjectId)
    grantFullAccess(tenant, one, two.externalDirectoryObjectId, { isInherited: true })
    revokeFullAccess(one, two.externalDirectoryObjectId)
    expect(one.permissions).toMatchObject([{ isInherited: true, trustee: { rid: two.rid } }])
    expect(() => grantFullAccess(tenant, one, 'nobody')).toThrow(
      'nobody is no object of the tenant',
    )
  })

  test('random ones repeat for the same seed, cover every kind, and never give an address to two', () => {
    const run = () => {
      const { tenant } = buildTenant({ seed: 8, mailboxes: 60 })
      const done = randomMutations(tenant, createRandom(2), 300)
      return { done, tenant }
    }
    const { done, tenant } = run()
    expect(run().done).toEqual(done)
    expect(done).toHaveLength(300)
    expect(new Set(done.map((mutation) => mutation.kind)).size).toBe(19)
    const primaries = [...tenant.mailboxes.values()].map((mailbox) => mailbox.primarySmtpAddress)
    expect(new Set(primaries.map((address) => address.toLowerCase())).size).toBe(primaries.length)
    const addresses = everyAddress(tenant)
    expect(new Set(addresses).size).toBe(addresses.length)
    const strangers = [...tenant.mailboxes.values()].filter(
      ({ userPrincipalName }) => tenant.findRecipients(userPrincipalName).length > 1,
    )
    expect(strangers).toEqual([])
  })
})
