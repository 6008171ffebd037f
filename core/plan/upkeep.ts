import type { MappingRow } from '../model/mapping.ts'
import type { Policy, RowUpkeep, Snapshot } from '../model/plan.ts'
import type { Correlation } from './correlate.ts'
import type { DirectoryIndex } from './directory-index.ts'
import type { Draft } from './drafts.ts'

const dayMs = 24 * 60 * 60 * 1000

/**
 * Rows that no change writes: those of accounts that are gone (or came back), and after a reset those that were
 * not linked again.
 */
export function planUpkeep(
  snapshot: Snapshot,
  index: DirectoryIndex,
  correlation: Correlation,
  drafts: readonly Draft[],
  policy: Policy,
): RowUpkeep {
  const written = new Set(drafts.map((draft) => draft.row.key))
  if (policy.resetAccountMapping) {
    const linked = new Set(correlation.pairs.map((pair) => pair.mailbox.identifier))
    return {
      rows: [],
      removeRows: snapshot.mappings
        .map((row) => row.key)
        .filter((key) => !written.has(key) && !linked.has(key.toLowerCase())),
    }
  }
  const rows: MappingRow[] = []
  const removeRows: string[] = []
  for (const row of snapshot.mappings) {
    if (written.has(row.key)) continue
    const exists = index.accountsById.has(row.scimId)
    if (exists && row.goneAt !== null) rows.push({ ...row, goneAt: null })
    if (exists || (row.goneAt === null && !snapshot.goneScimIds.has(row.scimId))) continue
    if (row.goneAt === null) rows.push({ ...row, goneAt: policy.now })
    else if (isOutlived(row, index, policy)) removeRows.push(row.key)
  }
  return { rows, removeRows }
}

function isOutlived(row: MappingRow, index: DirectoryIndex, policy: Policy): boolean {
  const age = Date.parse(policy.now) - Date.parse(row.goneAt ?? policy.now)
  const mailboxGone = !index.mailboxesByIdentifier.has(row.key.toLowerCase())
  return mailboxGone && age > policy.retentionDays * dayMs
}
