import { SyncError } from '../errors.ts'
import type { Complete } from '../model/complete.ts'
import { isMailboxRow, type MappingRow } from '../model/mapping.ts'
import type { SnapshotContext } from './options.ts'

/** Look-ups between two checkpoints. */
const probesAtOnce = 50

/** The lists whose gaps are to be proved. */
export interface KnownLists {
  readonly mappings: Complete<MappingRow>
  /** Ids of every account in Zivver. */
  readonly scimIds: Known
  /** Identifiers of every mailbox of the tenant, in scope or not; lower case. */
  readonly identifiers: Known
}

/** Tells what is there: a set, or the keys of a map. */
type Known = Pick<ReadonlySet<string>, 'has'>

/**
 * Refuses a Zivver that knows fewer than half of the mapped accounts: then the key or the organisation is wrong.
 * @throws SyncError `TARGET_MISMATCH`
 */
export function refuseForeignTarget(known: Omit<KnownLists, 'identifiers'>): void {
  const { mapped, found } = countMapped(known)
  if (2 * found >= mapped) return
  throw new SyncError(
    'TARGET_MISMATCH',
    `Zivver knows ${found} of ${mapped} mapped accounts, fewer than half: the API key may belong to another organisation. ` +
      'If the accounts are really gone, start a run with reset_account_mapping',
  )
}

/**
 * Asks Exchange, one by one, for the mailboxes of linked accounts that are missing from its list (contract, section 6).
 * @returns identifiers that Exchange confirms not to exist
 * @throws SyncError `SOURCE_INCOMPLETE` when one of them exists
 */
export async function confirmAbsentMailboxes(
  { ports, options, tasks }: SnapshotContext,
  { mappings, scimIds, identifiers }: KnownLists,
): Promise<ReadonlySet<string>> {
  const missing = new Set<string>()
  for (const row of mappings) {
    const identifier = row.key.toLowerCase()
    if (identifiers.has(identifier) || !isMailboxRow(row)) continue
    if (scimIds.has(row.scimId)) missing.add(identifier)
  }
  const confirmed = new Set<string>()
  await tasks.map(batchesOf([...missing]), 1, async (batch) => {
    await options.checkpoint()
    const findings = await ports.source.probeMailboxes(batch)
    for (const identifier of batch) {
      if (findings.get(identifier) !== 'absent') throw incompleteSource(identifier)
      confirmed.add(identifier)
    }
  })
  return confirmed
}

/**
 * Asks Zivver, one by one, for the mapped accounts that are missing from its lists.
 * @returns SCIM ids that Zivver confirms not to exist, now or in an earlier run
 * @throws SyncError `TARGET_INCOMPLETE` when one of them exists
 */
export async function confirmGoneAccounts(
  { ports, options, tasks }: SnapshotContext,
  known: Omit<KnownLists, 'identifiers'>,
): Promise<ReadonlySet<string>> {
  const { mappings, scimIds } = known
  const missing = mappings.filter(({ scimId }) => !scimIds.has(scimId))
  const confirmed = new Set(
    missing.filter(({ goneAt }) => goneAt !== null).map((row) => row.scimId),
  )
  const asked = new Map(
    missing.filter(({ scimId }) => !confirmed.has(scimId)).map((row) => [row.scimId, row]),
  )
  const { mapped, found } = countMapped(known)
  // Only a run with reset_account_mapping comes here after a change of organisation: nothing is concluded from its
  // old ids, and at Zivver's rate limit thousands of look-ups would outlast every slice.
  if (2 * found < mapped) return confirmed
  await tasks.map(batchesOf([...asked.values()]), 1, async (batch) => {
    await options.checkpoint()
    const findings = await ports.target.probeAccounts(
      batch.map(({ kind, scimId }) => ({ kind, scimId })),
      options.mayBegin,
    )
    for (const { scimId } of batch) {
      if (findings.get(scimId) !== 'gone') throw incompleteTarget(scimId)
      confirmed.add(scimId)
    }
  })
  return confirmed
}

function countMapped({ mappings, scimIds }: Omit<KnownLists, 'identifiers'>): {
  readonly mapped: number
  readonly found: number
} {
  const mapped = new Set<string>()
  let found = 0
  for (const { goneAt, scimId } of mappings) {
    const before = mapped.size
    if (goneAt !== null || mapped.add(scimId).size === before) continue
    if (scimIds.has(scimId)) found += 1
  }
  return { mapped: mapped.size, found }
}

function incompleteSource(identifier: string): SyncError {
  return new SyncError(
    'SOURCE_INCOMPLETE',
    `Exchange's list of mailboxes is incomplete: mailbox ${identifier} is linked to an account and missing from the list, but Get-Mailbox finds it`,
  )
}

function incompleteTarget(scimId: string): SyncError {
  return new SyncError(
    'TARGET_INCOMPLETE',
    `Zivver's list of accounts is incomplete: account ${scimId} is mapped and missing from the list, but Zivver finds it by its id`,
  )
}

function batchesOf<Item>(items: readonly Item[]): readonly Item[][] {
  const batches: Item[][] = []
  for (let start = 0; start < items.length; start += probesAtOnce) {
    batches.push(items.slice(start, start + probesAtOnce))
  }
  return batches
}
