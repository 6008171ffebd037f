/** What a question to the real services came to. */
export interface Verdict {
  /** Stable: `exchange.paging`. */
  readonly id: string
  /** What Cloud Sync relies on, as a statement. */
  readonly assumption: string
  /**
   * `holds` and `fails`: the services said so. `unclear`: they could not show it (a tenant too small, no answer).
   * `not_asked`: a write question, and writing was not allowed.
   */
  readonly verdict: 'holds' | 'fails' | 'unclear' | 'not_asked'
  /** Numbers, statuses, and words of closed lists: never a name, an address, an id or a secret. */
  readonly evidence: Readonly<Record<string, Evidence>>
}

type Evidence = string | number | boolean | null | readonly string[]

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

export function judged(
  holds: boolean | null,
  evidence: Verdict['evidence'],
): Pick<Verdict, 'verdict' | 'evidence'> {
  return { verdict: holds === null ? 'unclear' : holds ? 'holds' : 'fails', evidence }
}
