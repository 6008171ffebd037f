import type { JournalChange } from '../model/change.ts'
import type { RunRecord } from '../model/run.ts'
import { withChanges } from '../plan/plan.ts'
import type { JournalStore } from '../ports.ts'
import type { RunServices } from './services.ts'

/** All changes of a run, in order. */
export async function storedChanges(
  journal: JournalStore,
  runId: string,
): Promise<JournalChange[]> {
  const changes: JournalChange[] = []
  for await (const page of journal.eachChange(runId)) changes.push(...page)
  return changes
}

/**
 * A run that ends in the middle, or in other hands than it was worked on: the history has what was known last, the
 * journal has what was really done.
 * @param run what this executor knows better than the history: its status and its cost
 */
export async function asStored(services: RunServices, run: RunRecord): Promise<RunRecord> {
  const stored = (await services.runs.get(run.id)) ?? run
  const { status, usage, zivverCalledAt, reached } = run
  const current: RunRecord = { ...stored, status, usage, zivverCalledAt, reached }
  if (!current.planStored) return current
  const changes = await storedChanges(services.journal, run.id)
  return { ...current, counts: withChanges(current.counts, changes) }
}
