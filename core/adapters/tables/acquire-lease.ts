import type { Clock, LeaseSighting } from '../../ports.ts'
import { type LeaseRow, leaseTouch, newMark, readLease } from './lease-row.ts'
import type { Table } from './table.ts'

/** A lease that was taken, and when by the own monotonic clock. */
export interface TakenLease {
  readonly row: LeaseRow
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
    // Ours already: the answer to an earlier attempt got lost.
    if (seen?.holder === holder) return { row: seen, touchedMs }
    if ((seen?.beat ?? '') !== sighting.mark) return null
    const next = { ...nextLease(seen, owner, holder), fence: Math.max(seen?.fence ?? 0, above) + 1 }
    const entity = { ...leaseTouch(runId, clock.now()), ...next }
    const answer = await table.submit([
      seen === null ? ['create', entity] : ['update', entity, 'Replace', { etag: seen.etag }],
    ])
    if (answer.status === 'done') {
      return { row: { ...next, etag: answer.etags[0] ?? '' }, touchedMs }
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
