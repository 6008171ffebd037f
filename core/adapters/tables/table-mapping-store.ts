import { odata } from '@azure/data-tables'
import { type Complete, sealComplete } from '../../model/complete.ts'
import type { MappingRow } from '../../model/mapping.ts'
import type { MappingStore } from '../../ports.ts'
import type { RowPlace } from './checked-row.ts'
import { afterPrefix, encodeKey } from './keys.ts'
import { decodeMapping, encodeMapping, mappingPlace } from './mapping-row.ts'
import { takePage } from './paging.ts'
import type { Table } from './table.ts'
import { writeRows } from './transactions.ts'

const pageRows = 100

/** `CloudSyncMappings` of one tenant. */
export class TableMappingStore implements MappingStore {
  readonly #table: Table
  readonly #partition: string
  readonly #place: RowPlace

  constructor(table: Table, tenantPartition: string) {
    this.#table = table
    this.#partition = encodeKey(tenantPartition)
    this.#place = mappingPlace(table.name)
  }

  async list(): Promise<Complete<MappingRow>> {
    const rows: MappingRow[] = []
    const filter = odata`PartitionKey eq ${this.#partition}`
    for await (const page of this.#table.pages({ filter })) {
      for (const row of page) rows.push(decodeMapping(row, this.#place))
    }
    return sealComplete(rows)
  }

  async query(
    { address = '' }: { readonly address?: string },
    continuation = '',
  ): Promise<{ rows: readonly MappingRow[]; continuation?: string }> {
    const prefix = address.toLowerCase()
    let filter = odata`PartitionKey eq ${this.#partition} and RowKey gt ${continuation}`
    if (prefix !== '') {
      filter += odata` and address ge ${prefix} and address lt ${afterPrefix(prefix)}`
    }
    const page = await takePage(this.#table, { filter }, pageRows)
    const rows = page.rows.map((row) => decodeMapping(row, this.#place))
    return { rows, ...(page.continuation !== null && { continuation: page.continuation }) }
  }

  write(change: {
    readonly upsert: readonly MappingRow[]
    readonly remove: readonly string[]
  }): Promise<void> {
    return writeRows(this.#table, {
      partition: this.#partition,
      upsert: change.upsert.map(encodeMapping),
      remove: change.remove.map(encodeKey),
    })
  }
}
