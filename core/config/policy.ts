import type { Settings } from '../config.ts'
import type { Policy } from '../model/plan.ts'
import type { RunFlags } from '../model/run.ts'

/**
 * The policy of one run: the settings and flags that planning may see.
 * @param run its id, and the moment of planning (ISO 8601 UTC)
 */
export function policyOf(
  settings: Settings,
  flags: Pick<RunFlags, 'reset_account_mapping' | 'relink'>,
  run: Pick<Policy, 'now' | 'runId'>,
): Policy {
  return {
    tenantId: settings.tenantId,
    includedDomains: new Set(settings.includedDomains),
    ssoAccountKey: settings.ssoAccountKey,
    targetFilter: {
      addresses: new Set(settings.targetFilter.addresses),
      domains: new Set(settings.targetFilter.domains),
    },
    actions: new Set(settings.actions),
    reactivate: settings.reactivate,
    delegates: settings.delegates,
    writeIdentifiers: settings.writeIdentifiers,
    largeSyncPercent: settings.largeSyncPercent,
    resetAccountMapping: flags.reset_account_mapping,
    relink: new Set(flags.relink),
    now: run.now,
    runId: run.runId,
    retentionDays: settings.retentionDays,
  }
}
