import { parseSettings, type Settings } from '../../core/config.ts'
import { actions } from '../../core/model/change.ts'
import type { OracleSettings, Upstream } from '../oracle/model.ts'
import type { Random } from '../simulators/shared/random.ts'
import type { BuiltTenant } from '../simulators/tenant/build-tenant.ts'
import type { Tenant } from '../simulators/tenant/tenant.ts'

/** The settings of one case, as the oracle reads them, and what only the upstreams know. */
export interface Circumstances {
  readonly settings: OracleSettings
  readonly upstream: Upstream
}

/** Draws the settings of a case: most are ordinary, and every setting is turned now and then. */
export function drawCircumstances(random: Random, built: BuiltTenant): Circumstances {
  const seldom = <T>(share: number, some: T, usual: T): T => (random.chance(share) ? some : usual)
  const { security, dynamicSecurity, mailEnabledSecurity, nestedOnly } = built.filterGroups
  const { settings: usual } = ordinary(built)
  return {
    settings: {
      ...usual,
      ssoAccountKey: seldom(0.3, 'omit', 'object_id'),
      sourceFilter: seldom(
        0.15,
        random.pick([[security], [security, dynamicSecurity], [mailEnabledSecurity, nestedOnly]]),
        [],
      ),
      nestedGroups: random.chance(0.3),
      targetFilter: seldom(0.3, someAddresses(random, built), []),
      notPermitted: seldom(0.15, [random.pick(['create', 'suspend', 'reactivate'] as const)], []),
      reactivate: seldom(0.2, 'all', 'ours'),
      delegates: random.chance(0.9),
      writeIdentifiers: random.chance(0.85),
    },
    upstream: {
      guests: seldom(0.3, random.sample(includedAliases(built), 1), []),
      outsideOrganization: seldom(0.1, random.sample(addressesWithoutAccount(built), 2), []),
      unreadableMailboxes: seldom(0.2, random.sample(identifiers(built.tenant), 2), []),
      readsHiddenMembers: random.chance(0.5),
    },
  }
}

function ordinary({ includedDomains }: BuiltTenant): Circumstances {
  return {
    settings: {
      includedDomains,
      ssoAccountKey: 'object_id',
      sourceFilter: [],
      nestedGroups: false,
      targetFilter: [],
      notPermitted: [],
      reactivate: 'ours',
      delegates: true,
      writeIdentifiers: true,
    },
    upstream: {
      guests: [],
      outsideOrganization: [],
      unreadableMailboxes: [],
      readsHiddenMembers: true,
    },
  }
}

/** Some addresses of mailboxes and accounts, and sometimes a whole domain. */
function someAddresses(random: Random, { tenant, accounts, includedDomains }: BuiltTenant) {
  const mailboxes = [...tenant.mailboxes.values()].map((each) => each.primarySmtpAddress)
  const chosen = random.sample([...mailboxes, ...accounts.map(({ address }) => address)], 3)
  const [, second] = includedDomains
  return second !== undefined && random.chance(0.2) ? [...chosen, second] : chosen
}

function addressesWithoutAccount({ tenant, accounts }: BuiltTenant): readonly string[] {
  const theirs = accounts.flatMap(({ address, aliases }) => [address, ...aliases])
  const taken = new Set(theirs.map((address) => address.toLowerCase()))
  const primaries = [...tenant.mailboxes.values()].map((each) => each.primarySmtpAddress)
  return primaries.filter((address) => !taken.has(address.toLowerCase()))
}

function includedAliases({ tenant, includedDomains }: BuiltTenant): readonly string[] {
  const proxies = [...tenant.mailboxes.values()].flatMap((each) => each.emailAddresses)
  const aliases = proxies
    .filter((proxy) => proxy.startsWith('smtp:'))
    .map((proxy) => proxy.slice(5))
  return aliases.filter((alias) => includedDomains.includes(alias.split('@')[1] ?? ''))
}

function identifiers(tenant: Tenant): readonly string[] {
  const ids = [...tenant.mailboxes.values()].map((each) => each.externalDirectoryObjectId)
  return ids.filter((id) => id !== '')
}

/** The same settings as an administrator gives them. */
export function environmentOf(settings: OracleSettings): Readonly<Record<string, string>> {
  const list = (items: readonly string[]) => items.join(', ')
  return {
    CLOUD_SYNC__INCLUDED_DOMAINS: list(settings.includedDomains),
    CLOUD_SYNC__SSO_ACCOUNT_KEY: settings.ssoAccountKey,
    CLOUD_SYNC__SOURCE_FILTER: list(settings.sourceFilter),
    CLOUD_SYNC__NESTED_GROUPS: String(settings.nestedGroups),
    CLOUD_SYNC__TARGET_FILTER: list(settings.targetFilter),
    CLOUD_SYNC__ACTIONS: list(
      actions.filter((action) => !settings.notPermitted.some((other) => other === action)),
    ),
    CLOUD_SYNC__REACTIVATE: settings.reactivate,
    CLOUD_SYNC__DELEGATES: String(settings.delegates),
    CLOUD_SYNC__WRITE_IDENTIFIERS: String(settings.writeIdentifiers),
  }
}

/** @throws Error when the settings are not valid */
export function settingsOf(settings: OracleSettings, tenantId: string): Settings {
  const parsed = parseSettings({
    CLOUD_SYNC__TENANT_ID: tenantId,
    CLOUD_SYNC__ZIVVER_API_KEY: 'in-process',
    ...environmentOf(settings),
  })
  if (!parsed.ok) throw new Error(parsed.faults.map(({ message }) => message).join('; '))
  return parsed.settings
}
