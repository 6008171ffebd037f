import type { ChangeOutcome } from '../../model/change.ts'

/** Outcomes that go together. */
export interface OutcomeBatch {
  /** One for each change: of two outcomes of one change the later counts. */
  readonly outcomes: readonly ChangeOutcome[]
  /** The value given last; absent = stays. */
  readonly begunThrough: number | undefined
}

interface Waiting {
  readonly outcomes: readonly ChangeOutcome[]
  readonly begunThrough: number | undefined
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit: while one batch is being stored, further callers wait and go together in the next. Nobody waits
 * longer than for the batch that is under way and the own one.
 */
export class OutcomeGroup {
  readonly #store: (batch: OutcomeBatch) => Promise<void>
  #waiting: Waiting[] = []
  #isStoring = false

  /** @param store stores a batch; one at a time */
  constructor(store: (batch: OutcomeBatch) => Promise<void>) {
    this.#store = store
  }

  /** Resolves once the outcomes are stored; rejects with what their batch failed with. */
  add(outcomes: readonly ChangeOutcome[], begunThrough?: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ outcomes, begunThrough, resolve, reject })
      void this.#storeAll()
    })
  }

  async #storeAll(): Promise<void> {
    if (this.#isStoring) return
    this.#isStoring = true
    // Callers of this very moment go together.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        await this.#store(batchOf(group))
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#isStoring = false
  }
}

function batchOf(group: readonly Waiting[]): OutcomeBatch {
  const outcomes = new Map<number, ChangeOutcome>()
  for (const outcome of group.flatMap((waiting) => waiting.outcomes)) {
    const scimId = outcome.scimId ?? outcomes.get(outcome.sequence)?.scimId ?? null
    outcomes.set(outcome.sequence, { ...outcome, scimId })
  }
  const begunThrough = group.findLast((waiting) => waiting.begunThrough !== undefined)?.begunThrough
  return { outcomes: [...outcomes.values()], begunThrough }
}
