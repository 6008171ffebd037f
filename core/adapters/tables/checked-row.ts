import type * as z from 'zod'
import { SyncError } from '../../errors.ts'
import type { TableRow } from './table.ts'

/** Where a row lives, and what to do when it cannot be understood. */
export interface RowPlace {
  readonly table: string
  /** What to do, and what it costs. */
  readonly remedy: string
  /** The column that holds a property, where the names differ. */
  readonly columnOf?: (property: string) => string
}

/**
 * Checks what was read from a table.
 * @throws SyncError `STORED_ROW_INVALID` that names table, row and column and never the value
 */
export function checked<T>(
  schema: z.ZodType<T>,
  value: unknown,
  row: TableRow,
  place: RowPlace,
): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const property = String(issue?.path[0] ?? '')
  const column = place.columnOf?.(property) ?? property
  throw invalidRow(row, place, column, issue?.message ?? 'is not valid')
}

/** The error for a row that cannot be understood. */
export function invalidRow(
  row: TableRow,
  place: RowPlace,
  column: string,
  fault: string,
): SyncError {
  return new SyncError(
    'STORED_ROW_INVALID',
    `table ${place.table}, PartitionKey ${row.partitionKey}, RowKey ${row.rowKey}, column ${column}: ${fault}; ${place.remedy}`,
  )
}

/** JSON of a text column. @returns `undefined` where it is none, which every schema refuses */
export function jsonOf(text: unknown): unknown {
  if (typeof text !== 'string') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
