import type { JournalChange } from '../model/change.ts'
import type { MappingRow } from '../model/mapping.ts'
import { rowAfter } from './row-after.ts'

/**
 * The row of a suspension that was sent and may have been made, though no answer tells so. Any other write is simply
 * made again by the next run; of a suspended account without this row nobody could tell whether it was us or somebody
 * by hand, and it would not come back with its mailbox. Where it was not made after all, the next run finds the account
 * active and plans afresh.
 * @returns `null` for any other change
 */
export function rowOfOpenSuspension(change: JournalChange): MappingRow | null {
  if (change.action !== 'suspend' || change.scimId === null) return null
  return rowAfter(change, change.scimId, {}, [])
}

/**
 * Rows of the suspensions that a run leaves open at its end: begun, without an outcome, and no later slice settles them.
 * @param begunThrough highest position that may have begun
 */
export function rowsOfOpenSuspensions(
  changes: readonly JournalChange[],
  begunThrough: number,
): MappingRow[] {
  return changes.filter(isOpen).flatMap((change) => rowOfOpenSuspension(change) ?? [])

  function isOpen({ status, stepsDone, work: { steps } }: JournalChange): boolean {
    const next = steps[stepsDone]
    return status === 'planned' && next !== undefined && next.position <= begunThrough
  }
}
