import type { TransactionAction } from '@azure/data-tables'
import { type Clock, LeaseLost } from '../../ports.ts'
import type { TakenLease } from './acquire-lease.ts'
import { FencedRow } from './fenced-row.ts'
import { encodeKey } from './keys.ts'
import {
  type LaneRow,
  type LeaseRow,
  laneKeys,
  leaseKey,
  leaseTouch,
  readLane,
  readLease,
} from './lease-row.ts'
import type { Table } from './table.ts'

/** What a transaction changes in the lease row itself. */
export interface LeaseChange {
  readonly begunThrough?: number
  readonly state?: 'released'
}

/**
 * A lease in the hands of its holder: the one gate through which everything of a journal is written. One transaction
 * after the other, each with the lease row under If-Match, so that storage refuses a holder that lost it; rows that
 * may be stored in any order go through the lanes, each with a row of its own that is fenced in the same way.
 */
export class HeldLease {
  readonly runId: string
  readonly #table: Table
  readonly #clock: Clock
  readonly #leaseMs: number
  readonly #lease: FencedRow<LeaseRow>
  readonly #lanes: ReadonlyMap<string, FencedRow<LaneRow>>
  #touchedMs: number
  #isOver = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(
    table: Table,
    clock: Clock,
    leaseSeconds: number,
    runId: string,
    { row, lanes, touchedMs }: TakenLease,
  ) {
    this.runId = runId
    this.#table = table
    this.#clock = clock
    this.#leaseMs = leaseSeconds * 1000
    this.#touchedMs = touchedMs
    this.#lease = new FencedRow({
      table,
      clock,
      row,
      readOwn: () => this.#own(readLease(table, runId)),
      touch: () => leaseTouch(runId, clock.now()),
    })
    this.#lanes = new Map(lanes.map((lane, index) => this.#laneOf(lane, laneKeys[index] ?? '')))
  }

  get fence(): number {
    return this.#lease.row.fence
  }

  get begunThrough(): number {
    return this.#lease.row.begunThrough
  }

  get cancelRequested(): boolean {
    return this.#lease.row.cancelRequested
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

  /**
   * Stores groups of rows in any order, several at once, each as one transaction; nothing is under way when it ends.
   * @throws LeaseLost, SyncError `STORAGE_UNAVAILABLE`
   */
  async commitAll(groups: Iterable<readonly TransactionAction[]>): Promise<void> {
    const lanes = [...this.#lanes.values()].map(async (lane) => {
      // Each lane takes the next group when storage has its last one; the first that fails ends the groups for all.
      for (const group of groups) {
        if (this.#isOver) throw this.#lost()
        await lane.commit(group)
      }
    })
    const failed = (await Promise.allSettled(lanes)).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
  }

  /** Looks at the row without writing it. @throws LeaseLost */
  async look(): Promise<void> {
    if (this.#isOver) throw this.#lost()
    const row = await this.#own(readLease(this.#table, this.runId))
    if (row.cancelRequested) this.#lease.note({ cancelRequested: true })
  }

  /** Gives the lease back; it cannot be used any more. */
  release(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#commitNow([], { state: 'released' })
      this.#isOver = true
    })
  }

  /** Deletes the rows of the lease; it cannot be used any more. */
  delete(): Promise<void> {
    return this.#inTurn(() => this.#deleteNow())
  }

  #laneOf(row: LaneRow, rowKey: string): readonly [string, FencedRow<LaneRow>] {
    const partitionKey = encodeKey(this.runId)
    const lane = new FencedRow({
      table: this.#table,
      clock: this.#clock,
      row,
      readOwn: () => this.#own(readLane(this.#table, this.runId, rowKey)),
      touch: () => ({ partitionKey, rowKey }),
    })
    return [rowKey, lane]
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
    this.#touchedMs = await this.#lease.commit(actions, change)
  }

  // A transaction cannot delete under an ETag. The lease goes first: without it nobody takes these lanes for alive.
  async #deleteNow(): Promise<void> {
    const partition = encodeKey(this.runId)
    for (;;) {
      const answer = await this.#table.remove(partition, leaseKey, this.#lease.row.etag)
      if (answer.status === 'done' || answer.reason === 'missing') break
      await this.#lease.refresh()
    }
    this.#isOver = true
    // One that has another ETag by now belongs to a new holder.
    const removals = [...this.#lanes].map(([rowKey, { row }]) =>
      this.#table.remove(partition, rowKey, row.etag),
    )
    await Promise.all(removals)
  }

  async #own<R extends LaneRow>(reading: Promise<R | null>): Promise<R> {
    const row = await reading
    if (this.#isOver || row?.holder !== this.#lease.row.holder) throw this.#lost()
    return row
  }

  #lost(): LeaseLost {
    this.#isOver = true
    return new LeaseLost(this.runId)
  }
}
