/** The tables as a table browser sees them: what the adapter stores, read and spoilt without it. */
import { TableClient } from '@azure/data-tables'
import { inject } from 'vitest'

export function rawTable(name: string): TableClient {
  const connectionString = inject('azuriteConnectionString')
  return TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true })
}

/** All rows of a partition, as they are. */
export async function rawRows(
  table: TableClient,
  partition: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows: Record<string, unknown>[] = []
  const filter = `PartitionKey eq '${partition}'`
  for await (const row of table.listEntities({ queryOptions: { filter } })) rows.push(row)
  return rows
}
