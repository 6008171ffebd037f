import { failPoisonedRun } from '../core/run/poisoned-run.ts'
import type { Invocation } from './invocation.ts'
import { parseRunMessage } from './run-message.ts'

/** Ends a run whose message failed again and again: failed, reported, and out of the way of the next one. */
export async function failMessage(item: unknown, invocation: Invocation): Promise<void> {
  const message = parseRunMessage(item)
  if (message === null) {
    invocation.logger.log('ERROR', 'A message in the poison queue names no run and is dropped')
    return
  }
  const wasEnded = await failPoisonedRun(invocation.execution(), message)
  invocation.logger.log(
    wasEnded ? 'ERROR' : 'INFO',
    wasEnded ? 'The run failed every time and was ended' : 'The run goes on or has ended already',
    { runId: message.runId },
  )
}
