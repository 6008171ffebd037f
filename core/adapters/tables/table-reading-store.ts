/** `CloudSyncReadings`: PartitionKey = tenant id, RowKey = identifier. A cache: a lost row is read again in Exchange. */
import { gzipSync } from 'node:zlib'
import { odata } from '@azure/data-tables'
import * as z from 'zod'
import type { ReadingStore, StoredReading } from '../../ports.ts'
import { checked, jsonOf } from './checked-row.ts'
import { decodeKey, encodeKey } from './keys.ts'
import { bytesToColumns, columnsToBytes, textLimit, unpack } from './long-values.ts'
import type { Table, TableRow } from './table.ts'
import { type Row, writeRows } from './transactions.ts'

// A row holds 1 MiB. More than 20,000 trustees on one mailbox are not kept, but read in every slice.
const packedLimit = 640_000

const storedReading: z.ZodType<StoredReading> = z.object({
  reading: z.discriminatedUnion('status', [
    z.object({
      identifier: z.string(),
      status: z.literal('read'),
      trustees: z.array(z.object({ text: z.string(), sid: z.string() })),
    }),
    z.object({ identifier: z.string(), status: z.literal('failed'), reason: z.string() }),
  ]),
  runId: z.string(),
  readAt: z.string(),
})

/** Stored Full Access readings of one tenant. */
export class TableReadingStore implements ReadingStore {
  readonly #table: Table
  readonly #partition: string

  constructor(table: Table, tenantPartition: string) {
    this.#table = table
    this.#partition = encodeKey(tenantPartition)
  }

  async list(): Promise<ReadonlyMap<string, StoredReading>> {
    const readings = new Map<string, StoredReading>()
    const filter = odata`PartitionKey eq ${this.#partition}`
    for await (const page of this.#table.pages({ filter })) {
      for (const row of page) readings.set(decodeKey(row.rowKey), this.#decode(row))
    }
    return readings
  }

  async write(readings: readonly StoredReading[]): Promise<void> {
    const rows = readings.map(encodeReading)
    await writeRows(this.#table, {
      partition: this.#partition,
      upsert: rows.filter((row) => row !== null),
      remove: readings.flatMap(({ reading }, index) =>
        rows[index] === null ? [encodeKey(reading.identifier)] : [],
      ),
    })
  }

  async purge(before: string): Promise<void> {
    const filter = odata`PartitionKey eq ${this.#partition} and readAt lt ${before}`
    for await (const page of this.#table.pages({ filter, select: ['rowKey'] })) {
      const remove = page.map((row) => row.rowKey)
      await writeRows(this.#table, { partition: this.#partition, upsert: [], remove })
    }
  }

  #decode(row: TableRow): StoredReading {
    const packed = columnsToBytes(row)
    const trustees = packed.length > 0 ? unpack(packed) : row['trustees']
    const identifier = decodeKey(row.rowKey)
    const { status, reason } = row
    const reading =
      status === 'read'
        ? { identifier, status, trustees: jsonOf(trustees) }
        : { identifier, status, reason }
    const candidate = { reading, runId: row['runId'], readAt: row['readAt'] }
    const remedy = 'delete the row: the permissions are read again'
    return checked(storedReading, candidate, row, { table: this.#table.name, remedy })
  }
}

/** @returns `null` when the reading is too long for a row */
function encodeReading({ reading, runId, readAt }: StoredReading): Row | null {
  const columns = { rowKey: encodeKey(reading.identifier), status: reading.status, runId, readAt }
  if (reading.status === 'failed') return { ...columns, reason: reading.reason }
  const text = JSON.stringify(reading.trustees)
  if (text.length <= textLimit) return { ...columns, trustees: text }
  const packed = gzipSync(text)
  return packed.byteLength > packedLimit ? null : { ...columns, ...bytesToColumns(packed) }
}
