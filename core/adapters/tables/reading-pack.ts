/**
 * Packs of Full Access readings: many of them in one row. A row for each reading would be a thousand times a few hundred
 * bytes in every run, and cost storage and its client more than the call that it is to spare.
 */
import { gzipSync } from 'node:zlib'
import * as z from 'zod'
import type { StoredReading } from '../../ports.ts'
import { checked, jsonOf } from './checked-row.ts'
import { bytesToColumns, columnsToBytes, textLimit, unpack } from './long-values.ts'
import type { TableRow } from './table.ts'
import type { Row } from './transactions.ts'

// A row holds 1 MiB. More than 20,000 trustees on one mailbox are not kept, but read in every slice.
const packedLimit = 640_000
const brackets = '[]'.length

/** One reading in a pack. */
export interface PackEntry {
  readonly identifier: string
  /** `null` = it was too long to be kept: an older one does not count any more. */
  readonly stored: StoredReading | null
}

const trustees = z.array(z.object({ text: z.string(), sid: z.string() }))
const entrySchema = z.object({
  identifier: z.string(),
  readAt: z.string(),
  trustees: trustees.optional(),
  reason: z.string().optional(),
})
const packSchema = z.object({ runId: z.string(), readings: z.array(entrySchema) })

type StoredEntry = z.infer<typeof entrySchema>

/** Readings of one run as the columns of as few rows as hold them, in their order. */
export function* packsOf(readings: readonly StoredReading[]): Generator<Omit<Row, 'rowKey'>> {
  let texts: string[] = []
  let length = 0
  const [first] = readings
  const runId = first?.runId ?? ''
  for (const stored of readings) {
    const text = JSON.stringify(entryOf(stored))
    if (length + text.length + brackets > textLimit && texts.length > 0) {
      yield packOf(runId, texts)
      texts = []
      length = 0
    }
    texts.push(text.length > textLimit ? longText(stored, text) : text)
    length += text.length + 1
  }
  if (texts.length > 0) yield packOf(runId, texts)
}

/** The readings of a row. @throws SyncError `STORED_ROW_INVALID` */
export function entriesOf(row: TableRow, table: string): PackEntry[] {
  const bytes = columnsToBytes(row)
  const text = bytes.length > 0 ? unpack(bytes) : row['readings']
  const remedy = 'delete the row: the permissions are read again'
  const candidate = { runId: row['runId'], readings: jsonOf(text) }
  const { runId, readings } = checked(packSchema, candidate, row, { table, remedy })
  return readings.map((entry) => ({ identifier: entry.identifier, stored: storedOf(entry, runId) }))
}

function packOf(runId: string, texts: readonly string[]): Omit<Row, 'rowKey'> {
  const text = `[${texts.join(',')}]`
  return text.length > textLimit
    ? { runId, ...bytesToColumns(gzipSync(text)) }
    : { runId, readings: text }
}

function entryOf({ reading, readAt }: StoredReading): StoredEntry {
  const { identifier } = reading
  return reading.status === 'read'
    ? { identifier, readAt, trustees: [...reading.trustees] }
    : { identifier, readAt, reason: reading.reason }
}

/** A text that fills a row of its own, or one that says that it was too long for that. */
function longText({ reading: { identifier }, readAt }: StoredReading, text: string): string {
  return gzipSync(text).byteLength > packedLimit ? JSON.stringify({ identifier, readAt }) : text
}

function storedOf(entry: StoredEntry, runId: string): StoredReading | null {
  const { identifier, readAt, trustees, reason } = entry
  if (trustees !== undefined) {
    return { reading: { identifier, status: 'read', trustees }, runId, readAt }
  }
  if (reason === undefined) return null
  return { reading: { identifier, status: 'failed', reason }, runId, readAt }
}
