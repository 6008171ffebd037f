import type { Verdict } from '../api/verification.ts'

/** A question before it is asked. */
export interface Question {
  readonly id: string
  readonly assumption: string
  readonly ask: () => Promise<Pick<Verdict, 'verdict' | 'evidence'>>
}

/** Asks one question after the other; one that breaks is unclear, and the others go on. */
export async function askAll(questions: readonly Question[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const { id, assumption, ask } of questions) {
    const answer = await ask().catch((error: unknown) => ({
      verdict: 'unclear' as const,
      evidence: { stopped_by: codeOf(error) },
    }))
    verdicts.push({ id, assumption, ...answer })
  }
  return verdicts
}

// The message of an error may quote what an upstream said.
function codeOf(error: unknown): string {
  const isCoded = error instanceof Error && 'code' in error && typeof error.code === 'string'
  return isCoded && /^[A-Z_]+$/.test(String(error.code)) ? String(error.code) : 'an error'
}

/**
 * @param holds `null` = the answer could not show it
 * @param evidence with `status` = `null` where no answer came: then nothing is concluded
 */
export function judged(
  holds: boolean | null,
  evidence: Verdict['evidence'],
): Pick<Verdict, 'verdict' | 'evidence'> {
  const isUnclear = holds === null || evidence['status'] === null
  return { verdict: isUnclear ? 'unclear' : holds ? 'holds' : 'fails', evidence }
}
