/** Pages of lists that people leaf through: a continuation is the last key shown, so a page survives deletions. */
import type { RowQuery, Table, TableRow } from './table.ts'

/**
 * Reads one page.
 * @param limit rows at most
 * @returns an opaque continuation while there is more, else `null`
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
  return { rows: page, continuation: isMore ? continuationAt(last.rowKey) : null }
}

/** The continuation of a list that goes on after this key. */
function continuationAt(rowKey: string): string {
  return Buffer.from(rowKey).toString('base64url')
}

/**
 * The key after which a list goes on; `''` = from its beginning.
 * @throws RangeError when the text is none of ours (the API lets none of them through)
 */
export function positionOf(continuation: string | undefined): string {
  if (continuation === undefined) return ''
  const rowKey = Buffer.from(continuation, 'base64url').toString()
  if (!/^[\w.!~*'()=-]+$/.test(rowKey)) throw new RangeError('not a continuation of a list')
  return rowKey
}
