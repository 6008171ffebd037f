import { odata } from '@azure/data-tables'
import { SyncError } from '../../errors.ts'
import { isFinal, type RunRecord, runStatuses } from '../../model/run.ts'
import { LeaseLost, type Logger } from '../../ports.ts'
import { afterDigits, afterPrefix } from './keys.ts'
import { partPrefix } from './long-values.ts'
import { takePage } from './paging.ts'
import { isRunId } from './run-id.ts'
import { decodeRuns, encodeRun } from './run-row.ts'
import type { Table, TableRow } from './table.ts'
import { type Row, writeRows } from './transactions.ts'

/** A refused write means that somebody else got on: more often in a row it does not happen to one tenant's few hosts. */
export const writeAttempts = 25

/** The rows of a tenant's runs; its slots are the business of `TableRunStore`. */
export class RunHistory {
  readonly table: Table
  readonly partition: string
  readonly #logger: Logger
  /** ETags of unfinished runs that a fence of this process wrote last: an update needs no read before it. */
  readonly #written = new Map<string, { readonly etag: string; readonly fence: number }>()

  /** @param partition encoded PartitionKey */
  constructor(table: Table, partition: string, logger: Logger) {
    this.table = table
    this.partition = partition
    this.#logger = logger
  }

  async get(id: string): Promise<RunRecord | null> {
    const row = await this.readRow(id)
    return row === null ? null : ((await decodeRuns(this.table, [row]))[0] ?? null)
  }

  async list(
    limit: number,
    continuation = '',
  ): Promise<{ runs: readonly RunRecord[]; continuation?: string }> {
    const filter = odata`PartitionKey eq ${this.partition} and RowKey gt ${continuation} and RowKey lt ${afterDigits}`
    const page = await takePage(this.table, { filter }, limit)
    const runs = await decodeRuns(this.table, page.rows)
    return { runs, ...(page.continuation !== null && { continuation: page.continuation }) }
  }

  async claim(id: string, fence: number): Promise<RunRecord | null> {
    for (let attempt = 0; attempt < writeAttempts; attempt++) {
      const row = await this.readRow(id)
      if (row === null || isFinalRow(row) || fenceOf(row) >= fence) return null
      const entity = { partitionKey: this.partition, rowKey: id, fence }
      const answer = await this.table.submit([['update', entity, 'Merge', { etag: row.etag }]])
      if (answer.status !== 'done') continue
      this.#written.set(id, { etag: answer.etags[0] ?? '', fence })
      return (await decodeRuns(this.table, [{ ...row, fence }]))[0] ?? null
    }
    throw this.tooManyAttempts(`run ${id} claimed`)
  }

  /** A late host's update of a run that has ended, or is gone, changes nothing. */
  async update(id: string, properties: Partial<RunRecord>, fence: number): Promise<void> {
    const row = await this.prepareRow(id, properties)
    for (let attempt = 0; attempt < writeAttempts; attempt++) {
      const etag = await this.#etagFor(id, fence)
      if (etag === null) {
        this.#logger.log('WARNING', 'an update of a run that has ended was dropped', { runId: id })
        return
      }
      const entity = { partitionKey: this.partition, ...row }
      const answer = await this.table.submit([['update', entity, 'Merge', { etag }]])
      if (answer.status === 'done') {
        this.#written.set(id, { etag: answer.etags[0] ?? '', fence })
        return
      }
      this.#written.delete(id)
    }
    throw this.tooManyAttempts(`run ${id} updated`)
  }

  /** Stores the part rows of these properties. @returns the row that names them, not yet stored */
  async prepareRow(id: string, properties: Partial<RunRecord>): Promise<Row> {
    const { row, parts } = encodeRun(id, properties)
    await writeRows(this.table, { partition: this.partition, upsert: parts, remove: [] })
    return row
  }

  readRow(id: string): Promise<TableRow | null> {
    return isRunId(id) ? this.table.read(this.partition, id) : Promise.resolve(null)
  }

  /** Rows of runs that are queued or running, the oldest first. */
  async unfinishedRows(): Promise<TableRow[]> {
    const rows: TableRow[] = []
    const filter = odata`PartitionKey eq ${this.partition} and RowKey lt ${afterDigits} and (status eq 'queued' or status eq 'running')`
    for await (const page of this.table.pages({ filter })) rows.push(...page)
    return rows.reverse()
  }

  /** The run's row will be replaced: what is known of it is out of date. */
  forget(id: string): void {
    this.#written.delete(id)
  }

  async finishedBefore(before: string): Promise<readonly string[]> {
    const ids: string[] = []
    const filter = odata`PartitionKey eq ${this.partition} and RowKey lt ${afterDigits} and finishedAt gt '' and finishedAt lt ${before}`
    for await (const page of this.table.pages({ filter, select: ['rowKey', 'status'] })) {
      ids.push(...page.filter(isFinalRow).map((row) => row.rowKey))
    }
    return ids
  }

  /** The run's own row goes last: without it nobody would find the rest. */
  async remove(id: string): Promise<void> {
    const parts = await this.#partKeys(id)
    for (const remove of [parts, [id]]) {
      await writeRows(this.table, { partition: this.partition, upsert: [], remove })
    }
  }

  /** @param what completes "nothing could be …" */
  tooManyAttempts(what: string): SyncError {
    return new SyncError(
      'STORAGE_UNAVAILABLE',
      `table ${this.table.name}: nothing could be ${what} in ${writeAttempts} attempts, because others write at the same time`,
    )
  }

  /** @returns the ETag that an update by this fence needs; `null` when the run has ended. @throws LeaseLost */
  async #etagFor(id: string, fence: number): Promise<string | null> {
    const known = this.#written.get(id)
    if (known !== undefined && known.fence === fence) return known.etag
    const row = await this.readRow(id)
    if (row === null || isFinalRow(row)) return null
    if (fenceOf(row) > fence) throw new LeaseLost(id)
    return row.etag
  }

  async #partKeys(id: string): Promise<string[]> {
    const keys: string[] = []
    const prefix = `${partPrefix}${id}-`
    const filter = odata`PartitionKey eq ${this.partition} and RowKey ge ${prefix} and RowKey lt ${afterPrefix(prefix)}`
    for await (const page of this.table.pages({ filter, select: ['rowKey'] })) {
      keys.push(...page.map((row) => row.rowKey))
    }
    return keys
  }
}

function fenceOf(row: TableRow): number {
  return typeof row['fence'] === 'number' ? row['fence'] : 0
}

/** A status that nobody knows counts as unfinished: its row is refused when it is decoded. */
export function isFinalRow(row: TableRow): boolean {
  const status = runStatuses.find((known) => known === row['status'])
  return status !== undefined && isFinal(status)
}
