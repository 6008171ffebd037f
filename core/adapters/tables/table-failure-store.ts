/** `CloudSyncFailures`: PartitionKey = tenant id, RowKey = account; changes that keep failing, one row for each account. */
import { odata } from '@azure/data-tables'
import * as z from 'zod'
import { errorCodes } from '../../errors.ts'
import { actions } from '../../model/change.ts'
import type { StandingFailure } from '../../model/failure.ts'
import type { FailureStore } from '../../ports.ts'
import { checked } from './checked-row.ts'
import { decodeKey, encodeKey } from './keys.ts'
import type { Table, TableRow } from './table.ts'
import { writeRows } from './transactions.ts'

const failureSchema: z.ZodType<StandingFailure> = z.object({
  key: z.string(),
  action: z.enum(actions),
  code: z.enum(errorCodes),
  address: z.string(),
  firstSeen: z.string(),
  timesSeen: z.number(),
  lastRunId: z.string(),
  lastSeen: z.string(),
})

/** Standing failures of one tenant. */
export class TableFailureStore implements FailureStore {
  readonly #table: Table
  readonly #partition: string

  constructor(table: Table, tenantPartition: string) {
    this.#table = table
    this.#partition = encodeKey(tenantPartition)
  }

  async list(): Promise<readonly StandingFailure[]> {
    const failures: StandingFailure[] = []
    const filter = odata`PartitionKey eq ${this.#partition}`
    for await (const page of this.#table.pages({ filter })) {
      failures.push(...page.map((row) => this.#decode(row)))
    }
    return failures
  }

  write(change: {
    readonly upsert: readonly StandingFailure[]
    readonly remove: readonly string[]
  }): Promise<void> {
    return writeRows(this.#table, {
      partition: this.#partition,
      upsert: change.upsert.map(({ key, ...columns }) => ({ rowKey: encodeKey(key), ...columns })),
      remove: change.remove.map(encodeKey),
    })
  }

  async purge(before: string): Promise<void> {
    const filter = odata`PartitionKey eq ${this.#partition} and lastSeen lt ${before}`
    for await (const page of this.#table.pages({ filter, select: ['rowKey'] })) {
      const remove = page.map((row) => row.rowKey)
      await writeRows(this.#table, { partition: this.#partition, upsert: [], remove })
    }
  }

  #decode(row: TableRow): StandingFailure {
    const remedy = 'delete the row: the failure then counts as a new one'
    const candidate = { ...row, key: decodeKey(row.rowKey) }
    return checked(failureSchema, candidate, row, { table: this.#table.name, remedy })
  }
}
