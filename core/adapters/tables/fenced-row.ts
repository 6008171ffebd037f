import type { TransactionAction } from '@azure/data-tables'
import { SyncError } from '../../errors.ts'
import type { Clock } from '../../ports.ts'
import { type LaneRow, newMark } from './lease-row.ts'
import type { SubmitAnswer, Table } from './table.ts'

export interface FencedRowOptions<R extends LaneRow> {
  readonly table: Table
  readonly clock: Clock
  readonly row: R
  /** The row as it is stored now, while it is ours. @throws LeaseLost */
  readonly readOwn: () => Promise<R>
  /** Key columns and what else each touch stores. */
  readonly touch: () => { readonly partitionKey: string; readonly rowKey: string }
}

/**
 * A row that rides in every transaction of its holder under the ETag that the one before has left: one transaction
 * after the other, and storage refuses each once somebody else has replaced the row.
 */
export class FencedRow<R extends LaneRow> {
  readonly #options: FencedRowOptions<R>
  #row: R

  constructor(options: FencedRowOptions<R>) {
    this.#options = options
    this.#row = options.row
  }

  get row(): R {
    return this.#row
  }

  /** Takes over what is stored by now. @throws LeaseLost */
  async refresh(): Promise<void> {
    this.#row = await this.#options.readOwn()
  }

  /** What was seen of the row without its ETag. */
  note(seen: Partial<R>): void {
    this.#row = { ...this.#row, ...seen }
  }

  /**
   * Stores rows together with a touch of this one.
   * @returns monotonic moment at which the attempt began that was stored
   * @throws LeaseLost, SyncError `STORAGE_UNAVAILABLE`, `STORED_ROW_INVALID`
   */
  async commit(actions: readonly TransactionAction[], change: Partial<R> = {}): Promise<number> {
    const beat = newMark()
    for (;;) {
      const { etag } = this.#row
      const startedMs = this.#options.clock.monotonic()
      const touch = { ...this.#options.touch(), ...change, beat }
      const [answer, failure] = await settled(
        this.#options.table.submit([['update', touch, 'Merge', { etag }], ...actions]),
      )
      if (answer?.status === 'done') {
        this.#row = { ...this.#row, ...change, beat, etag: answer.etags[0] ?? '' }
        return startedMs
      }
      // Refused, or no answer. Retries of the client may have met what its own first attempt stored.
      await this.refresh()
      if (this.#row.beat === beat) return startedMs
      if (this.#row.etag === etag) throw failure ?? this.#missingRow()
      // Only a request to cancel came between: it is noted, the transaction goes again.
    }
  }

  #missingRow(): SyncError {
    const { table, touch } = this.#options
    return new SyncError(
      'STORED_ROW_INVALID',
      `table ${table.name}, PartitionKey ${touch().partitionKey}: a change of the stored plan is gone; cancel the run and start another`,
    )
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
