/** The proof on a customer's own tenant: every question, one after the other. */
import type { Evidence, Verdict } from '../api/verification.ts'
import type { Clock } from '../ports.ts'
import { directoryQuestions } from './directory-questions.ts'
import { exchangeQuestions } from './exchange-questions.ts'
import type { TenantProbe } from './probe.ts'
import { askAll } from './verdict.ts'
import { zivverQuestions } from './zivver-questions.ts'
import { zivverWriteQuestions } from './zivver-write-questions.ts'

export interface Prover {
  readonly probe: TenantProbe
  /** Of Cloud Sync. */
  readonly version: string
  readonly clock: Clock
}

/**
 * The verdicts, as they are kept: they name nobody.
 * @param writeTo address of a throw-away account; `null` = only what reads is asked
 */
export async function gatherEvidence(
  { probe, version, clock }: Prover,
  writeTo: string | null,
): Promise<Evidence> {
  const verdicts = await verifyTenant(probe, writeTo)
  return { made_by: version, made_at: clock.now().toISOString(), verdicts }
}

/** @param writeTo as above */
export function verifyTenant(probe: TenantProbe, writeTo: string | null): Promise<Verdict[]> {
  return askAll([
    ...directoryQuestions(probe),
    ...exchangeQuestions(probe),
    ...zivverQuestions(probe),
    ...zivverWriteQuestions(probe, writeTo),
  ])
}
