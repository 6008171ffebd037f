import { byText } from '../model/address.ts'
import { type Action, type Change, type FieldPath, fieldPaths } from '../model/change.ts'
import type { RunRecord } from '../model/run.ts'
import { lastInStep } from './filter-shift.ts'

/** Actions as an administrator wants to read them: what takes access away first. */
export const actionOrder = [
  'suspend',
  'create',
  'reactivate',
  'update',
  'link',
] as const satisfies readonly Action[]

/** Changes of one action that have one cause: the reason, and for plain differences the fields that differ. */
export interface Cause {
  readonly action: Action
  readonly reason: string
  /** Sorted; empty where the reason alone says it. */
  readonly paths: readonly FieldPath[]
  readonly count: number
  /** All changes of the action. */
  readonly total: number
}

/** What groups a change: its action, reason, and for an update that only brings differences their fields. */
export function causePaths(change: Pick<Change, 'reason' | 'fields'>): readonly FieldPath[] {
  if (change.reason !== 'differs') return []
  const paths = new Set<FieldPath>(change.fields.map(({ path }) => path))
  // The SSO key rides along with any write of the extension; it is never a difference by itself.
  if (paths.size > 1) paths.delete('SsoAccountKey')
  return fieldPaths.filter((path) => paths.has(path))
}

/** The causes of a plan, by action, most frequent first. */
export function causesOf(changes: readonly Change[]): Cause[] {
  const causes = new Map<string, { cause: Omit<Cause, 'total'>; count: number }>()
  const totals = new Map<Action, number>()
  for (const change of changes) {
    const { action, reason } = change
    const paths = causePaths(change)
    const key = [action, reason, ...paths].join(' ')
    const known = causes.get(key)
    if (known === undefined)
      causes.set(key, { cause: { action, reason, paths, count: 0 }, count: 1 })
    else known.count += 1
    totals.set(action, (totals.get(action) ?? 0) + 1)
  }
  return [...causes.values()]
    .map(({ cause, count }) => ({ ...cause, count, total: totals.get(cause.action) ?? count }))
    .sort(byWeight)
}

function byWeight(left: Cause, right: Cause): number {
  return (
    actionOrder.indexOf(left.action) - actionOrder.indexOf(right.action) ||
    right.count - left.count ||
    byText(left.reason + left.paths.join(), right.reason + right.paths.join())
  )
}

/** A reason for which far more mailboxes are out of scope than when Zivver was last brought into step. */
export interface ScopeGrowth {
  readonly reason: string
  readonly before: number
  readonly now: number
  readonly since: Date
}

/** Where the scope shrank: the likely root of many suspensions. Nothing without a successful run to compare with. */
export function scopeGrowth(run: RunRecord, history: readonly RunRecord[]): ScopeGrowth[] {
  const earlier = lastInStep(history)
  if (earlier === undefined || !run.planStored) return []
  const since = new Date(earlier.requested_at)
  return Object.entries(run.out_of_scope)
    .map(([reason, now]) => ({ reason, before: earlier.out_of_scope[reason] ?? 0, now, since }))
    .filter(({ before, now }) => now - before >= 10 && now >= 1.2 * before)
    .sort((left, right) => right.now - right.before - (left.now - left.before))
}

/** Suspensions of accounts that were never linked to a mailbox: the contract wants them listed apart. */
export function suspendedWithoutMailbox(changes: readonly Change[]): Change[] {
  return changes.filter(({ action, identifier }) => action === 'suspend' && identifier === null)
}

/** On how many existing accounts the plan writes the SSO account key. */
export function ssoKeysOnExisting(changes: readonly Change[]): number {
  return changes.filter(
    ({ action, status, fields }) =>
      action !== 'create' &&
      status !== 'deferred' &&
      fields.some(({ path }) => path === 'SsoAccountKey'),
  ).length
}
