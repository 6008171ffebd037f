/**
 * Values longer than a property may be (64 KiB) or a row (1 MiB): a change of an account with 5,000 delegates.
 *
 * A value is JSON in a column of its row, readable in any table browser, as long as it fits. A longer one is
 * compressed into part rows of the same partition, and the row only names them. Part rows are named by their content
 * and stored before the row that names them, so no reader meets half a value, whatever a crash leaves behind.
 */
import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import pLimit from 'p-limit'
import { invalidRow, jsonOf, type RowPlace } from './checked-row.ts'
import type { Table, TableRow } from './table.ts'
import type { Row } from './transactions.ts'

// A property holds 64 KiB: 32,768 UTF-16 units of text, or 65,536 bytes.
export const textLimit = 32_000
const bytesPerColumn = 64_000
const columnsPerPart = 10
const bytesPerPart = bytesPerColumn * columnsPerPart
const readsAtOnce = 8

/** First letters of the keys of part rows. */
export const partPrefix = 'part-'

export interface StoredValue {
  /** For the row itself; written over the columns of an earlier value they replace it. */
  readonly columns: Readonly<Record<string, string>>
  /** To be stored before the row. */
  readonly parts: readonly Row[]
}

/**
 * A JSON value as columns and part rows.
 * @param column name of the column; `<column>Parts` names the part rows of a long value
 * @param owner key of the row it belongs to
 */
export function storeJson(column: string, owner: string, value: unknown): StoredValue {
  const text = JSON.stringify(value)
  if (text.length <= textLimit) return { columns: { [column]: text }, parts: [] }
  const packed = gzipSync(text)
  const digest = createHash('sha256').update(packed).digest('hex').slice(0, 16)
  const count = Math.ceil(packed.byteLength / bytesPerPart)
  const base = `${partPrefix}${owner}-${digest}`
  const parts = Array.from({ length: count }, (_, index) => ({
    rowKey: partKey(base, index),
    ...bytesToColumns(packed.subarray(index * bytesPerPart, (index + 1) * bytesPerPart)),
  }))
  return { columns: { [column]: '', [`${column}Parts`]: `${count} ${base}` }, parts }
}

/**
 * Reads JSON values that `storeJson` stored, of one page of rows.
 * @returns for each row the values by column; `undefined` where a column holds no JSON
 * @throws SyncError `STORED_ROW_INVALID` when a part row is missing
 */
export async function loadJson(
  table: Table,
  rows: readonly TableRow[],
  columns: readonly string[],
  place: RowPlace,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const limit = pLimit(readsAtOnce)
  return Promise.all(
    rows.map(async (row) => {
      const values: Record<string, unknown> = {}
      for (const column of columns) {
        const isLong = row[column] === '' && typeof row[`${column}Parts`] === 'string'
        values[column] = isLong
          ? await limit(() => loadParts(table, row, column, place))
          : jsonOf(row[column])
      }
      return values
    }),
  )
}

async function loadParts(
  table: Table,
  row: TableRow,
  column: string,
  place: RowPlace,
): Promise<unknown> {
  const [count, base = ''] = String(row[`${column}Parts`]).split(' ')
  const chunks: Uint8Array[] = []
  for (let index = 0; index < Number(count); index++) {
    const part = await table.read(row.partitionKey, partKey(base, index))
    if (part === null) {
      throw invalidRow(row, place, column, `its part row ${partKey(base, index)} is missing`)
    }
    chunks.push(...columnsToBytes(part))
  }
  return jsonOf(unpack(chunks))
}

/** Packed JSON as binary columns `bytes1`, `bytes2`, … of one row. */
export function bytesToColumns(bytes: Uint8Array): Record<string, Uint8Array> {
  const columns: Record<string, Uint8Array> = {}
  for (let start = 0; start < bytes.byteLength; start += bytesPerColumn) {
    columns[`bytes${start / bytesPerColumn + 1}`] = bytes.subarray(start, start + bytesPerColumn)
  }
  return columns
}

/** The chunks that `bytesToColumns` made, in order. */
export function columnsToBytes(row: TableRow): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let number = 1; ; number++) {
    const chunk = row[`bytes${number}`]
    if (!(chunk instanceof Uint8Array)) return chunks
    chunks.push(chunk)
  }
}

/** Decompresses; `''`, which is no JSON, when the bytes are damaged. */
export function unpack(chunks: readonly Uint8Array[]): string {
  try {
    return gunzipSync(Buffer.concat(chunks)).toString()
  } catch {
    return ''
  }
}

function partKey(base: string, index: number): string {
  return `${base}-${index + 1}`
}
