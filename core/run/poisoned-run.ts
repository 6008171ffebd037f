import { isFinal } from '../model/run.ts'
import type { RunMessage } from '../ports.ts'
import { finishRun } from './finish-run.ts'
import type { Execution } from './services.ts'
import { takeLease } from './take-lease.ts'

/**
 * Ends a run whose message failed again and again and landed in the poison queue: failed, reported, released.
 * @returns `false` when somebody is working on the run after all, or it has ended
 */
export async function failPoisonedRun(execution: Execution, message: RunMessage): Promise<boolean> {
  const { services, report, owner, leaseSeconds } = execution
  const run = await services.runs.get(message.runId)
  if (run === null || isFinal(run.status)) return false
  const journal = await takeLease(services, message, owner, leaseSeconds)
  if (journal === null) return false
  await finishRun(services, report, run, journal, {
    status: 'failed',
    error: {
      code: 'RUN_POISONED',
      message:
        'the run failed every time it was taken up and was given up; see the log of executeRun',
    },
  })
  return true
}
