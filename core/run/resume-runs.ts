import type { RunRecord } from '../model/run.ts'
import type { Execution, RunServices } from './services.ts'

/**
 * Re-queues runs that are queued or running without a live lease (contract, section 3). Recovery never waits for the
 * queue: a message may be invisible for minutes after its host died. A held lease is observed for its whole length,
 * and the message that follows carries its mark, so that it is taken over without a second observation.
 */
export async function resumeRuns(
  execution: Pick<Execution, 'services' | 'leaseSeconds'>,
): Promise<void> {
  const { services, leaseSeconds } = execution
  const unfinished = await services.runs.unfinished()
  const { active } = await services.runs.slots()
  const now = services.clock.now().toISOString()
  const due = unfinished.filter(
    (run) => run.id === active && (run.resumeAt === null || run.resumeAt <= now),
  )
  await Promise.all(due.map((run) => resumeRun(services, run, leaseSeconds * 1000)))
}

async function resumeRun(services: RunServices, run: RunRecord, leaseMs: number): Promise<void> {
  const first = await services.journal.sight(run.id)
  if (first.state === 'held') {
    const until = services.clock.monotonic() + leaseMs
    while (services.clock.monotonic() < until) {
      await services.clock.sleep(Math.min(leaseMs / 12, until - services.clock.monotonic()))
      const now = await services.journal.sight(run.id)
      if (now.state !== 'held' || now.mark !== first.mark) return
    }
  }
  // Without a lease it was just requested, or its message is lost: nobody can tell, and a message too many is dropped.
  const level = first.state === 'held' ? 'WARNING' : 'DEBUG'
  const what =
    first.state === 'held' ? 'run whose host died is queued again' : 'message of a run sent again'
  services.logger.log(level, what, { runId: run.id, lease: first.state })
  await services.queue.enqueue(
    first.state === 'held' ? { runId: run.id, staleMark: first.mark } : { runId: run.id },
  )
}
