import { executeRun } from '../core/run/execute-run.ts'
import type { Invocation } from './invocation.ts'
import { parseRunMessage } from './run-message.ts'

/**
 * Executes one slice of the run that a message names. What it throws makes the host deliver the message again; after
 * five times it lands in the poison queue.
 */
export async function executeMessage(item: unknown, invocation: Invocation): Promise<void> {
  const message = parseRunMessage(item, invocation.basics.partition)
  if (typeof message === 'string') {
    invocation.logger.log('ERROR', `dropped: ${message}`)
    return
  }
  const { runId } = message
  try {
    await executeRun(invocation.execution(runId), message)
  } finally {
    await invocation.settleLog(runId)
  }
}
