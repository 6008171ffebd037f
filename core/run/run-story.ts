/**
 * The lines of the log that tell what a run does: about ten at INFO, each a sentence and its numbers. Changes, which
 * name addresses, are told one by one at DEBUG.
 */
import { isOverLimit } from '../guard/limit.ts'
import { actions, type JournalChange } from '../model/change.ts'
import type { RunFlags, RunRecord } from '../model/run.ts'
import type { Logger } from '../ports.ts'

export function logStarted(logger: Logger, run: RunRecord): void {
  const { id: runId, mode, trigger, version, flags } = run
  logger.log('INFO', `run started: ${mode}`, { runId, trigger, version, flags: flagsSet(flags) })
}

export function logGoesOn(logger: Logger, run: RunRecord): void {
  const { id: runId, phase, usage, progress } = run
  const { done, total } = progress
  logger.log('INFO', `run goes on: slice ${usage.slices + 1}, ${phase}`, { runId, done, total })
}

function flagsSet(flags: RunFlags): string[] {
  return Object.entries(flags)
    .filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value)))
    .map(([name]) => name)
}

/** What is planned, what the guard says, and what the administrator should know. */
export function logPlan(logger: Logger, run: RunRecord): void {
  const { id: runId, counts, warnings } = run
  const planned = actions
    .filter((action) => counts[action].planned > 0)
    .map((action) => `${counts[action].planned} ${action}`)
  const deferred = actions.reduce((sum, action) => sum + counts[action].deferred, 0)
  const { unchanged, skipped, unmanaged } = counts
  logger.log('INFO', `planned: ${planned.join(', ') || 'no change'}`, {
    runId,
    unchanged,
    skipped,
    unmanaged,
    deferred,
  })
  logGuard(logger, run)
  if (warnings.length === 0) return
  logger.log('WARNING', `warnings: ${warnings.length}`, { runId, ...tally(warnings) })
}

function logGuard(logger: Logger, { id: runId, mode, guard, flags }: RunRecord): void {
  const { blocked, changed, total, limit_percent: limitPercent, findings } = guard
  const [finding] = findings
  const fields = { runId, changed, total, limitPercent }
  if (blocked) logger.log('WARNING', `guard: blocks the run: ${finding}`, fields)
  else if (!isOverLimit(guard)) logger.log('INFO', 'guard: within the limit', fields)
  else if (mode === 'preview') logger.log('INFO', `guard: would block a sync: ${finding}`, fields)
  else {
    const by = flags.approve_run === null ? 'allow_large_sync' : 'approve_run'
    logger.log('INFO', `guard: let pass by ${by}: ${finding}`, fields)
  }
}

/**
 * @param before the changes as this slice found them
 * @param after the same changes now
 */
export function logApplied(
  logger: Logger,
  runId: string,
  before: readonly JournalChange[],
  after: readonly JournalChange[],
): void {
  const done = new Set(before.filter(({ status }) => status !== 'planned').map(sequenceOf))
  for (const change of after) {
    if (change.status !== 'planned' && !done.has(change.sequence)) logChange(logger, runId, change)
  }
  const having = (status: JournalChange['status']) =>
    after.filter((change) => change.status === status)
  const failed = having('failed')
  logger.log('INFO', `applied: ${having('applied').length} of ${after.length} changes`, {
    runId,
    failed: failed.length,
    deferred: having('deferred').length,
    left: having('planned').length,
  })
  if (failed.length === 0) return
  const errors = failed.flatMap(({ error }) => (error === null ? [] : [error]))
  logger.log('WARNING', `changes that failed: ${failed.length}`, { runId, ...tally(errors) })
}

function logChange(logger: Logger, runId: string, change: JournalChange): void {
  const { sequence, action, kind, address, status, error } = change
  logger.log('DEBUG', `change ${sequence}: ${action} ${kind} ${address}: ${status}`, {
    runId,
    ...(error !== null && { code: error.code, reason: error.message }),
  })
}

function sequenceOf({ sequence }: JournalChange): number {
  return sequence
}

/** How often each code comes. */
function tally(items: readonly { readonly code: string }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { code } of items) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

/** Numbers of a run that has ended. */
export function endFields(run: RunRecord): Readonly<Record<string, unknown>> {
  const { usage, error, report, counts } = run
  const sum = (status: 'applied' | 'failed') =>
    actions.reduce((total, action) => total + counts[action][status], 0)
  return {
    runId: run.id,
    ...(error !== null && { code: error.code, reason: error.message }),
    applied: sum('applied'),
    failed: sum('failed'),
    report: report?.email ?? 'none',
    slices: usage.slices,
    seconds: Math.round(usage.workSeconds * 10) / 10,
    exchangeCalls: usage.exchangeCalls,
    graphCalls: usage.graphCalls,
    zivverCalls: usage.zivverCalls,
  }
}
