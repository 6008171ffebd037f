import { TableClient } from '@azure/data-tables'
import { readMappings } from '../demo/mapping-rows.ts'
import type { OracleRow } from '../oracle/model.ts'

/** `CloudSyncMappings`, and who holds the lease of a run, as anybody with a table browser sees and changes them. */
export class MappingTable {
  readonly #connection: string
  readonly #tenantId: string

  constructor(connection: string, tenantId: string) {
    this.#connection = connection
    this.#tenantId = tenantId
  }

  /** Every row; none when the app has not made the table yet. */
  rows(): Promise<OracleRow[]> {
    return readMappings(this.#connection)
  }

  /** Changes rows by hand, past the app, from one set to another. */
  async change(from: readonly OracleRow[], to: readonly OracleRow[]): Promise<void> {
    const kept = new Set(to.map(({ key }) => key))
    const known = new Map(from.map((row) => [row.key, row]))
    const table = this.#table('CloudSyncMappings')
    for (const { key } of from) {
      if (!kept.has(key)) await table.deleteEntity(this.#tenantId, key)
    }
    for (const row of to) {
      if (known.get(row.key) === row) continue
      const { key, ...columns } = row
      const entity = { partitionKey: this.#tenantId, rowKey: key, ...columns }
      const linked = { linkedAt: '2026-01-01T00:00:00.000Z', lastRunId: 'by hand' }
      await table.upsertEntity({ ...entity, ...linked }, 'Replace')
    }
  }

  /** Process ids of those who hold a lease. */
  async holders(): Promise<readonly number[]> {
    const filter = "RowKey eq 'lease' and state eq 'held'"
    const pids: number[] = []
    try {
      for await (const row of this.#table('CloudSyncChanges').listEntities({
        queryOptions: { filter },
      })) {
        // `<machine> <process id> <random>`
        pids.push(Number(String(row['owner']).split(' ').at(-2)))
      }
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode !== 404) throw error
    }
    return pids
  }

  #table(name: string): TableClient {
    return TableClient.fromConnectionString(this.#connection, name, {
      allowInsecureConnection: true,
    })
  }
}
