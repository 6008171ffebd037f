import { odata } from '@azure/data-tables'
import type { JournalChange } from '../../model/change.ts'
import type { Clock, JournalStore, LeaseSighting, OpenJournal } from '../../ports.ts'
import { acquireLease } from './acquire-lease.ts'
import { decodeChanges } from './change-row.ts'
import { HeldLease } from './held-lease.ts'
import { afterDigits, encodeKey } from './keys.ts'
import { leaseKey, readLease, sightingOf } from './lease-row.ts'
import { takePage } from './paging.ts'
import type { Table } from './table.ts'
import { TableOpenJournal } from './table-open-journal.ts'
import { writeRows } from './transactions.ts'

/** `CloudSyncChanges`: changes of runs, and the lease of each unfinished one. */
export class TableJournalStore implements JournalStore {
  readonly #table: Table
  readonly #clock: Clock
  readonly #leaseSeconds: number

  constructor(table: Table, clock: Clock, leaseSeconds: number) {
    this.#table = table
    this.#clock = clock
    this.#leaseSeconds = leaseSeconds
  }

  async sight(runId: string): Promise<LeaseSighting> {
    return sightingOf(await readLease(this.#table, runId))
  }

  async acquire(
    runId: string,
    owner: string,
    sighting: LeaseSighting,
    above = 0,
  ): Promise<OpenJournal | null> {
    const taken = await acquireLease(this.#table, this.#clock, runId, owner, sighting, above)
    if (taken === null) return null
    const held = new HeldLease(this.#table, this.#clock, this.#leaseSeconds, runId, taken)
    return new TableOpenJournal(this.#table, held)
  }

  async requestCancel(runId: string): Promise<boolean> {
    const lease = { partitionKey: encodeKey(runId), rowKey: leaseKey, cancelRequested: true }
    const answer = await this.#table.submit([['update', lease, 'Merge']])
    return answer.status === 'done'
  }

  async listChanges(
    runId: string,
    filter: {
      readonly action?: string
      readonly status?: string
      readonly limit: number
      readonly continuation?: string
    },
  ): Promise<{ changes: readonly JournalChange[]; continuation?: string }> {
    const { action, status, limit, continuation = '' } = filter
    let query = changesOf(runId) + odata` and RowKey gt ${continuation}`
    if (action !== undefined) query += odata` and action eq ${action}`
    if (status !== undefined) query += odata` and status eq ${status}`
    const page = await takePage(this.#table, { filter: query }, limit)
    const changes = await decodeChanges(this.#table, page.rows)
    return { changes, ...(page.continuation !== null && { continuation: page.continuation }) }
  }

  async *eachChange(runId: string): AsyncGenerator<readonly JournalChange[]> {
    for await (const page of this.#table.pages({ filter: changesOf(runId) })) {
      if (page.length > 0) yield decodeChanges(this.#table, page)
    }
  }

  async purge(runId: string): Promise<void> {
    const partition = encodeKey(runId)
    const filter = odata`PartitionKey eq ${partition}`
    for await (const page of this.#table.pages({ filter, select: ['rowKey'] })) {
      await writeRows(this.#table, { partition, upsert: [], remove: page.map((row) => row.rowKey) })
    }
  }
}

/** The rows of changes alone: the lease and the part rows sort behind them. */
function changesOf(runId: string): string {
  return odata`PartitionKey eq ${encodeKey(runId)} and RowKey lt ${afterDigits}`
}
