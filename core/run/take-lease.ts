import type { OpenJournal, RunMessage } from '../ports.ts'
import type { RunServices } from './services.ts'

/** How often a held lease is looked at while it is observed, per lease length. */
const looksPerLease = 12

/**
 * Takes the lease of a run. A lease that is held is observed: its mark changes while the holder is alive; one that has
 * not changed for a whole lease by our own monotonic clock is stale and is taken over (Table Storage has no clock of
 * its own to ask). A duplicate message ends here as soon as the holder shows life.
 * @returns `null` when somebody else works on the run
 */
export async function takeLease(
  services: Pick<RunServices, 'journal' | 'clock'>,
  message: RunMessage,
  owner: string,
  leaseSeconds: number,
): Promise<OpenJournal | null> {
  const { journal, clock } = services
  const first = await journal.sight(message.runId)
  if (first.state !== 'held' || first.mark === message.staleMark) {
    return journal.acquire(message.runId, owner, first)
  }
  const leaseMs = leaseSeconds * 1000
  const until = clock.monotonic() + leaseMs
  for (;;) {
    await clock.sleep(Math.max(1, Math.min(leaseMs / looksPerLease, until - clock.monotonic())))
    const now = await journal.sight(message.runId)
    if (now.state !== 'held') return journal.acquire(message.runId, owner, now)
    if (now.mark !== first.mark) return null
    if (clock.monotonic() >= until) return journal.acquire(message.runId, owner, now)
  }
}
