import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { type Evidence, evidenceSchema } from '../core/api/verification.ts'
import { describeFaults, type Settings } from '../core/config.ts'
import { SyncError } from '../core/errors.ts'
import { guardedProbe } from '../core/verify/guarded-probe.ts'
import type { TenantProbe } from '../core/verify/probe.ts'
import { gatherEvidence } from '../core/verify/verify.ts'
import { jsonAnswer, problemAnswer } from './answers.ts'
import type { Invocation } from './invocation.ts'

/**
 * Azure cuts an HTTP request that has no answer after 230 s; a call that was begun may take 90 s, half a minute of
 * waiting for the rate limit included.
 */
const beginsCallsForMs = 130_000

/**
 * `POST /api/verify`: asks the services, by reading only, whether they behave as Cloud Sync relies on. Nothing is kept:
 * the answer is the evidence. Refused while a run is active.
 */
export async function verifyTenant(
  _request: HttpRequest,
  invocation: Invocation,
  openProbe: (settings: Settings) => TenantProbe,
): Promise<HttpResponseInit> {
  const { settings, version, clock, logger } = invocation
  if (!settings.ok) throw new SyncError('CONFIG_INVALID', describeFaults(settings.faults))
  const { runs } = invocation.storage()
  const activeRun = async () => (await runs.slots()).active
  const active = await activeRun()
  if (active !== null) {
    const detail = `Run ${active} is queued or running, and may use the whole rate limit of Zivver. Ask again when it has ended.`
    return problemAnswer(409, detail, { active_run: active })
  }
  const beginsUntil = clock.monotonic() + beginsCallsForMs
  const probe = guardedProbe(openProbe(settings.settings), { clock, beginsUntil, activeRun })
  const evidence = await gatherEvidence({ probe, version, clock }, null)
  logger.log('INFO', 'the tenant was verified', countsOf(evidence))
  return jsonAnswer(evidenceSchema, evidence)
}

function countsOf({ verdicts }: Evidence): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { verdict } of verdicts) counts[verdict] = (counts[verdict] ?? 0) + 1
  return counts
}
