import type { Change } from '../model/change.ts'
import type { MappingRow } from '../model/mapping.ts'
import type { Policy, RowUpkeep, Snapshot } from '../model/plan.ts'
import type { DirectoryIndex } from './directory-index.ts'
import type { Draft } from './drafts.ts'

const dayMs = 24 * 60 * 60 * 1000

/**
 * Rows that no change writes: those of accounts that are gone, came back, or are gone from both sides for longer than
 * the retention. After a reset see `rowsNotLinkedAgain`.
 */
export function planUpkeep(
  snapshot: Snapshot,
  index: DirectoryIndex,
  drafts: readonly Draft[],
  policy: Policy,
): RowUpkeep {
  const rows: MappingRow[] = []
  const removeRows: string[] = []
  if (policy.resetAccountMapping) return { rows, removeRows }
  const written = new Set(drafts.map((draft) => draft.row.key))
  for (const row of snapshot.mappings) {
    const exists = !index.orphans.has(row)
    if ((exists && row.goneAt === null) || written.has(row.key)) continue
    if (exists) rows.push({ ...row, goneAt: null })
    else if (row.goneAt === null) {
      if (snapshot.goneScimIds.has(row.scimId)) rows.push({ ...row, goneAt: policy.now })
    } else if (isOutlived(row, index, policy)) removeRows.push(row.key)
  }
  return { rows, removeRows }
}

/**
 * With a reset an account may pass to another mailbox while its former one gets an account too: the row under the old
 * key is then written anew by one change, and must not be deleted by the other.
 */
export function keepWrittenRows(drafts: readonly Draft[]): readonly Draft[] {
  const written = new Set(drafts.map((draft) => draft.row.key))
  return drafts.map((draft) =>
    draft.removeRows.some((key) => written.has(key))
      ? { ...draft, removeRows: draft.removeRows.filter((key) => !written.has(key)) }
      : draft,
  )
}

/**
 * After the last change of a reset: the keys of rows that were not linked again (contract, section 3). Rows of accounts
 * whose change failed or was deferred stay: nothing is known anew about them.
 * @param rows the table as it is after the last change
 */
export function rowsNotLinkedAgain(
  rows: readonly MappingRow[],
  changes: readonly Change[],
  runId: string,
): string[] {
  const open = new Set(
    changes.filter((change) => change.status !== 'applied').map((change) => change.scimId),
  )
  return rows
    .filter((row) => row.lastRunId !== runId && !open.has(row.scimId))
    .map((row) => row.key)
}

function isOutlived(row: MappingRow, index: DirectoryIndex, policy: Policy): boolean {
  const age = Date.parse(policy.now) - Date.parse(row.goneAt ?? policy.now)
  const mailboxGone = index.identities.get(row.key.toLowerCase())?.mailbox === undefined
  return mailboxGone && age > policy.retentionDays * dayMs
}
