/** `CloudSyncHealth`: PartitionKey = tenant id; rows `probe-…`, gone at once, and `key-…`, the API key's first day here. */
import { randomUUID } from 'node:crypto'
import { odata } from '@azure/data-tables'
import { SyncError } from '../../errors.ts'
import type { Clock, HealthStore } from '../../ports.ts'
import { afterPrefix, encodeKey } from './keys.ts'
import type { Table } from './table.ts'
import { writeRows } from './transactions.ts'

const keyPrefix = 'key-'

export class TableHealthStore implements HealthStore {
  readonly #table: Table
  readonly #partition: string
  readonly #clock: Clock

  constructor(table: Table, tenantPartition: string, clock: Clock) {
    this.#table = table
    this.#partition = encodeKey(tenantPartition)
    this.#clock = clock
  }

  async probe(): Promise<void> {
    const rowKey = `probe-${randomUUID()}`
    await this.#write([rowKey], [])
    const row = await this.#table.read(this.#partition, rowKey)
    await this.#write([], [rowKey])
    if (row === null) {
      throw new SyncError(
        'STORAGE_UNAVAILABLE',
        `table ${this.#table.name}: a row that was written could not be read`,
      )
    }
  }

  async keySeenSince(digest: string): Promise<string> {
    const rowKey = `${keyPrefix}${digest}`
    const filter = odata`PartitionKey eq ${this.#partition} and RowKey ge ${keyPrefix} and RowKey lt ${afterPrefix(keyPrefix)}`
    const rows = await this.#table.first(100, { filter })
    const known = rows.find((row) => row.rowKey === rowKey)?.['seenAt']
    if (typeof known === 'string') return known
    await this.#write(
      [rowKey],
      rows.map((row) => row.rowKey),
    )
    return this.#clock.now().toISOString()
  }

  #write(upsert: readonly string[], remove: readonly string[]): Promise<void> {
    const seenAt = this.#clock.now().toISOString()
    return writeRows(this.#table, {
      partition: this.#partition,
      upsert: upsert.map((rowKey) => ({ rowKey, seenAt })),
      remove,
    })
  }
}
