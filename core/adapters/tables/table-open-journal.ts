import { odata, type TransactionAction } from '@azure/data-tables'
import type { ChangeOutcome, JournalChange } from '../../model/change.ts'
import type { Lease, OpenJournal } from '../../ports.ts'
import { encodeChange, encodeOutcome } from './change-row.ts'
import type { HeldLease } from './held-lease.ts'
import { afterPrefix, encodeKey } from './keys.ts'
import { leaseKey } from './lease-row.ts'
import { type OutcomeBatch, OutcomeGroup } from './outcome-group.ts'
import type { Table } from './table.ts'
import { logPrefix } from './table-run-log-store.ts'
import { deletionOf, inTransactions, rowsPerTransaction, upsertOf } from './transactions.ts'

// The lease row rides in each of them.
const rowsBesideLease = rowsPerTransaction - 1

/** The journal of one run in the hands of its lease holder. */
export class TableOpenJournal implements OpenJournal {
  readonly lease: Lease
  readonly #table: Table
  readonly #partition: string
  readonly #held: HeldLease
  readonly #group = new OutcomeGroup((batch) => this.#store(batch))

  constructor(table: Table, held: HeldLease) {
    this.lease = { runId: held.runId, fence: held.fence }
    this.#table = table
    this.#partition = encodeKey(held.runId)
    this.#held = held
  }

  get begunThrough(): number {
    return this.#held.begunThrough
  }

  get cancelRequested(): boolean {
    return this.#held.cancelRequested
  }

  remainingMs(): number {
    return this.#held.remainingMs()
  }

  async renew(): Promise<{ cancelRequested: boolean }> {
    await this.#held.commit([])
    return { cancelRequested: this.#held.cancelRequested }
  }

  async check(): Promise<{ cancelRequested: boolean }> {
    await this.#held.look()
    return { cancelRequested: this.#held.cancelRequested }
  }

  async storePlan(changes: readonly JournalChange[]): Promise<void> {
    const surplus = await this.#storedKeys()
    await this.#held.commitAll(inTransactions(this.#rowsOf(changes, surplus), rowsBesideLease))
    const removals = [...surplus].map((rowKey) => deletionOf(this.#partition, rowKey))
    await this.#held.commitAll(inTransactions(removals, rowsBesideLease))
  }

  record(outcomes: readonly ChangeOutcome[], begunThrough?: number): Promise<void> {
    return this.#group.add(outcomes, begunThrough)
  }

  release(): Promise<void> {
    return this.#held.release()
  }

  close(): Promise<void> {
    return this.#held.delete()
  }

  // Made one after the other, so that only the rows of transactions under way are in memory.
  *#rowsOf(changes: readonly JournalChange[], surplus: Set<string>): Generator<TransactionAction> {
    for (const change of changes) {
      for (const row of encodeChange(change)) {
        surplus.delete(row.rowKey)
        yield upsertOf(this.#partition, row)
      }
    }
  }

  async #storedKeys(): Promise<Set<string>> {
    const keys = new Set<string>()
    // The lease and the log of earlier slices belong to no plan.
    const filter = odata`PartitionKey eq ${this.#partition} and (RowKey lt ${leaseKey} or RowKey ge ${afterPrefix(leaseKey)}) and (RowKey lt ${logPrefix} or RowKey ge ${afterPrefix(logPrefix)})`
    for await (const page of this.#table.pages({ filter, select: ['rowKey'] })) {
      for (const { rowKey } of page) keys.add(rowKey)
    }
    return keys
  }

  async #store({ outcomes, begunThrough }: OutcomeBatch): Promise<void> {
    const change = begunThrough === undefined ? {} : { begunThrough }
    const merges = outcomes.map((outcome): TransactionAction => {
      const row = encodeOutcome(outcome)
      return ['update', { partitionKey: this.#partition, ...row }, 'Merge']
    })
    const groups = [...inTransactions(merges, rowsBesideLease)]
    // Also without outcomes there is something to store: `begunThrough`, or the proof that the lease is ours.
    for (const group of groups.length === 0 ? [[]] : groups) await this.#held.commit(group, change)
  }
}
