/**
 * The lease of a run: the row `lease` in the run's own partition of `CloudSyncChanges`, so that it can ride in every
 * transaction of the journal.
 *
 * `beat` is a fresh random text with every touch. It is the mark by which an observer sees that the holder is alive
 * (a request to cancel changes the row's ETag, but gives no sign of life), and it tells the holder whether a transaction
 * without an answer was stored. `holder` is a fresh random text with every acquisition: fences begin again at 1 when a
 * run's lease row was deleted, a holder never comes back.
 *
 * The rows `lease-lane-…` carry the same holder. They ride in transactions whose order does not matter, so that several
 * can be under way at once; who takes the lease replaces them in the same transaction (decision 0002).
 */
import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { LeaseSighting } from '../../ports.ts'
import { checked } from './checked-row.ts'
import { encodeKey } from './keys.ts'
import type { Table } from './table.ts'

export const leaseKey = 'lease'

/** Each more saves less: two halve the time in which 10,000 changes are stored, four save as much as three. */
export const laneKeys: readonly string[] = ['lease-lane-1', 'lease-lane-2', 'lease-lane-3']

/** What every row says that rides in transactions. */
export interface LaneRow {
  readonly etag: string
  /** A fresh random text with every acquisition. */
  readonly holder: string
  /** A fresh random text with every touch. */
  readonly beat: string
}

export interface LeaseRow extends LaneRow {
  /** Who took it, for people. */
  readonly owner: string
  readonly fence: number
  readonly state: 'held' | 'released'
  readonly begunThrough: number
  readonly cancelRequested: boolean
}

const laneSchema = z.object({
  etag: z.string(),
  holder: z.string().min(1),
  beat: z.string().min(1),
})

const leaseSchema: z.ZodType<LeaseRow> = laneSchema.extend({
  owner: z.string(),
  fence: z.number(),
  state: z.enum(['held', 'released']),
  begunThrough: z.number(),
  cancelRequested: z.boolean(),
})

/** @throws SyncError `STORED_ROW_INVALID` */
export function readLease(table: Table, runId: string): Promise<LeaseRow | null> {
  return readChecked(table, runId, leaseKey, leaseSchema)
}

/** @throws SyncError `STORED_ROW_INVALID` */
export function readLane(table: Table, runId: string, rowKey: string): Promise<LaneRow | null> {
  return readChecked(table, runId, rowKey, laneSchema)
}

async function readChecked<T>(
  table: Table,
  runId: string,
  rowKey: string,
  schema: z.ZodType<T>,
): Promise<T | null> {
  const row = await table.read(encodeKey(runId), rowKey)
  const remedy = 'delete the row: the run is taken up again'
  return row === null ? null : checked(schema, row, row, { table: table.name, remedy })
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
