import type { Clock, LeaseSighting } from '../../ports.ts'
import { encodeKey } from './keys.ts'
import {
  type LaneRow,
  type LeaseRow,
  laneKeys,
  leaseTouch,
  newMark,
  readLease,
} from './lease-row.ts'
import type { Table } from './table.ts'
import { upsertOf } from './transactions.ts'

/** A lease that was taken, and when by the own monotonic clock. */
export interface TakenLease {
  readonly row: LeaseRow
  /** In the order of their keys. */
  readonly lanes: readonly LaneRow[]
  readonly touchedMs: number
}

/**
 * Takes the lease of a run if it still is what the observer saw, with a fence higher than the last one and `above`.
 * @returns `null` when somebody was faster, or its holder has shown life
 */
export async function acquireLease(
  table: Table,
  clock: Clock,
  runId: string,
  owner: string,
  sighting: LeaseSighting,
  above: number,
): Promise<TakenLease | null> {
  const holder = newMark()
  for (;;) {
    const touchedMs = clock.monotonic()
    const seen = await readLease(table, runId)
    // Ours already when the answer to an earlier attempt got lost: taken again, for the ETags of its rows.
    const isOurs = seen?.holder === holder
    if (!isOurs && (seen?.beat ?? '') !== sighting.mark) return null
    const fence = isOurs ? seen.fence : Math.max(seen?.fence ?? 0, above) + 1
    const next = { ...nextLease(seen, owner, holder), fence }
    const entity = { ...leaseTouch(runId, clock.now()), ...next }
    const { beat } = next
    const lanes = laneKeys.map((rowKey) => upsertOf(encodeKey(runId), { rowKey, holder, beat }))
    const answer = await table.submit([
      seen === null ? ['create', entity] : ['update', entity, 'Replace', { etag: seen.etag }],
      ...lanes,
    ])
    if (answer.status === 'done') {
      const [etag = '', ...etags] = answer.etags
      const row = { ...next, etag }
      return { row, lanes: etags.map((laneEtag) => ({ holder, beat, etag: laneEtag })), touchedMs }
    }
    // Another holder, or only a request to cancel: look again.
  }
}

function nextLease(
  seen: LeaseRow | null,
  owner: string,
  holder: string,
): Omit<LeaseRow, 'etag' | 'fence'> {
  return {
    owner,
    holder,
    state: 'held',
    beat: newMark(),
    begunThrough: seen?.begunThrough ?? 0,
    cancelRequested: seen?.cancelRequested ?? false,
  }
}
