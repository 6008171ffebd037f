import type { AccountWrite, JournalChange } from '../model/change.ts'
import type { MappingRow, RefusedAlias } from '../model/mapping.ts'

/**
 * The mapping row once a change's write is made: with the account's SCIM id, and with the aliases that Zivver refused.
 * @param refused by this write; others stay remembered until a write carries them
 */
export function rowAfter(
  change: JournalChange,
  scimId: string,
  write: AccountWrite,
  refused: readonly RefusedAlias[],
): MappingRow | null {
  const { row } = change.work
  if (row === null) return null
  const refusedNow = new Map(refused.map((refusal) => [refusal.address, refusal]))
  const written = write.extension?.aliases ?? []
  const standing = row.refusedAliases.filter(
    (refusal) => !written.includes(refusal.address) || refusedNow.has(refusal.address),
  )
  const merged = standing.map((refusal) => {
    const again = refusedNow.get(refusal.address)
    refusedNow.delete(refusal.address)
    return again === undefined ? refusal : { ...refusal, lastTriedAt: again.lastTriedAt }
  })
  return { ...row, scimId, refusedAliases: [...merged, ...refusedNow.values()] }
}
