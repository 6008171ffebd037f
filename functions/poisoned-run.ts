import { failPoisonedRun } from '../core/run/poisoned-run.ts'
import type { Invocation } from './invocation.ts'
import { parseRunMessage } from './run-message.ts'

/** Ends a run whose message failed again and again: failed, reported, and out of the way of the next one. */
export async function failMessage(item: unknown, invocation: Invocation): Promise<void> {
  const message = parseRunMessage(item, invocation.basics.partition)
  if (typeof message === 'string') {
    invocation.logger.log('ERROR', `dropped from the poison queue: ${message}`)
    return
  }
  const wasEnded = await failPoisonedRun(invocation.execution(message.runId), message)
  await invocation.settleLog(message.runId)
  invocation.logger.log(
    wasEnded ? 'ERROR' : 'INFO',
    wasEnded ? 'the run failed every time and was given up' : 'the run goes on, or ended already',
    { runId: message.runId },
  )
}
