import { SyncError } from '../errors.ts'
import type { Account } from '../model/account.ts'
import type { Complete } from '../model/complete.ts'
import { isMailboxRow, type MappingRow } from '../model/mapping.ts'
import type { AccountTarget, MailboxSource } from '../ports.ts'
import type { SnapshotOptions } from './options.ts'

/** Look-ups between two checkpoints. */
const probesAtOnce = 50

/** The three lists whose gaps are to be proved. */
export interface Lists {
  readonly mappings: Complete<MappingRow>
  readonly accounts: Complete<Account>
  /** Identifiers of every mailbox of the tenant, in scope or not; lower case. */
  readonly identifiers: ReadonlySet<string>
}

/**
 * Refuses a Zivver that knows fewer than half of the mapped accounts: then the key or the organisation is wrong.
 * @throws SyncError `TARGET_MISMATCH`
 */
export function refuseForeignTarget({ mappings, accounts }: Omit<Lists, 'identifiers'>): void {
  const { mapped, found } = countMapped(mappings, accounts)
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
  source: MailboxSource,
  { mappings, accounts, identifiers }: Lists,
  { checkpoint }: Pick<SnapshotOptions, 'checkpoint'>,
): Promise<ReadonlySet<string>> {
  const scimIds = new Set(accounts.map(({ scimId }) => scimId))
  const missing = mappings
    .filter((row) => isMailboxRow(row) && scimIds.has(row.scimId))
    .map(({ key }) => key.toLowerCase())
    .filter((identifier) => !identifiers.has(identifier))
  const confirmed = new Set<string>()
  for (const batch of batchesOf([...new Set(missing)])) {
    await checkpoint()
    const findings = await source.probeMailboxes(batch)
    for (const identifier of batch) {
      if (findings.get(identifier) !== 'absent') throw incompleteSource(identifier)
      confirmed.add(identifier)
    }
  }
  return confirmed
}

/**
 * Asks Zivver, one by one, for the mapped accounts that are missing from its lists.
 * @returns SCIM ids that Zivver confirms not to exist, now or in an earlier run
 * @throws SyncError `TARGET_INCOMPLETE` when one of them exists
 */
export async function confirmGoneAccounts(
  target: AccountTarget,
  { mappings, accounts }: Omit<Lists, 'identifiers'>,
  { checkpoint }: Pick<SnapshotOptions, 'checkpoint'>,
): Promise<ReadonlySet<string>> {
  const scimIds = new Set(accounts.map(({ scimId }) => scimId))
  const missing = mappings.filter(({ scimId }) => !scimIds.has(scimId))
  const confirmed = new Set(
    missing.filter(({ goneAt }) => goneAt !== null).map((row) => row.scimId),
  )
  const asked = new Map(
    missing.filter(({ scimId }) => !confirmed.has(scimId)).map((row) => [row.scimId, row]),
  )
  const { mapped, found } = countMapped(mappings, accounts)
  // Only a run with reset_account_mapping comes here after a change of organisation: nothing is concluded from its
  // old ids, and at Zivver's rate limit thousands of look-ups would outlast every slice.
  if (2 * found < mapped) return confirmed
  for (const batch of batchesOf([...asked.values()])) {
    await checkpoint()
    const findings = await target.probeAccounts(batch.map(({ kind, scimId }) => ({ kind, scimId })))
    for (const { scimId } of batch) {
      if (findings.get(scimId) !== 'gone') throw incompleteTarget(scimId)
      confirmed.add(scimId)
    }
  }
  return confirmed
}

function countMapped(
  mappings: Complete<MappingRow>,
  accounts: Complete<Account>,
): { readonly mapped: number; readonly found: number } {
  const scimIds = new Set(accounts.map(({ scimId }) => scimId))
  const mapped = new Set(
    mappings.filter(({ goneAt }) => goneAt === null).map(({ scimId }) => scimId),
  )
  return { mapped: mapped.size, found: [...mapped].filter((scimId) => scimIds.has(scimId)).length }
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
