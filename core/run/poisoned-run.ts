import { isFinal } from '../model/run.ts'
import { LeaseLost, type RunMessage } from '../ports.ts'
import { finishRun, type RunEnd } from './finish-run.ts'
import type { Execution } from './services.ts'
import { asStored } from './stored-run.ts'
import { dropStrayLease, takeRun } from './take-lease.ts'

const poisoned: RunEnd = {
  status: 'failed',
  error: {
    code: 'RUN_POISONED',
    message:
      'the run failed every time it was taken up and was given up; see the log of executeRun',
  },
}

/**
 * Ends a run whose message failed again and again and landed in the poison queue: failed, reported, released. One whose
 * end was decided already keeps that end.
 * @returns `false` when somebody is working on the run after all, or it has ended
 */
export async function failPoisonedRun(execution: Execution, message: RunMessage): Promise<boolean> {
  const { services, report } = execution
  const run = await services.runs.get(message.runId)
  if (run === null) return false
  if (isFinal(run.status)) {
    await dropStrayLease(services, run.id, execution.owner)
    return false
  }
  const taken = await takeRun(services, run, message.staleMark, execution)
  if (taken === null) return false
  const current = await asStored(services, taken.run)
  const { decided, error } = current
  const end = decided === null ? poisoned : { status: decided, error }
  try {
    await finishRun(services, report, current, taken.journal, end)
    return true
  } catch (failure) {
    if (failure instanceof LeaseLost) return false
    throw failure
  }
}
