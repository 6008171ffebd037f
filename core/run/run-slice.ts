import { isLongWait, isSyncError, messageOf } from '../errors.ts'
import type { JournalChange } from '../model/change.ts'
import type { RunRecord, RunUsage } from '../model/run.ts'
import { LeaseLost, RunCancelled } from '../ports.ts'
import { type SliceEnd, syncSlice } from '../sync.ts'
import type { RunEnd } from './finish-run.ts'
import type { LeaseKeeper } from './keeper.ts'
import { keepPace } from './pace.ts'
import { ProgressReporter, waitText } from './progress.ts'
import type { ExecutionServices } from './services.ts'
import { asStored } from './stored-run.ts'
import type { TakenRun } from './take-lease.ts'

/** The one end of a slice that is not the end of its run. */
export interface Later {
  readonly status: 'later'
  readonly run: RunRecord
  readonly seconds: number
  readonly waitingFor: string | null
  /** The changes as they are stored by now; absent = they are not at hand. */
  readonly changes?: readonly JournalChange[]
}

export type SliceOutcome = Later | (RunEnd & { readonly run: RunRecord })

/**
 * Works on a run for as long as a slice may last.
 * @throws LeaseLost, SyncError `STORAGE_UNAVAILABLE`: the run goes on elsewhere, or when its message comes again
 */
export async function runSlice(
  services: ExecutionServices,
  { run, journal, kept }: TakenRun,
  keeper: LeaseKeeper,
  sliceSeconds: number,
): Promise<SliceOutcome> {
  const progress = new ProgressReporter(services, run, journal.lease.fence)
  const measured = meterOf(services)
  const meter = (current: RunRecord): RunRecord => ({
    ...measured(current),
    reached: progress.reached,
  })
  const deadline = services.clock.monotonic() + sliceSeconds * 1000
  services.onWait(progress.onWait)
  try {
    await keepPace(services, run)
    const begun = await begin(progress, run)
    const end = await syncSlice({ services, journal, kept, keeper, progress, deadline }, begun)
    return ended({ ...end, run: meter(end.run) })
  } catch (error) {
    await progress.settle()
    return await failed(services, meter(run), error)
  } finally {
    services.onWait(null)
    await progress.settle()
  }
}

/** What the run waited for between two slices is over. */
async function begin(progress: ProgressReporter, run: RunRecord): Promise<RunRecord> {
  if (run.resumeAt === null && run.progress.waiting_for === null) return run
  const waiting = { resumeAt: null, progress: { ...run.progress, waiting_for: null } }
  await progress.store(waiting)
  return { ...run, ...waiting }
}

function ended(end: SliceEnd): SliceOutcome {
  if (end.status !== 'continue') return { ...end, error: null }
  return { ...end, status: 'later', seconds: 0, waitingFor: null }
}

async function failed(
  services: ExecutionServices,
  run: RunRecord,
  error: unknown,
): Promise<SliceOutcome> {
  if (error instanceof LeaseLost) throw error
  if (isSyncError(error) && error.code === 'STORAGE_UNAVAILABLE') throw error
  const current = await asStored(services, run)
  if (isLongWait(error)) {
    const { seconds, waitingFor } = error
    return { status: 'later', run: current, seconds, waitingFor: waitText(seconds, waitingFor) }
  }
  if (error instanceof RunCancelled) return { run: current, status: 'cancelled', error: null }
  services.logger.log('DEBUG', 'the run failed', { runId: run.id, stack: stackOf(error) })
  const code = isSyncError(error) ? error.code : 'INTERNAL'
  return { run: current, status: 'failed', error: { code, message: messageOf(error) } }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** Measures what this slice used, to be added to what earlier ones did. */
function meterOf(services: ExecutionServices): (run: RunRecord) => RunRecord {
  const calls = services.usage()
  const startedAt = services.clock.monotonic()
  const usageAfter = (before: RunUsage): RunUsage => {
    const now = services.usage()
    return {
      exchangeCalls: before.exchangeCalls + now.exchangeCalls - calls.exchangeCalls,
      graphCalls: before.graphCalls + now.graphCalls - calls.graphCalls,
      zivverCalls: before.zivverCalls + now.zivverCalls - calls.zivverCalls,
      workSeconds: before.workSeconds + (services.clock.monotonic() - startedAt) / 1000,
      slices: before.slices + 1,
    }
  }
  return (run) => ({
    ...run,
    usage: usageAfter(run.usage),
    zivverCalledAt: services.zivverPace.lastCallAt?.toISOString() ?? run.zivverCalledAt,
  })
}
