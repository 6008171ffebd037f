import { createHash } from 'node:crypto'
import type { Settings } from '../config.ts'
import type { Run } from '../model/run.ts'

/**
 * SHA-256 over the settings that decide scope, wish and guard, as hex; the order within lists does not matter. A run
 * pins it: a later slice that sees another one ends the run (contract, section 9). The services and the key belong
 * to it, because a plan made for one organisation must not be applied to another; for scheduled runs so does
 * `PERFORM_SYNC`, so that switching it off stops a scheduled sync.
 */
export function settingsDigest(settings: Settings, run: Pick<Run, 'trigger'>): string {
  const decisive = {
    tenantId: settings.tenantId,
    exchangeUrl: settings.exchangeUrl,
    graphUrl: settings.graphUrl,
    zivverApiUrl: settings.zivverApiUrl,
    zivverApiKey: settings.zivverApiKey,
    includedDomains: settings.includedDomains.toSorted(),
    sourceFilter: settings.sourceFilter.toSorted(),
    nestedGroups: settings.nestedGroups,
    targetAddresses: settings.targetFilter.addresses.toSorted(),
    targetDomains: settings.targetFilter.domains.toSorted(),
    ssoAccountKey: settings.ssoAccountKey,
    actions: settings.actions.toSorted(),
    reactivate: settings.reactivate,
    delegates: settings.delegates,
    userDelegationMaxAgeHours: settings.userDelegationMaxAgeHours,
    writeIdentifiers: settings.writeIdentifiers,
    largeSyncPercent: settings.largeSyncPercent,
    performSync: run.trigger === 'schedule' ? settings.performSync : null,
  }
  return createHash('sha256').update(JSON.stringify(decisive)).digest('hex')
}
