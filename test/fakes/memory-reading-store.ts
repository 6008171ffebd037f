import type { ReadingStore, StoredReading } from '../../core/ports.ts'
import { PortCalls } from './port-calls.ts'

/** Readings in memory. A write happens a transaction at a time: a crash between two keeps the first. */
export class MemoryReadingStore implements ReadingStore {
  readonly calls: PortCalls
  readonly rows: Map<string, StoredReading>
  transactionSize = 100

  /** @param rows shared by the stores of several hosts */
  constructor(calls = new PortCalls(), rows = new Map<string, StoredReading>()) {
    this.calls = calls
    this.rows = rows
  }

  list(): Promise<ReadonlyMap<string, StoredReading>> {
    return this.#answer('list', [], () => new Map(this.rows))
  }

  async write(readings: readonly StoredReading[]): Promise<void> {
    for (let start = 0; start < readings.length; start += this.transactionSize) {
      const rows = readings.slice(start, start + this.transactionSize)
      const about = rows.map(({ reading }) => reading.identifier)
      await this.#answer('write', about, () => {
        for (const row of rows) this.rows.set(row.reading.identifier, row)
      })
    }
  }

  purge(before: string): Promise<void> {
    return this.#answer('purge', [before], () => {
      for (const [identifier, { readAt }] of this.rows) {
        if (readAt < before) this.rows.delete(identifier)
      }
    })
  }

  #answer<Result>(method: string, about: readonly string[], effect: () => Result): Promise<Result> {
    return this.calls.answer({ name: `readings.${method}`, about }, effect)
  }
}
