import { createRandom } from '../shared/random.ts'
import { type BuildTenantOptions, buildContext } from './build-context.ts'
import { buildGroups, type FilterGroups } from './build-groups.ts'
import { buildMailboxes } from './build-mailboxes.ts'
import { buildPermissions } from './build-permissions.ts'
import { type SeedAccount, seedAccounts } from './seed-accounts.ts'
import { Tenant } from './tenant.ts'

export interface BuiltTenant {
  readonly tenant: Tenant
  readonly includedDomains: readonly string[]
  readonly filterGroups: FilterGroups
  /** What Zivver holds before the first run. */
  readonly accounts: readonly SeedAccount[]
}

/**
 * Builds a realistic Dutch and English tenant, of 20 to 100,000 mailboxes; the same options give the same tenant.
 * Mail addresses use the reserved domains contoso.example and fabrikam.example.
 */
export function buildTenant(options: BuildTenantOptions): BuiltTenant {
  const random = createRandom(options.seed)
  const tenant = new Tenant({
    tenantId: random.guid(),
    initialDomain: 'contoso.onmicrosoft.example',
    sidPrefix: `S-1-5-21-${random.integer(1e8, 4e9)}-${random.integer(1e8, 4e9)}-${random.integer(1e8, 4e9)}`,
  })
  // Each part draws from a generator of its own: a change in one leaves the others as they were.
  const part = (label: string) => ({ ...context, random: random.fork(label) })
  const context = buildContext(tenant, random, options)
  const mailboxes = buildMailboxes(part('mailboxes'))
  const groups = buildGroups(part('groups'), mailboxes)
  buildPermissions(part('permissions'), mailboxes, groups)
  const accounts = seedAccounts(part('accounts'), mailboxes)
  const { includedDomains } = context.options
  return { tenant, includedDomains, filterGroups: groups.filters, accounts }
}
