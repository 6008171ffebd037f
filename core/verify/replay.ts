/** Makes the plan of a support bundle once more, and compares. */
import { sealComplete } from '../model/complete.ts'
import type { Plan, Policy, Snapshot } from '../model/plan.ts'
import { buildPlan } from '../plan/plan.ts'
import type { SupportBundle } from './bundle-schema.ts'
import { byKey, keyOf, plannedChange } from './support-bundle.ts'

export interface Replay {
  readonly plan: Plan
  /** Changes of the bundle that this version does not plan, one line each. */
  readonly missing: readonly string[]
  /** Changes that only this version plans. */
  readonly added: readonly string[]
}

export function replay(bundle: SupportBundle): Replay {
  const plan = buildPlan(snapshotOf(bundle), policyOf(bundle))
  const now = plan.changes.map((change) => plannedChange(change, null)).toSorted(byKey)
  const before = new Set(bundle.plan.map(keyOf))
  const after = new Set(now.map(keyOf))
  return {
    plan,
    missing: [...before].filter((line) => !after.has(line)),
    added: [...after].filter((line) => !before.has(line)),
  }
}

function snapshotOf({ snapshot }: SupportBundle): Snapshot {
  const { filterMembers, delegations } = snapshot
  return {
    mailboxes: sealComplete(snapshot.mailboxes),
    accounts: sealComplete(snapshot.accounts),
    mappings: sealComplete(snapshot.mappings),
    filterMembers: filterMembers && new Set(filterMembers),
    delegations:
      delegations && new Map(delegations.map(({ identifier, ...rest }) => [identifier, rest])),
    absentIdentifiers: new Set(snapshot.absentIdentifiers),
    goneScimIds: new Set(snapshot.goneScimIds),
    warnings: [],
  }
}

function policyOf({ policy }: SupportBundle): Policy {
  return {
    ...policy,
    includedDomains: new Set(policy.includedDomains),
    targetFilter: {
      addresses: new Set(policy.targetFilter.addresses),
      domains: new Set(policy.targetFilter.domains),
    },
    actions: new Set(policy.actions),
    relink: new Set(policy.relink),
  }
}
