/** Pages of lists that people leaf through: a continuation is the last key shown, so a page survives deletions. */
import type { RowQuery, Table, TableRow } from './table.ts'

/**
 * Reads one page.
 * @param limit rows at most
 * @returns a continuation while there is more, else `null`
 */
export async function takePage(
  table: Table,
  query: RowQuery,
  limit: number,
): Promise<{ rows: readonly TableRow[]; continuation: string | null }> {
  const rows = await table.first(limit + 1, query)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const isMore = rows.length > limit && last !== undefined
  return { rows: page, continuation: isMore ? last.rowKey : null }
}
