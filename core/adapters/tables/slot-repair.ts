/** Slots that a crash, a restored backup or a hand in the table left half done, and the next step to whole ones. */
import type { TransactionAction } from '@azure/data-tables'
import {
  activeSlot,
  freeActive,
  moveUp,
  occupyActive,
  occupyWaiting,
  type Slots,
  waitingSlot,
} from './run-slots.ts'

/** An unfinished run that may belong into a slot. */
export interface Candidate {
  readonly id: string
  readonly etag: string
}

export type SlotRepair =
  | { readonly why: string; readonly actions: readonly TransactionAction[] }
  /** A single deletion: only outside a transaction it can carry an ETag. */
  | { readonly why: string; readonly free: string; readonly etag: string }

/**
 * The next repair, or `null` when all is well.
 * @param slots read before the candidates
 * @param unfinished unfinished runs, the oldest first
 */
export function nextRepair(
  partition: string,
  { active, waiting }: Slots,
  unfinished: readonly Candidate[],
): SlotRepair | null {
  const isAlive = (runId: string): boolean => unfinished.some(({ id }) => id === runId)
  if (waiting !== null && (!isAlive(waiting.runId) || waiting.runId === active?.runId)) {
    const why = 'the waiting slot names a run that does not wait'
    return { why, free: waitingSlot, etag: waiting.etag }
  }
  if (active !== null && !isAlive(active.runId)) {
    const why = 'the active slot names a run that has ended'
    if (waiting === null) return { why, free: activeSlot, etag: active.etag }
    return { why, actions: freeActive(partition, active, waiting) }
  }
  if (active === null && waiting !== null) {
    return { why: 'a run waits behind none', actions: moveUp(partition, waiting) }
  }
  return placeLost(partition, { active, waiting }, unfinished)
}

function placeLost(
  partition: string,
  { active, waiting }: Slots,
  unfinished: readonly Candidate[],
): SlotRepair | null {
  const lost = unfinished.find(({ id }) => id !== active?.runId && id !== waiting?.runId)
  if (lost === undefined || (active !== null && waiting !== null)) return null
  const slot =
    active === null ? occupyActive(partition, lost.id) : occupyWaiting(partition, lost.id, active)
  // The run must not end meanwhile.
  const touch: TransactionAction = [
    'update',
    { partitionKey: partition, rowKey: lost.id },
    'Merge',
    { etag: lost.etag },
  ]
  return { why: 'an unfinished run is in no slot', actions: [...slot, touch] }
}
