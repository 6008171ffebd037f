import type { TransactionAction } from '@azure/data-tables'
import { SyncError } from '../../errors.ts'
import { type Clock, LeaseLost } from '../../ports.ts'
import type { TakenLease } from './acquire-lease.ts'
import { encodeKey } from './keys.ts'
import { type LeaseRow, leaseKey, leaseTouch, newMark, readLease } from './lease-row.ts'
import type { SubmitAnswer, Table } from './table.ts'

/** What a transaction changes in the lease row itself. */
export interface LeaseChange {
  readonly begunThrough?: number
  readonly state?: 'released'
}

/**
 * A lease in the hands of its holder: the one gate through which everything of a journal is written. One transaction
 * after the other, each with the lease row under If-Match, so that storage refuses a holder that lost it.
 */
export class HeldLease {
  readonly runId: string
  readonly #table: Table
  readonly #clock: Clock
  readonly #leaseMs: number
  #row: LeaseRow
  #touchedMs: number
  #isOver = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(
    table: Table,
    clock: Clock,
    leaseSeconds: number,
    runId: string,
    { row, touchedMs }: TakenLease,
  ) {
    this.runId = runId
    this.#table = table
    this.#clock = clock
    this.#leaseMs = leaseSeconds * 1000
    this.#row = row
    this.#touchedMs = touchedMs
  }

  get fence(): number {
    return this.#row.fence
  }

  get begunThrough(): number {
    return this.#row.begunThrough
  }

  get cancelRequested(): boolean {
    return this.#row.cancelRequested
  }

  /** Counted from the start of the last confirmed touch: the observer cannot have seen it earlier. */
  remainingMs(): number {
    if (this.#isOver) return 0
    return Math.max(0, this.#touchedMs + this.#leaseMs - this.#clock.monotonic())
  }

  /**
   * Stores rows together with a touch of the lease, after everything that was begun before.
   * @throws LeaseLost, SyncError `STORAGE_UNAVAILABLE`
   */
  commit(actions: readonly TransactionAction[], change: LeaseChange = {}): Promise<void> {
    return this.#inTurn(() => this.#commitNow(actions, change))
  }

  /** Looks at the row without writing it. @throws LeaseLost */
  async look(): Promise<void> {
    if (this.#isOver) throw this.#lost()
    const row = await readLease(this.#table, this.runId)
    if (this.#isOver || row?.holder !== this.#row.holder) throw this.#lost()
    if (row.cancelRequested) this.#row = { ...this.#row, cancelRequested: true }
  }

  /** Gives the lease back; it cannot be used any more. */
  release(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#commitNow([], { state: 'released' })
      this.#isOver = true
    })
  }

  /** Deletes the lease row; the lease cannot be used any more. */
  delete(): Promise<void> {
    return this.#inTurn(() => this.#deleteNow())
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (this.#isOver) throw this.#lost()
      return work()
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #commitNow(actions: readonly TransactionAction[], change: LeaseChange): Promise<void> {
    const beat = newMark()
    for (;;) {
      const { etag } = this.#row
      const startedMs = this.#clock.monotonic()
      const touch = { ...leaseTouch(this.runId, this.#clock.now()), ...change, beat }
      const [answer, failure] = await settled(
        this.#table.submit([['update', touch, 'Merge', { etag }], ...actions]),
      )
      if (answer?.status === 'done') {
        return this.#confirm(startedMs, {
          ...this.#row,
          ...change,
          beat,
          etag: answer.etags[0] ?? '',
        })
      }
      // Refused, or no answer. Retries of the client may have met what its own first attempt stored.
      const row = await this.#readOwn()
      if (row.beat === beat) return this.#confirm(startedMs, row)
      this.#row = row
      if (row.etag === etag) throw failure ?? this.#missingRow()
      // Only a request to cancel came between: it is noted, the transaction goes again.
    }
  }

  async #deleteNow(): Promise<void> {
    for (;;) {
      const answer = await this.#table.remove(encodeKey(this.runId), leaseKey, this.#row.etag)
      if (answer.status === 'done' || answer.reason === 'missing') break
      this.#row = await this.#readOwn()
    }
    this.#isOver = true
  }

  #confirm(startedMs: number, row: LeaseRow): void {
    this.#row = row
    this.#touchedMs = startedMs
  }

  async #readOwn(): Promise<LeaseRow> {
    const row = await readLease(this.#table, this.runId)
    if (row?.holder !== this.#row.holder) throw this.#lost()
    return row
  }

  #missingRow(): SyncError {
    return new SyncError(
      'STORED_ROW_INVALID',
      `table ${this.#table.name}, PartitionKey ${this.runId}: a change of the stored plan is gone; cancel the run and start another`,
    )
  }

  #lost(): LeaseLost {
    this.#isOver = true
    return new LeaseLost(this.runId)
  }
}

async function settled(
  answer: Promise<SubmitAnswer>,
): Promise<readonly [SubmitAnswer | null, unknown]> {
  try {
    return [await answer, null]
  } catch (error) {
    return [null, error]
  }
}
