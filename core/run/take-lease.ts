import type { JournalChange } from '../model/change.ts'
import type { RunRecord } from '../model/run.ts'
import { LeaseLost, type OpenJournal } from '../ports.ts'
import type { Execution, RunServices } from './services.ts'

/** A run in the hands of its executor. */
export interface TakenRun {
  /** As it is under the lease: what another executor stored meanwhile counts. */
  readonly run: RunRecord
  readonly journal: OpenJournal
  /** The changes of the stored plan, where this process has them from its last slice; `null` = they are to be read. */
  readonly kept: readonly JournalChange[] | null
}

/** How often a held lease is looked at while it is observed, per lease length. */
const looksPerLease = 12

/**
 * Takes the lease of a run and puts its fence into the run's row: from here on storage refuses whatever an earlier
 * executor still writes, in the journal and in the history.
 * @param staleMark mark of a lease that the sender of the message proved stale
 * @returns `null` when somebody else works on the run, or it has ended
 */
export async function takeRun(
  services: RunServices,
  run: RunRecord,
  staleMark: string | undefined,
  { owner, leaseSeconds, keptChanges }: Pick<Execution, 'owner' | 'leaseSeconds' | 'keptChanges'>,
): Promise<TakenRun | null> {
  const sighting = await observe(services, run.id, staleMark, leaseSeconds)
  if (sighting === null) return null
  const journal = await services.journal.acquire(run.id, owner, sighting, run.fence)
  if (journal === null) return null
  const claimed = await services.runs.claim(run.id, journal.lease.fence)
  if (claimed === null) {
    await giveBack(journal)
    return null
  }
  const own = keptChanges.take(journal.lease)
  // Where the lease's row was gone, the others may be gone as well.
  const taken = { run: claimed, journal, kept: sighting.state === 'released' ? own : null }
  if (sighting.state !== 'held') return taken
  // The executor before was lost: nobody knows its last call to Zivver, but its lease has only just ended.
  const zivverCalledAt = services.clock.now().toISOString()
  return { ...taken, run: { ...claimed, zivverCalledAt } }
}

/** Gives back the lease of a run that is not to be worked on here; somebody else may have taken it meanwhile. */
export async function giveBack(journal: OpenJournal): Promise<void> {
  try {
    await journal.close()
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error
  }
}

/**
 * Deletes a lease row that is left over in the partition of a run that has ended: a message too many took the lease
 * just then, and its host died before it gave it back. Nobody works on such a run, so it need not be observed. The
 * message comes again because its host died, and so does whoever asks for the run.
 */
export async function dropStrayLease(
  { journal }: Pick<RunServices, 'journal'>,
  runId: string,
  owner: string,
): Promise<void> {
  const sighting = await journal.sight(runId)
  if (sighting.state === 'none') return
  const stray = await journal.acquire(runId, owner, sighting)
  if (stray !== null) await giveBack(stray)
}

/**
 * Looks at a lease until it is free to be taken. A lease that is held is observed: its mark changes while the holder is
 * alive; one that has not changed for a whole lease by our own monotonic clock is stale (Table Storage has no clock of
 * its own to ask). A duplicate message ends here as soon as the holder shows life.
 */
async function observe(
  { journal, clock }: Pick<RunServices, 'journal' | 'clock'>,
  runId: string,
  staleMark: string | undefined,
  leaseSeconds: number,
): Promise<Awaited<ReturnType<RunServices['journal']['sight']>> | null> {
  const first = await journal.sight(runId)
  if (first.state !== 'held' || first.mark === staleMark) return first
  const leaseMs = leaseSeconds * 1000
  const until = clock.monotonic() + leaseMs
  for (;;) {
    await clock.sleep(Math.max(1, Math.min(leaseMs / looksPerLease, until - clock.monotonic())))
    const now = await journal.sight(runId)
    if (now.state !== 'held') return now
    if (now.mark !== first.mark) return null
    if (clock.monotonic() >= until) return now
  }
}
