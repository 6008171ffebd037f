import { evaluateGuard } from '../guard/guard.ts'
import { byText } from '../model/address.ts'
import { type Action, actions, type Change } from '../model/change.ts'
import type { Delegation } from '../model/mailbox.ts'
import type { Plan, Policy, Snapshot } from '../model/plan.ts'
import type { ActionCounts, RunCounts } from '../model/run.ts'
import type { Warning } from '../model/warning.ts'
import { summarise } from '../source/scope.ts'
import { correlate } from './correlate.ts'
import { compareDelegates, type DelegateAvailability, delegateAvailability } from './delegates.ts'
import { delegationWarnings } from './delegation-warnings.ts'
import { type DirectoryIndex, indexDirectory } from './directory-index.ts'
import { type Draft, draftOfWish } from './drafts.ts'
import { planLeftovers } from './leftovers.ts'
import { orderChanges } from './order.ts'
import { type Ownership, settleOwnership } from './ownership.ts'
import { keepWrittenRows, planUpkeep } from './upkeep.ts'
import { wishesOf } from './wishes.ts'

/**
 * The plan, computed whole before the first write: scope → correlate → wishes → ownership → differences → order.
 * Pure and deterministic: the same snapshot in any order gives the same plan.
 */
export function buildPlan(snapshot: Snapshot, policy: Policy): Plan {
  const scope = summarise(snapshot.mailboxes, {
    includedDomains: policy.includedDomains,
    filterMembers: snapshot.filterMembers,
  })
  const index = indexDirectory(snapshot, scope.inScope, policy)
  const correlation = correlate(snapshot, index, policy)
  const wishes = wishesOf(correlation, policy)
  const ownership = settleOwnership(wishes.wishes, index, policy)
  const availability = delegateAvailability(wishes, ownership.refused, correlation, index)
  const wished = draftWishes(snapshot, index, ownership, availability, policy)
  const leftovers = planLeftovers(correlation, index, policy)
  const drafts = keepWrittenRows([...wished.drafts, ...leftovers.drafts])
  const changes = orderChanges(drafts)
  const ssoKeysOnExisting = changes.filter(writesKeyOnExisting).length
  return {
    changes,
    counts: {
      ...countChanges(changes),
      unchanged: wished.unchanged + leftovers.unchanged,
      skipped:
        correlation.freezer.size +
        wishes.byHand.length +
        [...ownership.refused].reduce((sum, wish) => sum + (wish.account === null ? 1 : 2), 0),
      unmanaged: leftovers.unmanaged + wishes.protectedPairs.length,
    },
    outOfScope: scope.outOfScope,
    mailboxTypes: scope.mailboxTypes,
    warnings: sortWarnings([
      ...snapshot.warnings,
      ...scope.warnings,
      ...correlation.freezer.warnings,
      ...wishes.warnings,
      ...ownership.warnings,
      ...leftovers.warnings,
      ...delegationWarnings(snapshot, index),
      ...ssoKeyWarning(ssoKeysOnExisting),
    ]),
    guard: evaluateGuard(changes, snapshot.accounts, policy.largeSyncPercent),
    ssoKeysOnExisting,
    upkeep: planUpkeep(snapshot, index, drafts, policy),
  }
}

function draftWishes(
  snapshot: Snapshot,
  index: DirectoryIndex,
  ownership: Ownership,
  availability: DelegateAvailability,
  policy: Policy,
): { drafts: Draft[]; unchanged: number } {
  const drafts: Draft[] = []
  let unchanged = 0
  for (const granted of ownership.granted) {
    const { account, desired } = granted.wish
    const delegates = compareDelegates(
      account,
      delegationOf(snapshot, desired.identifier),
      availability,
      ownership.ownerOf,
      index.accountById,
    )
    const draft = draftOfWish(granted, delegates, policy)
    if (draft === null) unchanged += 1
    else drafts.push(draft)
  }
  return { drafts, unchanged }
}

const notRead: Delegation = {
  delegates: [],
  unknown: ['its permissions were not read'],
  dropped: [],
}

function delegationOf(snapshot: Snapshot, identifier: string): Delegation | undefined {
  if (snapshot.delegations === null) return undefined
  return snapshot.delegations.get(identifier) ?? notRead
}

/** Counts by action and status. `planned` counts every change of the plan, deferred ones included. */
export function countChanges(changes: Iterable<Change>): Record<Action, ActionCounts> {
  const counts = Object.fromEntries(
    actions.map((action) => [action, { planned: 0, applied: 0, failed: 0, deferred: 0 }]),
  ) as Record<Action, { planned: number; applied: number; failed: number; deferred: number }>
  for (const { action, status } of changes) {
    counts[action].planned += 1
    if (status !== 'planned') counts[action][status] += 1
  }
  return counts
}

/** The counts of a run whose changes have these statuses now; what is no change stays as it was planned. */
export function withChanges(counts: RunCounts, changes: Iterable<Change>): RunCounts {
  return { ...counts, ...countChanges(changes) }
}

function writesKeyOnExisting(change: Change): boolean {
  return (
    change.status !== 'deferred' &&
    change.action !== 'create' &&
    change.fields.some((field) => field.path === 'SsoAccountKey')
  )
}

function ssoKeyWarning(count: number): Warning[] {
  if (count === 0) return []
  return [
    {
      code: 'SSO_KEY_WRITTEN',
      message: `A sync of this plan writes the SSO account key on ${count} existing ${count === 1 ? 'account' : 'accounts'}`,
    },
  ]
}

function sortWarnings(warnings: readonly Warning[]): Warning[] {
  const unique = new Map(warnings.map((warning) => [JSON.stringify(warning), warning]))
  return [...unique.values()].sort(
    (left, right) =>
      byText(left.code, right.code) ||
      byText(left.address ?? '', right.address ?? '') ||
      byText(left.message, right.message),
  )
}
