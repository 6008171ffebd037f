import { noFlags } from '../core/model/run.ts'
import { requestRun } from '../core/run/request-run.ts'
import type { Invocation } from './invocation.ts'

/**
 * Each tick requests a run and no more: invocations end, and a queue message executes runs of any length. While a run
 * is active, one scheduled run waits; another tick meanwhile adds none.
 */
export async function requestScheduledRun(invocation: Invocation): Promise<void> {
  const mode = invocation.basics.performSync ? 'sync' : 'preview'
  const wish = { trigger: 'schedule', mode, flags: noFlags, requestedBy: 'scheduledSync' } as const
  const answer = await requestRun(invocation.storage(), wish, invocation.newRunId)
  if (answer.status === 'conflict') {
    invocation.logger.log('INFO', 'a scheduled run waits already; this tick adds none', {
      runId: answer.activeRun,
    })
  }
}
