import { byText } from '../model/address.ts'
import type { Change } from '../model/change.ts'

/**
 * What makes a change of one plan the same as one of another (contract, section 3, `approve_run`): kind, identifier
 * or SCIM id, action, and the set of path and after.
 */
export function approvalKey(change: Change): string {
  const fields = change.fields
    .map((field) => JSON.stringify([field.path, field.after]))
    .sort(byText)
  return JSON.stringify([change.kind, change.identifier ?? change.scimId, change.action, fields])
}

/**
 * Keeps the changes that somebody approved; the rest is deferred, and so is what depends on it.
 * @param approved keys of the approved plan's changes
 */
export function restrictToApproved(
  changes: readonly Change[],
  approved: ReadonlySet<string>,
): Change[] {
  const deferred = new Set<Change>(
    changes.filter((change) => change.status === 'deferred' || !approved.has(approvalKey(change))),
  )
  const owner = new Map<number, Change>()
  for (const change of changes) {
    for (const step of change.work.steps) owner.set(step.position, change)
  }
  const dependsOnDeferred = (change: Change): boolean =>
    change.work.steps.some((step) =>
      step.after.some((position) => {
        const before = owner.get(position)
        return before !== undefined && before !== change && deferred.has(before)
      }),
    )
  for (let settled = false; !settled; ) {
    settled = true
    for (const change of changes) {
      if (deferred.has(change) || !dependsOnDeferred(change)) continue
      deferred.add(change)
      settled = false
    }
  }
  return changes.map((change) =>
    deferred.has(change) ? { ...change, status: 'deferred' as const } : change,
  )
}
