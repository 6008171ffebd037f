import { settingsDigest } from '../config/digest.ts'
import { describeFaults } from '../config.ts'
import { isLongWait, isSyncError, messageOf } from '../errors.ts'
import type { JournalChange } from '../model/change.ts'
import { isFinal, type RunRecord, type RunUsage } from '../model/run.ts'
import { withChanges } from '../plan/plan.ts'
import { LeaseLost, type OpenJournal, type RunMessage } from '../ports.ts'
import { type SliceEnd, syncSlice } from '../sync.ts'
import { finishRun, type RunEnd } from './finish-run.ts'
import { LeaseKeeper, RunCancelled } from './keeper.ts'
import { ProgressReporter } from './progress.ts'
import { logGoesOn, logStarted } from './run-story.ts'
import type { Execution, ExecutionServices } from './services.ts'
import { takeLease } from './take-lease.ts'

/** The one slice's end that is not an end of the run. */
interface Later {
  readonly status: 'later'
  readonly run: RunRecord
  readonly seconds: number
  readonly waitingFor: string | null
}

type Outcome = Later | (RunEnd & { readonly run: RunRecord })

/**
 * Executes one slice of a run: the only caller of the pipeline. A message for a run that has ended, waits behind
 * another or is worked on is dropped.
 * @throws when storage fails: the message comes again
 */
export async function executeRun(execution: Execution, message: RunMessage): Promise<void> {
  const { services, owner, leaseSeconds } = execution
  const run = await services.runs.get(message.runId)
  if (run === null || isFinal(run.status)) return
  const { active } = await services.runs.slots()
  if (active !== run.id) return
  const journal = await takeLease(services, message, owner, leaseSeconds)
  if (journal === null) {
    services.logger.log('DEBUG', 'message dropped: somebody works on the run', { runId: run.id })
    return
  }
  // Read again under the lease: what another executor stored meanwhile counts.
  const current = await services.runs.get(message.runId)
  if (current === null || isFinal(current.status)) return journal.close()
  await workUnderLease(execution, current, journal)
}

async function workUnderLease(
  execution: Execution,
  run: RunRecord,
  journal: OpenJournal,
): Promise<void> {
  const { services, report, leaseSeconds } = execution
  const callTimeoutMs = execution.ok ? execution.services.zivverCallTimeoutMs : 0
  const keeper = new LeaseKeeper(journal, services.clock, leaseSeconds, callTimeoutMs)
  keeper.start()
  try {
    const outcome = await outcomeOf(execution, run, journal, keeper)
    if (outcome.status === 'later') await goOnLater(execution, outcome, journal)
    else await finishRun(services, report, outcome.run, journal, outcome)
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error
    services.logger.log('WARNING', 'lease taken over; nothing more is written here', {
      runId: run.id,
      fence: journal.lease.fence,
    })
  } finally {
    await keeper.stop()
  }
}

async function outcomeOf(
  execution: Execution,
  run: RunRecord,
  journal: OpenJournal,
  keeper: LeaseKeeper,
): Promise<Outcome> {
  if (run.decided !== null) return { run, status: run.decided, error: run.error }
  if ((await journal.check()).cancelRequested) return cancelled(execution, run)
  if (!execution.ok) {
    if (run.settingsDigest !== null) return settingsChanged(execution, run)
    return { run, status: 'failed', error: configError(execution.faults) }
  }
  const pinned = await pin(execution, run)
  return pinned === null
    ? settingsChanged(execution, run)
    : slice(execution, pinned, journal, keeper)
}

function configError(
  faults: Extract<Execution, { ok: false }>['faults'],
): NonNullable<RunEnd['error']> {
  const isUnresolved = faults.every((fault) => fault.code === 'SECRET_UNRESOLVED')
  return {
    code: isUnresolved ? 'SECRET_UNRESOLVED' : 'CONFIG_INVALID',
    message: describeFaults(faults),
  }
}

/**
 * Pins the settings and the version at the first slice. @returns `null` when a later slice sees others, or a scheduled
 * run no longer has the mode it was requested with
 */
async function pin(
  { services }: Extract<Execution, { ok: true }>,
  run: RunRecord,
): Promise<RunRecord | null> {
  const { settings, version, clock } = services
  const digest = settingsDigest(settings, run)
  if (run.settingsDigest !== null) {
    if (run.settingsDigest !== digest || run.version !== version) return null
    logGoesOn(services.logger, run)
    return run
  }
  if (run.trigger === 'schedule' && (run.mode === 'sync') !== settings.performSync) return null
  const pinned: RunRecord = {
    ...run,
    status: 'running',
    settingsDigest: digest,
    version,
    started_at: run.started_at ?? clock.now().toISOString(),
  }
  const { status, started_at } = pinned
  await services.runs.update(run.id, { status, settingsDigest: digest, version, started_at })
  logStarted(services.logger, pinned)
  return pinned
}

async function slice(
  execution: Extract<Execution, { ok: true }>,
  run: RunRecord,
  journal: OpenJournal,
  keeper: LeaseKeeper,
): Promise<Outcome> {
  const { services, sliceSeconds } = execution
  const progress = new ProgressReporter(services, run)
  const meter = meterOf(services)
  services.onWait(progress.onWait)
  const deadline = services.clock.monotonic() + sliceSeconds * 1000
  try {
    const end = await syncSlice({ services, journal, keeper, progress, deadline }, run)
    return ended(end, meter(run.usage))
  } catch (error) {
    return await failed(execution, { ...run, usage: meter(run.usage) }, error)
  } finally {
    services.onWait(null)
    await progress.settle()
  }
}

function ended(end: SliceEnd, usage: RunUsage): Outcome {
  const run = { ...end.run, usage }
  if (end.status === 'continue') return { status: 'later', run, seconds: 0, waitingFor: null }
  return { status: end.status, run, error: null }
}

async function failed(execution: Execution, run: RunRecord, error: unknown): Promise<Outcome> {
  if (error instanceof LeaseLost) throw error
  if (isSyncError(error) && error.code === 'STORAGE_UNAVAILABLE') throw error
  const current = await asStored(execution, run)
  if (isLongWait(error)) {
    return { status: 'later', run: current, seconds: error.seconds, waitingFor: error.message }
  }
  if (error instanceof RunCancelled) return cancelled(execution, current)
  execution.services.logger.log('DEBUG', 'the run failed', { runId: run.id, stack: stackOf(error) })
  const code = isSyncError(error) ? error.code : 'INTERNAL'
  return { run: current, status: 'failed', error: { code, message: messageOf(error) } }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

async function cancelled(execution: Execution, run: RunRecord): Promise<Outcome> {
  return { run: await asStored(execution, run), status: 'cancelled', error: null }
}

async function settingsChanged(execution: Execution, run: RunRecord): Promise<Outcome> {
  return {
    run: await asStored(execution, run),
    status: 'cancelled',
    error: {
      code: 'SETTINGS_CHANGED',
      message:
        'settings or version changed while the run was under way; what was applied stays, the rest was not begun',
    },
  }
}

// An end in the middle: the history has what the run knew last, the journal has what was really done.
async function asStored({ services }: Execution, run: RunRecord): Promise<RunRecord> {
  const stored = (await services.runs.get(run.id)) ?? run
  const current = { ...stored, usage: run.usage, status: run.status }
  if (!current.planStored) return current
  const changes: JournalChange[] = []
  for await (const page of services.journal.eachChange(run.id)) changes.push(...page)
  return { ...current, counts: withChanges(current.counts, changes) }
}

async function goOnLater(
  { services }: Execution,
  later: Later,
  journal: OpenJournal,
): Promise<void> {
  const { run, seconds, waitingFor } = later
  const resumeAt =
    seconds > 0 ? new Date(services.clock.now().getTime() + seconds * 1000).toISOString() : null
  await services.runs.update(run.id, {
    counts: run.counts,
    warnings: run.warnings,
    usage: run.usage,
    resumeAt,
    progress: { ...run.progress, waiting_for: waitingFor },
  })
  const why = waitingFor === null ? '' : `: ${waitingFor}`
  services.logger.log('INFO', `slice ended; the run goes on in the next one${why}`, {
    runId: run.id,
  })
  await journal.release()
  await services.queue.enqueue({ runId: run.id }, Math.ceil(seconds))
}

/** Measures what this slice used, to be added to what earlier ones did. */
function meterOf(services: ExecutionServices): (before: RunUsage) => RunUsage {
  const calls = services.usage()
  const startedAt = services.clock.monotonic()
  return (before) => {
    const now = services.usage()
    return {
      exchangeCalls: before.exchangeCalls + now.exchangeCalls - calls.exchangeCalls,
      graphCalls: before.graphCalls + now.graphCalls - calls.graphCalls,
      zivverCalls: before.zivverCalls + now.zivverCalls - calls.zivverCalls,
      workSeconds: before.workSeconds + (services.clock.monotonic() - startedAt) / 1000,
      slices: before.slices + 1,
    }
  }
}
