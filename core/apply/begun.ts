import type { OpenJournal } from '../ports.ts'

/** So many positions are declared begun at once: at most these creates are looked up after a crash. */
const block = 32

/**
 * Which creates and suspensions may have reached Zivver without anybody knowing: those up to the stored position that
 * have no outcome. It is stored in blocks, before the first request of a block leaves. Any other write is made again
 * without asking, and by whom it was made does not matter.
 */
export class Begun {
  readonly #journal: OpenJournal
  /** Left by an executor that died. */
  readonly #inherited: number
  /** Of this executor, without an answer so far. */
  readonly #unanswered = new Set<number>()
  #declared: number
  #storing: Promise<void> = Promise.resolve()

  constructor(journal: OpenJournal) {
    this.#journal = journal
    this.#inherited = journal.begunThrough
    this.#declared = this.#inherited
  }

  /** Resolves once it is stored that this position may have begun. @throws LeaseLost, SyncError `STORAGE_UNAVAILABLE` */
  declare(position: number): Promise<void> {
    if (position > this.#declared) {
      this.#declared = position + block
      this.#storing = this.#journal.record([], this.#declared)
    }
    // Also who finds its position declared waits: the block may still be on its way.
    return this.#storing
  }

  /** True when an executor before this one may have made the create of this position. */
  isUncertain(position: number): boolean {
    return position <= this.#inherited
  }

  unanswered(position: number): void {
    this.#unanswered.add(position)
  }

  answered(position: number): void {
    this.#unanswered.delete(position)
  }

  /**
   * Nothing is under way any more: uncertain are those without an answer, and those that were so
   * before and were not reached.
   * @param left positions that are still to be done
   */
  async settle(left: readonly number[]): Promise<void> {
    if (this.#declared === 0) return
    const inherited = left.filter((position) => position <= this.#inherited)
    await this.#journal.record([], Math.max(0, ...inherited, ...this.#unanswered))
  }
}
