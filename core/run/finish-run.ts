import { rowsOfOpenSuspensions } from '../apply/open-suspensions.ts'
import { messageOf } from '../errors.ts'
import type { JournalChange } from '../model/change.ts'
import { isSuccess, type RunError, type RunRecord, type RunStatus } from '../model/run.ts'
import type { OpenJournal } from '../ports.ts'
import { buildMail } from '../report/mail.ts'
import { operationIdOf } from '../report/operation-id.ts'
import { readHistory } from './read-history.ts'
import { endFields } from './run-story.ts'
import type { ReportServices, RunServices } from './services.ts'
import { rememberFailures } from './standing-failures.ts'
import { storedChanges } from './stored-run.ts'

export interface RunEnd {
  readonly status: RunStatus
  readonly error: RunError | null
  /** The changes as they are stored, where the executor has them at hand; absent = the report reads them. */
  readonly changes?: readonly JournalChange[]
}

/**
 * Ends a run: the end is decided and stored, the report is tried, the lease is given back, and only then the status
 * becomes final and the slot free (contract, section 3). A restart in between goes on where it was; a mail sent
 * twice carries the same operation id.
 */
export async function finishRun(
  services: RunServices,
  report: ReportServices,
  run: RunRecord,
  journal: OpenJournal,
  end: RunEnd,
): Promise<void> {
  await keepOpenSuspensions(services, run, journal, end)
  const decided: RunRecord = {
    ...run,
    warnings: await warningsOf(services, run, end.changes),
    phase: 'reporting',
    decided: end.status,
    error: end.error,
    progress: { ...run.progress, waiting_for: null },
  }
  const { fence } = journal.lease
  const { phase, error, counts, guard, warnings, progress, usage, zivverCalledAt } = decided
  const known = { phase, error, counts, guard, warnings, progress, usage, zivverCalledAt }
  await services.runs.update(run.id, { ...known, decided: end.status }, fence)
  const outcome = decided.report ?? (await sendReport(services, report, decided, end))
  await services.runs.update(run.id, { report: outcome }, fence)
  await journal.close()
  const finished: RunRecord = {
    ...decided,
    status: end.status,
    phase: 'done',
    report: outcome,
    resumeAt: null,
    finished_at: services.clock.now().toISOString(),
  }
  const { promoted } = await services.runs.finish(finished)
  const level = end.error === null ? 'INFO' : 'ERROR'
  services.logger.log(level, `run ended: ${end.status}`, endFields(finished))
  if (promoted !== null) await services.queue.enqueue({ runId: promoted })
  await purgeOld(services, report.retentionDays)
}

/** What a run that ends in the middle has begun is settled by no later slice: see `rowOfOpenSuspension`. */
async function keepOpenSuspensions(
  services: RunServices,
  run: RunRecord,
  journal: OpenJournal,
  { changes }: RunEnd,
): Promise<void> {
  const { begunThrough } = journal
  if (begunThrough === 0 || run.decided !== null) return
  const stored = changes ?? (await storedChanges(services.journal, run.id))
  const upsert = rowsOfOpenSuspensions(stored, begunThrough)
  if (upsert.length === 0) return
  // The table of mappings is not in the journal's partition: only the look just before tells that the run is still ours.
  await journal.check()
  await services.mappings.write({ upsert, remove: [] })
}

/** The run's warnings, and those about changes that failed before. A run that was decided already has them. */
async function warningsOf(
  services: RunServices,
  run: RunRecord,
  changes: RunEnd['changes'],
): Promise<RunRecord['warnings']> {
  const hasTried = run.mode === 'sync' && run.planStored && !run.guard.blocked
  if (!hasTried || run.decided !== null) return run.warnings
  return [...run.warnings, ...(await rememberFailures(services, run, changes))]
}

async function sendReport(
  services: RunServices,
  report: ReportServices,
  run: RunRecord,
  { status, changes }: RunEnd,
): Promise<NonNullable<RunRecord['report']>> {
  const { skips } = report.reportSender
  if (skips !== undefined) return { email: 'skipped', message: skips }
  try {
    const { performSync } = report
    const history = await readHistory(services.runs, (other) => isSuccess(other, performSync))
    const mail = buildMail({
      run: { ...run, status, finished_at: services.clock.now().toISOString() },
      changes: changes ?? (run.planStored ? await storedChanges(services.journal, run.id) : []),
      history: history.filter((other) => other.id !== run.id),
      language: report.language,
      timeZone: report.timeZone,
      schedule: report.schedule,
      performSync,
      environment: report.environment,
      dashboardUrl: report.dashboardUrl ?? null,
      debugLog: await report.debugLog(run.id),
      // A mail without it is better than none.
      lastUpdate: (await report.lastUpdate?.().catch(() => null)) ?? null,
      now: services.clock.now(),
    })
    return await report.reportSender.send(mail, operationIdOf(run.id))
  } catch (error) {
    // A report that cannot be made or sent never changes how the run ended.
    services.logger.log('ERROR', 'the report could not be made', {
      runId: run.id,
      reason: messageOf(error),
    })
    return { email: 'failed', message: messageOf(error) }
  }
}

const dayMs = 24 * 60 * 60 * 1000

// The run is over by now: what cannot be purged today is purged after the next run, and keeps nothing else from it.
async function purgeOld(services: RunServices, retentionDays: number): Promise<void> {
  const before = new Date(services.clock.now().getTime() - retentionDays * dayMs).toISOString()
  const purges = {
    runs: () => purgeRuns(services, before),
    readings: () => services.readings.purge(before),
    failures: () => services.failures.purge(before),
  }
  for (const [what, purge] of Object.entries(purges)) {
    try {
      await purge()
    } catch (error) {
      const reason = messageOf(error)
      services.logger.log('WARNING', `old ${what} could not be purged`, { reason })
    }
  }
}

async function purgeRuns({ runs, journal }: RunServices, before: string): Promise<void> {
  for (const runId of await runs.finishedBefore(before)) {
    // The journal first: what is left of it would never be found without the run.
    await journal.purge(runId)
    await runs.remove(runId)
  }
}
