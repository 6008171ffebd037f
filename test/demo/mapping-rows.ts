import { TableClient } from '@azure/data-tables'
import * as z from 'zod'
import type { OracleRow } from '../oracle/model.ts'

const rowSchema = z.object({
  rowKey: z.string(),
  kind: z.enum(['user', 'functional']),
  scimId: z.string(),
  address: z.string(),
  displayName: z.string(),
  active: z.boolean(),
})

/** Reads `CloudSyncMappings` as anybody with a table browser can; none when the app has not made it yet. */
export async function readMappings(connectionString: string): Promise<OracleRow[]> {
  const options = { allowInsecureConnection: true }
  const table = TableClient.fromConnectionString(connectionString, 'CloudSyncMappings', options)
  const rows: OracleRow[] = []
  try {
    for await (const entity of table.listEntities()) {
      const { rowKey, ...row } = rowSchema.parse(entity)
      rows.push({ key: rowKey, ...row })
    }
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error
  }
  return rows
}
