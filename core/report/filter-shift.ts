/** How the groups of the source filter differ from those of an earlier run: the likely root of many suspensions. */
import { byText } from '../model/address.ts'
import type { FilterGroupSize, RunRecord } from '../model/run.ts'

/** A group that lets in fewer than before. */
export interface ShrunkGroup {
  readonly id: string
  readonly name: string
  readonly before: number
  readonly now: number
}

export interface FilterShift {
  /** When the run that it is compared with was requested. */
  readonly since: Date
  /** Most lost members first. */
  readonly shrunk: readonly ShrunkGroup[]
  /** Groups that the setting no longer names. */
  readonly removed: readonly FilterGroupSize[]
  /** Groups that the setting names since then. */
  readonly added: readonly FilterGroupSize[]
  /** There was no source filter before. */
  readonly isNew: boolean
}

/**
 * The run that the accounts in Zivver come from: the last successful sync. Where none is known, a preview has to do.
 * @param history newest first
 */
export function lastInStep(history: readonly RunRecord[]): RunRecord | undefined {
  const isDone = ({ status }: RunRecord) =>
    status === 'succeeded' || status === 'completed_with_errors'
  return history.find((run) => run.mode === 'sync' && isDone(run)) ?? history.find(isDone)
}

/**
 * Compares the groups of a run with those of the last one that brought Zivver into step.
 * @param groups `null` = not known (the run has not read them, or is of an earlier version)
 * @param history earlier runs, newest first
 * @returns `null` where nothing is different, or nothing is known to compare with
 */
export function filterShift(
  groups: readonly FilterGroupSize[] | null,
  history: readonly RunRecord[],
): FilterShift | null {
  const earlier = lastInStep(history)
  if (groups === null || earlier === undefined || earlier.filterGroups === null) return null
  const before = new Map(earlier.filterGroups.map((group) => [group.id, group]))
  const now = new Set(groups.map(({ id }) => id))
  const removed = earlier.filterGroups.filter(({ id }) => !now.has(id))
  const added = groups.filter(({ id }) => !before.has(id))
  const shrunk = groups.flatMap((group) => shrunkGroup(group, before.get(group.id)))
  if (shrunk.length + removed.length + added.length === 0) return null
  return {
    since: new Date(earlier.requested_at),
    shrunk: shrunk.sort(byLoss),
    removed,
    added,
    isNew: before.size === 0,
  }
}

function shrunkGroup(
  { id, name, members }: FilterGroupSize,
  before: FilterGroupSize | undefined,
): ShrunkGroup[] {
  if (before === undefined || members >= before.members) return []
  return [{ id, name, before: before.members, now: members }]
}

function byLoss(left: ShrunkGroup, right: ShrunkGroup): number {
  return right.before - right.now - (left.before - left.now) || byText(left.id, right.id)
}

/** The one group that accounts can only have been lost by: it shrank, and the others stand as they stood. */
export function onlyShrunk(shift: FilterShift | null): ShrunkGroup | null {
  const [group, ...others] = shift?.shrunk ?? []
  if (group === undefined || others.length > 0) return null
  return shift?.removed.length === 0 && !shift.isNew ? group : null
}

/** The shift as findings of the guard: in English, as they are stored. */
export function shiftFindings(shift: FilterShift | null): string[] {
  if (shift === null) return []
  const since = `since ${shift.since.toISOString().slice(0, 10)}`
  const called = ({ name }: { readonly name: string }) => `source filter group "${name}"`
  return [
    ...shift.shrunk.map(
      (group) => `${called(group)} shrank from ${group.before} to ${group.now} members ${since}`,
    ),
    ...shift.removed.map(
      (group) =>
        `${called(group)} (${group.members} members) was taken out of the setting ${since}`,
    ),
    ...(shift.isNew ? [`the source filter is new ${since}: there was none`] : []),
    ...shift.added.map(
      (group) => `${called(group)} (${group.members} members) came into the setting ${since}`,
    ),
  ]
}
