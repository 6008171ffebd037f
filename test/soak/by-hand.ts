/** What happens between two runs: in the tenant, and by hand in Zivver and in the mapping table. */
import type { Simulator } from '../bench/world/simulator.ts'
import type { OracleRow } from '../oracle/model.ts'
import { applyHandEdits, odditiesByHand } from '../properties/hand-edits.ts'
import type { Random } from '../simulators/shared/random.ts'
import type { TenantData } from '../simulators/tenant/model.ts'
import type { Mutation } from '../simulators/tenant/random-mutations.ts'
import { Tenant } from '../simulators/tenant/tenant.ts'
import type { Account, AccountEdit, AccountView } from '../simulators/zivver/account.ts'
import { Organisation } from '../simulators/zivver/organisation.ts'
import type { MappingTable } from './mapping-table.ts'

interface HandsOn {
  readonly services: Readonly<Record<'microsoft365' | 'zivver', Simulator<object>>>
  readonly table: MappingTable
  accounts(): Promise<readonly AccountView[]>
  tenant(): Promise<TenantData>
}

/** Lets some things happen. @returns them, in words */
export async function changeByHand(
  world: HandsOn,
  random: Random,
  count: number,
): Promise<readonly string[]> {
  const seed = random.integer(1, 2 ** 30)
  const answer = await world.services.microsoft365.act('mutate', { seed, count })
  const { mutations } = answer as { readonly mutations: readonly Mutation[] }
  const [tenant, accounts, rows] = await Promise.all([
    world.tenant(),
    world.accounts(),
    world.table.rows(),
  ])
  const hands = new RecordedOrganisation(accounts)
  applyHandEdits(hands, mutations)
  const edited = new Map<string, OracleRow>(rows.map((row) => [row.key, row]))
  const reach = {
    tenant: new Tenant(structuredClone(tenant)),
    zivver: { organisation: hands },
    mappings: { rows: edited },
  }
  const oddities = odditiesByHand(reach, random)
  for (const { action, ...input } of hands.done) await world.services.zivver.act(action, input)
  await world.table.change(rows, [...edited.values()])
  return [...mutations.map(({ text }) => text), ...oddities]
}

type Deed =
  | { readonly action: 'edit'; readonly id: string; readonly change: AccountEdit }
  | { readonly action: 'remove'; readonly id: string }

/** A copy of the accounts, edited here, that remembers what is to be done to the real ones. */
class RecordedOrganisation extends Organisation {
  readonly done: Deed[] = []

  constructor(accounts: readonly AccountView[]) {
    super()
    this.seed(accounts)
    this.done.length = 0
  }

  override edit(id: string, change: AccountEdit): Account {
    const edited = super.edit(id, change)
    this.done.push({ action: 'edit', id, change })
    return edited
  }

  override remove(id: string): void {
    super.remove(id)
    this.done.push({ action: 'remove', id })
  }
}
