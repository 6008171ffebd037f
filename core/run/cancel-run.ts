import { isFinal, type RunRecord } from '../model/run.ts'
import { LeaseLost, type OpenJournal } from '../ports.ts'
import { finishRun, type RunEnd } from './finish-run.ts'
import type { Execution } from './services.ts'
import { dropStrayLease, giveBack } from './take-lease.ts'

/**
 * Cancels a run: no further write is begun. A run that somebody works on (or will go on with) stops itself; one that is
 * only queued is ended here, at once, report included.
 */
export async function cancelRun(
  execution: Pick<Execution, 'services' | 'report' | 'owner'>,
  runId: string,
): Promise<'accepted' | 'finished' | 'unknown'> {
  const { services, owner } = execution
  for (;;) {
    const run = await services.runs.get(runId)
    if (run === null) return 'unknown'
    if (isFinal(run.status)) {
      await dropStrayLease(services, run.id, owner)
      return 'finished'
    }
    if (await services.journal.requestCancel(runId)) {
      // A run between two slices may be waiting for its message: this one comes at once.
      await services.queue.enqueue({ runId })
      return 'accepted'
    }
    const sighting = await services.journal.sight(runId)
    const journal =
      sighting.state === 'none'
        ? await services.journal.acquire(runId, owner, sighting, run.fence)
        : null
    // Somebody began to work on it meanwhile: ask that one to stop.
    if (journal === null) continue
    // Should this host die now, whoever takes the run up ends it all the same.
    await services.journal.requestCancel(runId)
    if (await endQueued(execution, runId, journal)) return 'accepted'
  }
}

/** @returns `false` when the run is in other hands by now, or has ended */
async function endQueued(
  { services, report }: Pick<Execution, 'services' | 'report'>,
  runId: string,
  journal: OpenJournal,
): Promise<boolean> {
  const claimed = await services.runs.claim(runId, journal.lease.fence)
  if (claimed === null) {
    await giveBack(journal)
    return false
  }
  try {
    await finishRun(services, report, claimed, journal, endOf(claimed))
    return true
  } catch (error) {
    if (error instanceof LeaseLost) return false
    throw error
  }
}

/** A run whose end was decided and that only lacks its report keeps that end. */
function endOf({ decided, error }: RunRecord): RunEnd {
  return decided === null ? { status: 'cancelled', error: null } : { status: decided, error }
}
