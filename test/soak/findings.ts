/** What must never be, and the one list that a whole soak makes of it. */

export const findingKinds = [
  'wrong suspension',
  'duplicate',
  'lost mapping',
  'rate violation',
  'not converged',
] as const
export type FindingKind = (typeof findingKinds)[number]

export interface Finding {
  readonly kind: FindingKind
  /** What is wrong, in words; the same text is the same finding, however often it is seen. */
  readonly text: string
}

/** Findings without repetition: a state that is wrong is looked at many times. */
export class Findings {
  readonly #found = new Map<string, Finding>()

  get list(): readonly Finding[] {
    return [...this.#found.values()]
  }

  add(kind: FindingKind, texts: readonly string[]): void {
    for (const text of texts) this.#found.set(`${kind} ${text}`, { kind, text })
  }
}
