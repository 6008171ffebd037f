import type { Random } from '../simulators/shared/random.ts'
import type { HandEdit, Mutation } from '../simulators/tenant/random-mutations.ts'
import type { Tenant } from '../simulators/tenant/tenant.ts'
import type { Account } from '../simulators/zivver/account.ts'
import type { Organisation } from '../simulators/zivver/organisation.ts'

/** What hands can reach: accounts, mailboxes, and the rows of the mapping table by their keys. */
export interface WithinReach {
  readonly tenant: Tenant
  readonly zivver: { readonly organisation: Organisation }
  readonly mappings: {
    readonly rows: Map<string, { readonly key: string; readonly scimId: string }>
  }
}

/** Does in Zivver what the mutations describe as done by hand there; where no account has the address, nothing. */
export function applyHandEdits(organisation: Organisation, mutations: readonly Mutation[]): void {
  for (const { handEdit } of mutations) {
    if (handEdit === undefined) continue
    const account = organisation.ownerOf(handEdit.address)
    if (account !== undefined) applyEdit(organisation, account, handEdit.edit)
  }
}

function applyEdit(organisation: Organisation, account: Account, edit: HandEdit['edit']): void {
  const { id, kind, aliases } = account
  switch (edit.kind) {
    case 'display_name':
      return void organisation.edit(id, { displayName: edit.displayName })
    case 'alias_added':
      return void organisation.edit(id, { aliases: [...aliases, edit.alias] })
    case 'aliases_cleared':
      return void organisation.edit(id, { aliases: [] })
    case 'suspended':
    case 'reactivated':
      // A functional account has no such switch.
      if (kind === 'user') organisation.edit(id, { active: edit.kind === 'reactivated' })
      return undefined
    case 'delegates_cleared':
      return void organisation.edit(id, { delegates: [] })
    case 'identifier_cleared':
      return void organisation.edit(id, { externalAccountId: null })
    case 'deleted':
      return organisation.remove(id)
  }
}

/** Things that go wrong by hand less often, in Zivver and in the table. @returns what was done, in words */
export function odditiesByHand(world: WithinReach, random: Random): readonly string[] {
  const chosen = Object.entries(oddities).filter(() => random.chance(0.06))
  return chosen.map(([name, apply]) => `by hand, ${name}: ${apply(world, random)}`)
}

const oddities: Readonly<Record<string, (world: WithinReach, random: Random) => string>> = {
  'another address': ({ zivver }, random) => {
    const account = anyAccount(zivver.organisation, random)
    const domain = random.pick(['contoso.example', 'fabrikam.example'])
    zivver.organisation.edit(account.id, { address: `moved${random.integer(1, 1e9)}@${domain}` })
    return account.address
  },
  'a delegate more': ({ zivver }, random) => {
    const account = anyAccount(zivver.organisation, random)
    const users = [...zivver.organisation.accounts.values()].filter(({ kind }) => kind === 'user')
    const delegates = [
      ...zivver.organisation.delegateAddresses(account),
      random.pick(users).address,
    ].filter((address) => address !== account.address)
    zivver.organisation.edit(account.id, { delegates: [...new Set(delegates)] })
    return account.address
  },
  'another identifier': ({ zivver, tenant }, random) => {
    const account = anyAccount(zivver.organisation, random)
    const mailbox = random.pick([...tenant.mailboxes.values()])
    const externalAccountId = random.pick([
      random.guid(),
      'employee 4711',
      mailbox.externalDirectoryObjectId || null,
      account.externalAccountId?.toUpperCase() ?? null,
    ])
    zivver.organisation.edit(account.id, { externalAccountId })
    return `${account.address} has ${externalAccountId}`
  },
  'a second row': ({ mappings, zivver }, random) => {
    const rows = [...mappings.rows.values()].filter(({ key }) => !key.startsWith('scim-'))
    if (rows.length === 0) return 'of nobody'
    const row = random.pick(rows)
    const { id: scimId } = anyAccount(zivver.organisation, random)
    const key = row.key.toUpperCase()
    if (scimId !== row.scimId) mappings.rows.set(key, { ...row, key, scimId })
    return `${key} names ${scimId}`
  },
  'the table lost': ({ mappings }, random) => {
    const isLost = random.chance(0.3)
    if (isLost) mappings.rows.clear()
    return isLost ? 'all rows' : 'not quite'
  },
  'a lost row': ({ mappings }, random) => {
    const keys = [...mappings.rows.keys()]
    if (keys.length === 0) return 'none'
    const key = random.pick(keys)
    mappings.rows.delete(key)
    return key
  },
}

function anyAccount({ accounts }: Organisation, random: Random): Account {
  return random.pick([...accounts.values()])
}
