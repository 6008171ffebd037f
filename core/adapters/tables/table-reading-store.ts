/**
 * `CloudSyncReadings`: PartitionKey = tenant id, RowKey = `pack-…`, the newest first. A cache: a lost row is read again
 * in Exchange.
 */
import { randomUUID } from 'node:crypto'
import { odata } from '@azure/data-tables'
import type { Clock, ReadingStore, StoredReading } from '../../ports.ts'
import { afterPrefix, encodeKey } from './keys.ts'
import { entriesOf, type PackEntry, packsOf } from './reading-pack.ts'
import type { Table, TableRow } from './table.ts'
import { type Row, writeRows } from './transactions.ts'

const prefix = 'pack-'
/** Rows of up to 64 KiB: few at once keep memory small. */
const rowsPerPage = 50
const digits = 16
/** Beyond every moment in microseconds, and of that many digits. */
const latestMoment = Number.MAX_SAFE_INTEGER

/** Stored Full Access readings of one tenant. */
export class TableReadingStore implements ReadingStore {
  readonly #table: Table
  readonly #partition: string
  readonly #clock: Pick<Clock, 'now'>
  #lastPlace = latestMoment

  constructor(table: Table, tenantPartition: string, clock: Pick<Clock, 'now'>) {
    this.#table = table
    this.#partition = encodeKey(tenantPartition)
    this.#clock = clock
  }

  async list(): Promise<ReadonlyMap<string, StoredReading>> {
    const newest = new Map<string, StoredReading | null>()
    for await (const { entries } of this.#packs()) {
      for (const { identifier, stored } of entries) {
        if (!newest.has(identifier)) newest.set(identifier, stored)
      }
    }
    const readings = new Map<string, StoredReading>()
    for (const [identifier, stored] of newest) {
      if (stored !== null) readings.set(identifier, stored)
    }
    return readings
  }

  async write(readings: readonly StoredReading[]): Promise<void> {
    const newest = new Map(readings.map((stored) => [stored.reading.identifier, stored]))
    const byRun = Map.groupBy(newest.values(), ({ runId }) => runId)
    const packs = [...byRun.values()].flatMap((ofRun) => [...packsOf(ofRun)])
    const upsert = packs.map((pack): Row => ({ rowKey: this.#nextKey(), ...pack }))
    await writeRows(this.#table, { partition: this.#partition, upsert, remove: [] })
  }

  /** Also what a newer reading of the same mailbox replaces, and what is no pack. */
  async purge(before: string): Promise<void> {
    const seen = new Set<string>()
    const tooLong = new Set<string>()
    for await (const { row, entries } of this.#packs()) {
      const isKept = ({ identifier, stored }: PackEntry) =>
        !seen.has(identifier) && stored !== null && stored.readAt >= before
      const kept = entries.filter(isKept)
      // What hides an older reading of a mailbox may go now: then that one must go too.
      const mustGo = entries.some(
        ({ identifier, stored }) =>
          tooLong.has(identifier) || (stored !== null && stored.readAt < before),
      )
      for (const { identifier, stored } of entries) {
        seen.add(identifier)
        if (stored === null) tooLong.add(identifier)
      }
      if (kept.length === entries.length) continue
      // One of which little is replaced stays as it is, for writing it again costs more than the room it takes.
      if (mustGo || 2 * kept.length <= entries.length) await this.#replace(row.rowKey, kept)
    }
    await this.#purgeOthers()
  }

  /** Rows of earlier versions, which kept a row for each mailbox. */
  async #purgeOthers(): Promise<void> {
    const partition = this.#partition
    const filter = odata`PartitionKey eq ${partition} and (RowKey lt ${prefix} or RowKey ge ${afterPrefix(prefix)})`
    for await (const page of this.#table.pages({ filter, select: ['rowKey'] })) {
      await writeRows(this.#table, { partition, upsert: [], remove: page.map((row) => row.rowKey) })
    }
  }

  async #replace(rowKey: string, kept: readonly PackEntry[]): Promise<void> {
    const readings = kept.flatMap(({ stored }) => stored ?? [])
    const upsert = [...packsOf(readings)].map((pack): Row => ({ rowKey, ...pack }))
    const remove = upsert.length === 0 ? [rowKey] : []
    await writeRows(this.#table, { partition: this.#partition, upsert, remove })
  }

  async *#packs(): AsyncGenerator<{ readonly row: TableRow; readonly entries: PackEntry[] }> {
    const filter = odata`PartitionKey eq ${this.#partition} and RowKey ge ${prefix} and RowKey lt ${afterPrefix(prefix)}`
    for await (const page of this.#table.pages({ filter, pageSize: rowsPerPage })) {
      for (const row of page) yield { row, entries: entriesOf(row, this.#table.name) }
    }
  }

  // The later, the smaller, so that a listing meets the newest reading of a mailbox first. Of two hosts with clocks apart
  // the one behind may find its reading taken for the older one: then it is made again.
  #nextKey(): string {
    const place = latestMoment - this.#clock.now().getTime() * 1_000
    this.#lastPlace = Math.min(this.#lastPlace - 1, place)
    return `${prefix}${String(this.#lastPlace).padStart(digits, '0')}-${randomUUID().slice(0, 8)}`
  }
}
