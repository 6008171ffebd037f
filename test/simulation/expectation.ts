import type { Expected } from '../oracle/model.ts'
import { expectedFinalState } from '../oracle/oracle.ts'
import type { SimWorld } from './sim-world.ts'

/** What a sync that begins now must leave, by the oracle. */
export function expectedOf(world: SimWorld, guests: readonly string[]): Expected {
  const { settings } = world
  return expectedFinalState({
    tenant: world.tenant.tenant.toJSON(),
    accounts: world.zivver.accounts(),
    rows: [...world.shared.mappings.values()],
    settings: {
      includedDomains: settings.includedDomains,
      ssoAccountKey: settings.ssoAccountKey,
      sourceFilter: settings.sourceFilter,
      nestedGroups: settings.nestedGroups,
      targetFilter: [],
      notPermitted: [],
      reactivate: settings.reactivate,
      delegates: settings.delegates,
      writeIdentifiers: settings.writeIdentifiers,
    },
    flags: { resetAccountMapping: false, relink: [] },
    upstream: {
      guests,
      outsideOrganization: [],
      unreadableMailboxes: [],
      readsHiddenMembers: true,
    },
  })
}
