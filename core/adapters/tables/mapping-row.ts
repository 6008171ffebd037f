/** `CloudSyncMappings`: PartitionKey = tenant id, RowKey = key of the mapping row (contract, section 10). */
import type { MappingRow } from '../../model/mapping.ts'
import { checked, jsonOf, type RowPlace } from './checked-row.ts'
import { decodeKey, encodeKey } from './keys.ts'
import { mappingSchema } from './stored-schemas.ts'
import type { TableRow } from './table.ts'
import type { Row } from './transactions.ts'

/** The two columns that are nearly always empty are left out when they are. */
export function encodeMapping(row: MappingRow): Row {
  const { key, refusedAliases, goneAt, ...columns } = row
  return {
    rowKey: encodeKey(key),
    ...columns,
    ...(refusedAliases.length > 0 && { refusedAliases: JSON.stringify(refusedAliases) }),
    ...(goneAt !== null && { goneAt }),
  }
}

/** Where mapping rows live, for the error that names one. */
export function mappingPlace(table: string): RowPlace {
  const remedy =
    'correct the column, or delete the row: the account is then found by its identifier or address'
  return { table, remedy }
}

/**
 * One property after the other on purpose: 100,000 rows pass here, and a copy of each would cost more than the check.
 * @throws SyncError `STORED_ROW_INVALID`
 */
export function decodeMapping(row: TableRow, place: RowPlace): MappingRow {
  const candidate = {
    key: decodeKey(row.rowKey),
    kind: row['kind'],
    scimId: row['scimId'] || undefined,
    address: row['address'],
    displayName: row['displayName'],
    active: row['active'],
    linkedAt: row['linkedAt'],
    lastRunId: row['lastRunId'],
    refusedAliases: row['refusedAliases'] ? jsonOf(row['refusedAliases']) : [],
    goneAt: row['goneAt'] || null,
  }
  return checked(mappingSchema, candidate, row, place)
}
