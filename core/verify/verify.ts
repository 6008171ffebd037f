/** The proof on a customer's own tenant: every question, one after the other. */
import { directoryQuestions } from './directory-questions.ts'
import { exchangeQuestions } from './exchange-questions.ts'
import type { TenantProbe } from './probe.ts'
import { askAll, type Verdict } from './verdict.ts'
import { zivverQuestions } from './zivver-questions.ts'
import { zivverWriteQuestions } from './zivver-write-questions.ts'

/** @param writeTo address of a throw-away account; `null` = only what reads is asked */
export function verifyTenant(probe: TenantProbe, writeTo: string | null): Promise<Verdict[]> {
  return askAll([
    ...directoryQuestions(probe),
    ...exchangeQuestions(probe),
    ...zivverQuestions(probe),
    ...zivverWriteQuestions(probe, writeTo),
  ])
}
