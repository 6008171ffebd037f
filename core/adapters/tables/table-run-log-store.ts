/** Log lines of a run's earlier slices: rows `log-<number>-…` of `CloudSyncChanges`, purged with the run's other rows. */
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { odata } from '@azure/data-tables'
import type { RunLogStore } from '../../ports.ts'
import { afterPrefix, encodeKey } from './keys.ts'
import { bytesToColumns, columnsToBytes, unpack } from './long-values.ts'
import type { Table } from './table.ts'
import { writeRows } from './transactions.ts'

export const logPrefix = 'log-'
const sequenceDigits = 6
/** Of 1 MiB a row. */
const bytesPerRow = 640_000
/** A mail holds 1.4 MB of log: more than that is never shown. */
const rowsAtMost = 6

export class TableRunLogStore implements RunLogStore {
  readonly #table: Table

  constructor(changes: Table) {
    this.#table = changes
  }

  async append(runId: string, lines: string): Promise<void> {
    if (lines === '') return
    const stored = await this.#keys(runId)
    const last = stored.at(-1)?.slice(logPrefix.length, logPrefix.length + sequenceDigits)
    // Two hosts that append at once (one of them has lost the run) do not overwrite each other.
    const suffix = randomBytes(3).toString('hex')
    const parts = pack(lines).slice(-rowsAtMost)
    const rows = parts.map((part, index) => ({
      rowKey: `${logPrefix}${digits(Number(last ?? 0) + 1 + index)}-${suffix}`,
      ...bytesToColumns(part),
    }))
    const tooMany = Math.max(0, stored.length + rows.length - rowsAtMost)
    await writeRows(this.#table, {
      partition: encodeKey(runId),
      upsert: rows,
      remove: stored.slice(0, tooMany),
    })
  }

  async read(runId: string): Promise<string> {
    const texts: string[] = []
    for await (const page of this.#table.pages({ filter: logsOf(runId) })) {
      texts.push(...page.map((row) => unpack(columnsToBytes(row))))
    }
    return texts.join('')
  }

  async purge(runId: string): Promise<void> {
    const remove = await this.#keys(runId)
    if (remove.length === 0) return
    await writeRows(this.#table, { partition: encodeKey(runId), upsert: [], remove })
  }

  async #keys(runId: string): Promise<string[]> {
    const keys: string[] = []
    for await (const page of this.#table.pages({ filter: logsOf(runId), select: ['rowKey'] })) {
      keys.push(...page.map(({ rowKey }) => rowKey))
    }
    return keys
  }
}

function digits(sequence: number): string {
  return String(sequence).padStart(sequenceDigits, '0')
}

function logsOf(runId: string): string {
  return odata`PartitionKey eq ${encodeKey(runId)} and RowKey ge ${logPrefix} and RowKey lt ${afterPrefix(logPrefix)}`
}

/** Compresses whole lines, as many as fit into a row each. */
function pack(lines: string): Uint8Array[] {
  const packed = gzipSync(lines)
  const middle = lines.indexOf('\n', Math.floor(lines.length / 2)) + 1
  if (packed.byteLength <= bytesPerRow || middle === 0 || middle === lines.length) {
    return packed.byteLength <= bytesPerRow ? [packed] : []
  }
  return [...pack(lines.slice(0, middle)), ...pack(lines.slice(middle))]
}
