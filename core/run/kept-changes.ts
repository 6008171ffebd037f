import type { JournalChange } from '../model/change.ts'
import type { Lease } from '../ports.ts'

interface Kept extends Lease {
  readonly changes: readonly JournalChange[]
}

/**
 * The changes of a run between two slices of one process, which need not be read back then: of the last run alone that
 * was left in the middle, however many tenants a process serves. They are as storage has them as long as nobody else held
 * the lease, for without it nobody writes a journal; each holder's fence is higher than the one before.
 */
export class KeptChanges {
  #kept: Kept | null = null

  /** @param lease under which everything of them was stored, given back since */
  keep({ runId, fence }: Lease, changes: readonly JournalChange[]): void {
    this.#kept = { runId, fence, changes }
  }

  /**
   * Hands the changes over, once.
   * @param lease taken from one that was given back
   * @returns `null` when others are kept, or somebody else held the lease in between
   */
  take({ runId, fence }: Lease): readonly JournalChange[] | null {
    const kept = this.#kept
    this.#kept = null
    return kept?.runId === runId && kept.fence + 1 === fence ? kept.changes : null
  }
}
