import { applyPlan } from './apply/apply.ts'
import { policyOf } from './config/policy.ts'
import { SyncError } from './errors.ts'
import { approvalKey, restrictToApproved } from './guard/approval.ts'
import { isOverLimit } from './guard/limit.ts'
import type { JournalChange } from './model/change.ts'
import type { Plan } from './model/plan.ts'
import type { FilterGroupSize, GuardVerdict, RunRecord } from './model/run.ts'
import type { Warning } from './model/warning.ts'
import { buildPlan, withChanges } from './plan/plan.ts'
import { rowsNotLinkedAgain } from './plan/upkeep.ts'
import type { OpenJournal } from './ports.ts'
import { filterShift, shiftFindings } from './report/filter-shift.ts'
import type { LeaseKeeper } from './run/keeper.ts'
import type { ProgressReporter } from './run/progress.ts'
import { logApplied, logPlan } from './run/run-story.ts'
import type { ExecutionServices } from './run/services.ts'
import { storedChanges } from './run/stored-run.ts'
import { readSnapshot } from './snapshot/snapshot.ts'

/** What one slice of a run works with. */
export interface SliceContext {
  readonly services: ExecutionServices
  readonly journal: OpenJournal
  /** The changes of the stored plan, where the slice before left them in this process. */
  readonly kept: readonly JournalChange[] | null
  readonly keeper: LeaseKeeper
  readonly progress: ProgressReporter
  /** Monotonic moment after which nothing new is begun. */
  readonly deadline: number
}

/** How a slice ended: the run goes on in the next one, or it has come to an end. */
export type SliceEnd =
  | (Planned & { readonly status: 'continue' })
  | (Planned & { readonly status: 'succeeded' | 'completed_with_errors' | 'blocked' })

interface Planned {
  readonly run: RunRecord
  /** The changes as they are stored by now; absent = there is no plan, or an earlier slice stored it and nobody has read it yet. */
  readonly changes?: readonly JournalChange[]
}

/** Runs that are looked through for the one to compare with. */
const historyLength = 60

/** Writes to Zivver that may be under way at once: the rate limit paces them, so few are open when a host dies. */
const writesAtOnce = 16

/**
 * One slice of a run: snapshot → plan → guard → apply. What earlier slices did is in the journal: a stored plan is
 * applied, never made again.
 */
export async function syncSlice(context: SliceContext, run: RunRecord): Promise<SliceEnd> {
  const planned: Planned | null = run.planStored ? { run } : await readAndPlan(context, run)
  if (planned === null) return { status: 'continue', run }
  if (planned.run.mode === 'preview') return { status: 'succeeded', ...planned }
  if (planned.run.guard.blocked) return { status: 'blocked', ...planned }
  return applyStored(context, planned)
}

/** Reads everything, plans and judges. @returns `null` when the slice ended before everything was read */
async function readAndPlan(context: SliceContext, run: RunRecord): Promise<Planned | null> {
  const { services, keeper, progress, deadline } = context
  const { settings } = services
  const outcome = await readSnapshot(services, {
    runId: run.id,
    includedDomains: new Set(settings.includedDomains),
    sourceFilter: settings.sourceFilter,
    nestedGroups: settings.nestedGroups,
    delegates: settings.delegates,
    userDelegationMaxAgeHours: settings.userDelegationMaxAgeHours,
    resetAccountMapping: run.flags.reset_account_mapping,
    deadline,
    mayBegin: keeper.mayBegin,
    checkpoint: () => keeper.checkpoint('read'),
    onProgress: ({ done, total, waitingFor }) => progress.note(done, total, waitingFor),
  })
  if (outcome.status === 'continue') return null
  // Between reads the lease is looked at seldom; a cancel that was asked for meanwhile ends the run before a plan.
  await keeper.checkpoint()
  await progress.store({ phase: 'planning' })
  const now = services.clock.now().toISOString()
  const plan = buildPlan(outcome.snapshot, policyOf(settings, run.flags, { now, runId: run.id }))
  const { filterGroups } = outcome
  const guard = await explainedVerdict(context, run, plan, filterGroups)
  return storePlan(context, { ...run, filterGroups }, { ...plan, guard })
}

/** The guard's verdict; above the limit, with what the source filter's groups have to do with it. */
async function explainedVerdict(
  { services }: SliceContext,
  run: RunRecord,
  { guard }: Plan,
  filterGroups: readonly FilterGroupSize[],
): Promise<GuardVerdict> {
  const [limit, ...shares] = guard.findings
  if (limit === undefined || !isOverLimit(guard)) return guard
  const { runs } = await services.runs.list(historyLength)
  const earlier = runs.filter(({ id }) => id !== run.id)
  const causes = shiftFindings(filterShift(filterGroups, earlier))
  return { ...guard, findings: [limit, ...causes, ...shares] }
}

async function storePlan(context: SliceContext, run: RunRecord, plan: Plan): Promise<Planned> {
  const { services, journal, progress } = context
  const approved = run.flags.approve_run
  const changes: JournalChange[] = (
    approved === null
      ? plan.changes
      : restrictToApproved(plan.changes, await approvedKeys(services, approved))
  ).map((change) => ({ ...change, stepsDone: 0 }))
  const isFree = run.mode === 'preview' || run.flags.allow_large_sync || approved !== null
  await journal.storePlan(changes)
  const planned: RunRecord = {
    ...run,
    planStored: true,
    phase: 'applying',
    changeCount: changes.length,
    counts: withChanges(plan.counts, changes),
    out_of_scope: plan.outOfScope,
    mailbox_types: plan.mailboxTypes,
    guard: { ...plan.guard, blocked: plan.guard.blocked && !isFree },
    warnings: plan.warnings,
    progress: { done: 0, total: changes.length, waiting_for: null },
  }
  if (planned.mode === 'sync' && !planned.guard.blocked) await keepRows(context, plan)
  const { counts, out_of_scope, mailbox_types, guard, warnings, changeCount, phase } = planned
  const { filterGroups } = planned
  const stored = { counts, out_of_scope, mailbox_types, guard, warnings, changeCount, phase }
  await progress.store({ ...stored, filterGroups, planStored: true, progress: planned.progress })
  logPlan(services.logger, planned)
  return { run: planned, changes }
}

async function approvedKeys(services: ExecutionServices, runId: string): Promise<Set<string>> {
  const approved = await services.runs.get(runId)
  if (approved === null || !approved.planStored) {
    throw new SyncError('APPROVAL_INVALID', `the approved run ${runId} has no plan any more`)
  }
  const keys = new Set<string>()
  for await (const page of services.journal.eachChange(runId)) {
    for (const change of page) keys.add(approvalKey(change))
  }
  return keys
}

async function keepRows({ services, keeper }: SliceContext, { upkeep }: Plan): Promise<void> {
  if (upkeep.rows.length === 0 && upkeep.removeRows.length === 0) return
  await keeper.checkpoint()
  await services.mappings.write({ upsert: upkeep.rows, remove: upkeep.removeRows })
}

async function applyStored(context: SliceContext, planned: Planned): Promise<SliceEnd> {
  const { services, journal, kept, keeper, progress, deadline } = context
  const { run } = planned
  const changes = planned.changes ?? kept ?? (await storedChanges(services.journal, run.id))
  const warnings = new Map(run.warnings.map((warning) => [JSON.stringify(warning), warning]))
  const result = await applyPlan({ ...services, writer: services.openWriter(), journal }, changes, {
    deadline,
    concurrency: writesAtOnce,
    mayBegin: keeper.mayBegin,
    onProgress: ({ done, total }) => progress.note(done, total),
    onWarning: (warning: Warning) => {
      warnings.set(JSON.stringify(warning), warning)
      progress.noteWarnings([...warnings.values()])
    },
  })
  const applied: RunRecord = {
    ...run,
    counts: withChanges(run.counts, result.changes),
    warnings: [...warnings.values()],
    progress: progressOf(result.changes),
  }
  if (changes.length > 0) logApplied(services.logger, run.id, changes, result.changes)
  if (!result.finished) return { status: 'continue', run: applied, changes: result.changes }
  if (run.flags.reset_account_mapping) await dropOldRows(context, run, result.changes)
  const failed = result.changes.some((change) => change.status === 'failed')
  const status = failed ? 'completed_with_errors' : 'succeeded'
  return { status, run: applied, changes: result.changes }
}

function progressOf(changes: readonly JournalChange[]): RunRecord['progress'] {
  const own = changes.filter((change) => change.status !== 'deferred')
  const done = own.filter((change) => change.status !== 'planned').length
  return { done, total: own.length, waiting_for: null }
}

async function dropOldRows(
  { services, keeper }: SliceContext,
  run: RunRecord,
  changes: readonly JournalChange[],
): Promise<void> {
  const rows = await services.mappings.list()
  await keeper.checkpoint()
  await services.mappings.write({ upsert: [], remove: rowsNotLinkedAgain(rows, changes, run.id) })
}
