/**
 * The two slots of a tenant: rows of the same partition as the runs, which exist only while they are occupied. Every
 * step is one transaction that storage refuses when somebody else was faster:
 *
 * | step | transaction |
 * |---|---|
 * | request | insert run, insert `slot-active` |
 * | request behind an active run | insert run, insert `slot-waiting`, touch `slot-active` (If-Match), touch the active run |
 * | finish | final run (If-Match), delete `slot-active` or hand it to the waiting run |
 *
 * The touch of the active run changes its ETag, so that a run which finishes at that moment looks at the slots again.
 * The order of reading matters: who frees a slot reads the run first, then the slots.
 */
import { odata, type TransactionAction } from '@azure/data-tables'
import * as z from 'zod'
import { checked } from './checked-row.ts'
import { afterPrefix } from './keys.ts'
import type { Table } from './table.ts'
import { deletionOf } from './transactions.ts'

export const activeSlot = 'slot-active'
export const waitingSlot = 'slot-waiting'
const slotPrefix = 'slot-'

export interface Slot {
  readonly runId: string
  readonly etag: string
}

export interface Slots {
  readonly active: Slot | null
  readonly waiting: Slot | null
}

const slotSchema = z.object({ runId: z.string().min(1), etag: z.string() })

export async function readSlots(table: Table, partition: string): Promise<Slots> {
  const filter = odata`PartitionKey eq ${partition} and RowKey ge ${slotPrefix} and RowKey lt ${afterPrefix(slotPrefix)}`
  const rows = await table.first(2, { filter })
  const remedy = 'delete the row: the slot is free then'
  const slotAt = (rowKey: string): Slot | null => {
    const row = rows.find((candidate) => candidate.rowKey === rowKey)
    return row === undefined ? null : checked(slotSchema, row, row, { table: table.name, remedy })
  }
  return { active: slotAt(activeSlot), waiting: slotAt(waitingSlot) }
}

/** Takes the free active slot. */
export function occupyActive(partitionKey: string, runId: string): TransactionAction[] {
  return [['create', { partitionKey, rowKey: activeSlot, runId }]]
}

/** Takes the free waiting slot behind an active run. */
export function occupyWaiting(
  partitionKey: string,
  runId: string,
  active: Slot,
): TransactionAction[] {
  return [
    ['create', { partitionKey, rowKey: waitingSlot, runId }],
    [
      'update',
      { partitionKey, rowKey: activeSlot, runId: active.runId },
      'Replace',
      { etag: active.etag },
    ],
    ['update', { partitionKey, rowKey: active.runId, followedBy: runId }, 'Merge'],
  ]
}

/** Frees the active slot, or hands it to the waiting run. */
export function freeActive(
  partitionKey: string,
  active: Slot,
  waiting: Slot | null,
): TransactionAction[] {
  if (waiting === null) return [deletionOf(partitionKey, activeSlot)]
  return [
    [
      'update',
      { partitionKey, rowKey: activeSlot, runId: waiting.runId },
      'Replace',
      { etag: active.etag },
    ],
    deletionOf(partitionKey, waitingSlot),
  ]
}

/** The waiting run moves up into the free active slot. */
export function moveUp(partitionKey: string, waiting: Slot): TransactionAction[] {
  return [...occupyActive(partitionKey, waiting.runId), deletionOf(partitionKey, waitingSlot)]
}
