/**
 * The lease of a run: the row `lease` in the run's own partition of `CloudSyncChanges`, so that it can ride in every
 * transaction of the journal.
 *
 * `beat` is a fresh random text with every touch. It is the mark by which an observer sees that the holder is alive
 * (a request to cancel changes the row's ETag, but gives no sign of life), and it tells the holder whether a transaction
 * without an answer was stored. `holder` is a fresh random text with every acquisition: fences begin again at 1 when a
 * run's lease row was deleted, a holder never comes back.
 */
import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { LeaseSighting } from '../../ports.ts'
import { checked } from './checked-row.ts'
import { encodeKey } from './keys.ts'
import type { Table } from './table.ts'

export const leaseKey = 'lease'

export interface LeaseRow {
  readonly etag: string
  /** Who took it, for people. */
  readonly owner: string
  readonly holder: string
  readonly fence: number
  readonly state: 'held' | 'released'
  readonly beat: string
  readonly begunThrough: number
  readonly cancelRequested: boolean
}

const leaseSchema: z.ZodType<LeaseRow> = z.object({
  etag: z.string(),
  owner: z.string(),
  holder: z.string().min(1),
  fence: z.number(),
  state: z.enum(['held', 'released']),
  beat: z.string().min(1),
  begunThrough: z.number(),
  cancelRequested: z.boolean(),
})

/** @throws SyncError `STORED_ROW_INVALID` */
export async function readLease(table: Table, runId: string): Promise<LeaseRow | null> {
  const row = await table.read(encodeKey(runId), leaseKey)
  const remedy = 'delete the row: the run is taken up again'
  return row === null ? null : checked(leaseSchema, row, row, { table: table.name, remedy })
}

export function sightingOf(row: LeaseRow | null): LeaseSighting {
  return row === null
    ? { state: 'none', mark: '', cancelRequested: false }
    : { state: row.state, mark: row.beat, cancelRequested: row.cancelRequested }
}

export function newMark(): string {
  return randomUUID()
}

/** Keys of the lease row, for a write. `touchedAt` is for people: nobody trusts another machine's clock. */
export function leaseTouch(
  runId: string,
  now: Date,
): { partitionKey: string; rowKey: string; touchedAt: string } {
  return { partitionKey: encodeKey(runId), rowKey: leaseKey, touchedAt: now.toISOString() }
}
