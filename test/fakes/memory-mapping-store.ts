import { type Complete, sealComplete } from '../../core/model/complete.ts'
import type { MappingRow } from '../../core/model/mapping.ts'
import type { MappingStore } from '../../core/ports.ts'
import { PortCalls } from './port-calls.ts'

const pageSize = 100

/** `CloudSyncMappings` in memory. A write happens a transaction at a time: a crash between two keeps the first. */
export class MemoryMappingStore implements MappingStore {
  readonly calls: PortCalls
  readonly rows: Map<string, MappingRow>
  transactionSize = 100

  /** @param rows shared by the stores of several hosts */
  constructor(calls = new PortCalls(), rows = new Map<string, MappingRow>()) {
    this.calls = calls
    this.rows = rows
  }

  list(): Promise<Complete<MappingRow>> {
    return this.#answer('list', [], () => sealComplete([...this.rows.values()]))
  }

  query(
    { address = '' }: { readonly address?: string },
    continuation = '0',
  ): Promise<{ rows: readonly MappingRow[]; continuation?: string }> {
    return this.#answer('query', [address], () => {
      const found = [...this.rows.values()].filter((row) =>
        row.address.startsWith(address.toLowerCase()),
      )
      const start = Number(continuation)
      const next = start + pageSize
      const rows = found.slice(start, next)
      return next < found.length ? { rows, continuation: String(next) } : { rows }
    })
  }

  async write(change: {
    readonly upsert: readonly MappingRow[]
    readonly remove: readonly string[]
  }): Promise<void> {
    // Of two rows with one key the later is stored; a key that is to be stored and deleted is stored.
    const rows = new Map(change.upsert.map((row) => [row.key, row]))
    const removals = [...new Set(change.remove)].filter((key) => !rows.has(key))
    const operations = [
      ...[...rows].map(([key, row]) => ({ key, row })),
      ...removals.map((key) => ({ key, row: null })),
    ]
    for (let start = 0; start < operations.length; start += this.transactionSize) {
      const transaction = operations.slice(start, start + this.transactionSize)
      const about = transaction.map(({ key }) => key)
      await this.#answer('write', about, () => {
        for (const { key, row } of transaction) {
          if (row === null) this.rows.delete(key)
          else this.rows.set(key, row)
        }
      })
    }
  }

  #answer<Result>(method: string, about: readonly string[], effect: () => Result): Promise<Result> {
    return this.calls.answer({ name: `mappings.${method}`, about }, effect)
  }
}
