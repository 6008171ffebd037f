import type { ChangeOutcome } from '../model/change.ts'
import type { MappingRow } from '../model/mapping.ts'
import { LeaseLost, type MappingStore, type OpenJournal } from '../ports.ts'

/** What is stored once a write is made: the mapping row first, then the outcome. */
export interface Commit {
  readonly outcome: ChangeOutcome
  readonly row: MappingRow | null
  readonly removeRows: readonly string[]
}

interface Pending extends Commit {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const mostPerCommit = 90

/**
 * Stores outcomes right after their writes, as a database groups commits: one commit is under way, what arrives
 * meanwhile goes with the next. The mapping row is stored before the outcome, so that a crash between them loses
 * no mapping; nothing is reported before it is stored (contract, section 9).
 */
export class Committer {
  readonly #journal: OpenJournal
  readonly #mappings: MappingStore
  #pending: Pending[] = []
  #isDraining = false

  constructor(journal: OpenJournal, mappings: MappingStore) {
    this.#journal = journal
    this.#mappings = mappings
  }

  /** Resolves once row and outcome are stored. @throws LeaseLost, SyncError `STORAGE_UNAVAILABLE` */
  commit(commit: Commit): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ ...commit, resolve, reject })
      if (!this.#isDraining) void this.#drain()
    })
  }

  async #drain(): Promise<void> {
    this.#isDraining = true
    while (this.#pending.length > 0) {
      const group = this.#pending.slice(0, mostPerCommit)
      this.#pending = this.#pending.slice(mostPerCommit)
      try {
        await this.#store(group)
        for (const item of group) item.resolve()
      } catch (error) {
        for (const item of group) item.reject(error)
      }
    }
    this.#isDraining = false
  }

  async #store(group: readonly Pending[]): Promise<void> {
    const upsert = group.flatMap((item) => (item.row === null ? [] : [item.row]))
    const remove = group.flatMap((item) => item.removeRows)
    if (upsert.length > 0 || remove.length > 0) {
      // The table of mappings is not in the journal's partition, so storage cannot fence it: our own clock does.
      if (this.#journal.remainingMs() <= 0) throw new LeaseLost(this.#journal.lease.runId)
      await this.#mappings.write({ upsert, remove })
    }
    await this.#journal.record(group.map((item) => item.outcome))
  }
}
