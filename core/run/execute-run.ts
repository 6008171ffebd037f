import { describeFaults } from '../config.ts'
import { isFinal, type RunRecord } from '../model/run.ts'
import { LeaseLost, type OpenJournal, type RunMessage } from '../ports.ts'
import { finishRun, type RunEnd } from './finish-run.ts'
import { LeaseKeeper } from './keeper.ts'
import { pin } from './pin.ts'
import { type Later, runSlice, type SliceOutcome } from './run-slice.ts'
import type { Execution } from './services.ts'
import { standstill } from './standstill.ts'
import { asStored } from './stored-run.ts'
import { dropStrayLease, type TakenRun, takeRun } from './take-lease.ts'

/**
 * Executes one slice of a run: the only caller of the pipeline. A message for a run that has ended, waits behind
 * another or is worked on is dropped; one that comes before the run may go on is sent again.
 * @throws when storage fails: the message comes again
 */
export async function executeRun(execution: Execution, message: RunMessage): Promise<void> {
  const { services } = execution
  const run = await services.runs.get(message.runId)
  if (run === null) return
  if (isFinal(run.status)) return dropStrayLease(services, run.id, execution.owner)
  const { active } = await services.runs.slots()
  if (active !== run.id) return
  if (await isTooEarly(execution, run, message)) return
  const taken = await takeRun(services, run, message.staleMark, execution)
  if (taken === null) {
    services.logger.log('DEBUG', 'message dropped: somebody works on the run', { runId: run.id })
    return
  }
  await workUnderLease(execution, taken)
}

/** A run that waits for an upstream is not taken up before its time; a request to cancel does not wait. */
async function isTooEarly(
  { services }: Execution,
  { id: runId, resumeAt }: RunRecord,
  { waitedUntil }: RunMessage,
): Promise<boolean> {
  // The queue has a clock of its own: ours may have been set back during the wait (failure story 28).
  if (resumeAt === null || waitedUntil === resumeAt) return false
  const leftMs = Date.parse(resumeAt) - services.clock.now().getTime()
  if (leftMs <= 0 || (await services.journal.sight(runId)).cancelRequested) return false
  await services.queue.enqueue({ runId, waitedUntil: resumeAt }, Math.ceil(leftMs / 1000))
  return true
}

async function workUnderLease(execution: Execution, taken: TakenRun): Promise<void> {
  const { services, report, leaseSeconds } = execution
  const { run, journal } = taken
  const callTimeoutMs = execution.ok ? execution.services.zivverCallTimeoutMs : 0
  const keeper = new LeaseKeeper(journal, services.clock, leaseSeconds, callTimeoutMs)
  keeper.start()
  try {
    const outcome = await outcomeOf(execution, taken, keeper)
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
  taken: TakenRun,
  keeper: LeaseKeeper,
): Promise<SliceOutcome> {
  const { run, journal } = taken
  if (run.decided !== null) return { run, status: run.decided, error: run.error }
  if ((await journal.check()).cancelRequested) return cancelled(execution, run, null)
  if (!execution.ok) {
    return run.settingsDigest === null
      ? { run, status: 'failed', error: configError(execution.faults) }
      : cancelled(execution, run, settingsChanged)
  }
  const { services, sliceSeconds } = execution
  const pinned = await pin(services, run, journal.lease.fence)
  if (pinned === null) return cancelled(execution, run, settingsChanged)
  // Hosts that die again and again never come to the end of a slice: it is looked at before one, too.
  const stalled = standstill(pinned, services.clock.now())
  if (stalled !== null) {
    return { run: await asStored(services, pinned), status: 'failed', error: stalled }
  }
  const outcome = await runSlice(services, { ...taken, run: pinned }, keeper, sliceSeconds)
  return outcome.status === 'later' ? orGivenUp(outcome, services.clock.now()) : outcome
}

/** A run that would wait longer than one may stand still ends now, and not after the wait. */
function orGivenUp(later: Later, now: Date): SliceOutcome {
  const error = standstill(later.run, now, later)
  return error === null ? later : { run: later.run, status: 'failed', error }
}

const settingsChanged: RunEnd['error'] = {
  code: 'SETTINGS_CHANGED',
  message:
    'settings or version changed while the run was under way; what was applied stays, the rest was not begun',
}

async function cancelled(
  { services }: Execution,
  run: RunRecord,
  error: RunEnd['error'],
): Promise<SliceOutcome> {
  return { run: await asStored(services, run), status: 'cancelled', error }
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

/** Ends the slice: the next message goes on, after the wait if there is one. */
async function goOnLater(
  { services, keptChanges }: Execution,
  { run, seconds, waitingFor, changes }: Later,
  journal: OpenJournal,
): Promise<void> {
  const { counts, warnings, usage, zivverCalledAt, reached } = run
  const resumeAt =
    seconds > 0 ? new Date(services.clock.now().getTime() + seconds * 1000).toISOString() : null
  const progress = { ...run.progress, waiting_for: waitingFor }
  const state = { counts, warnings, usage, zivverCalledAt, reached, resumeAt, progress }
  await services.runs.update(run.id, state, journal.lease.fence)
  const why = waitingFor === null ? '' : `: waiting ${waitingFor}`
  services.logger.log('INFO', `slice ended; the run goes on in the next one${why}`, {
    runId: run.id,
  })
  await journal.release()
  if (changes !== undefined) keptChanges.keep(journal.lease, changes)
  const waited = resumeAt === null ? {} : { waitedUntil: resumeAt }
  await services.queue.enqueue({ runId: run.id, ...waited }, Math.ceil(seconds))
}
