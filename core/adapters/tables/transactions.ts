/** Cuts writes of one partition into transactions that Table Storage accepts: 100 rows and 4 MiB at most. */
import type { TransactionAction } from '@azure/data-tables'
import pLimit from 'p-limit'
import type { Table } from './table.ts'

export const rowsPerTransaction = 100
// Of 4 MiB; the estimate below is generous, and the frame of the request needs little.
const bytesPerTransaction = 3_800_000
const bytesOfFrame = 700
const bytesPerColumn = 60
const transactionsAtOnce = 6

/** Bytes that a write takes on the wire, at most: quotes are escaped, binary columns become base64. */
function wireBytes(action: TransactionAction): number {
  let bytes = bytesOfFrame
  for (const [column, value] of Object.entries(action[1])) {
    bytes += column.length + bytesPerColumn
    if (typeof value === 'string') bytes += 2 * Buffer.byteLength(value)
    else if (value instanceof Uint8Array) bytes += Math.ceil(value.byteLength / 3) * 4
  }
  return bytes
}

/**
 * Groups writes in their order.
 * @param rows how many rows a group may have, where a transaction carries others beside them
 */
export function* inTransactions(
  actions: Iterable<TransactionAction>,
  rows: number = rowsPerTransaction,
): Generator<readonly TransactionAction[]> {
  let group: TransactionAction[] = []
  let bytes = 0
  for (const action of actions) {
    const size = wireBytes(action)
    if (group.length === rows || (group.length > 0 && bytes + size > bytesPerTransaction)) {
      yield group
      group = []
      bytes = 0
    }
    group.push(action)
    bytes += size
  }
  if (group.length > 0) yield group
}

/** The writes of a partition that can be made in any order and again. */
export interface RowChanges {
  readonly partition: string
  readonly upsert: readonly Row[]
  /** Row keys; a row that is gone already is no error. */
  readonly remove: readonly string[]
}

export interface Row {
  readonly rowKey: string
  readonly [column: string]: string | number | boolean | Uint8Array
}

/**
 * Stores and deletes rows, several transactions at once. Of two rows with one key the later is stored; a key that is
 * to be stored and deleted is stored. Rows are deleted after all others are stored, unless one transaction holds all.
 */
export async function writeRows(table: Table, changes: RowChanges): Promise<void> {
  const { partition } = changes
  const rows = new Map(changes.upsert.map((row) => [row.rowKey, row]))
  const upserts = [...rows.values()].map((row) => upsertOf(partition, row))
  const removals = [...new Set(changes.remove)].filter((key) => !rows.has(key))
  const all = [...upserts, ...removals.map((rowKey) => deletionOf(partition, rowKey))]
  const groups = [...inTransactions(all)]
  const [only] = groups
  if (only !== undefined && groups.length === 1) return submitTolerantly(table, only)
  await submitAll(table, upserts)
  await submitAll(table, all.slice(upserts.length))
}

export function upsertOf(partitionKey: string, row: Row): TransactionAction {
  return ['upsert', { partitionKey, ...row }, 'Replace']
}

export function deletionOf(partitionKey: string, rowKey: string): TransactionAction {
  return ['delete', { partitionKey, rowKey }]
}

async function submitAll(table: Table, actions: readonly TransactionAction[]): Promise<void> {
  const limit = pLimit(transactionsAtOnce)
  const groups = [...inTransactions(actions)]
  await Promise.all(groups.map((group) => limit(() => submitTolerantly(table, group))))
}

// One missing row refuses a whole transaction: what is still there is looked up, and the rest sent again.
async function submitTolerantly(table: Table, group: readonly TransactionAction[]): Promise<void> {
  let actions = group
  while (actions.length > 0) {
    const answer = await table.submit(actions)
    if (answer.status === 'done') return
    actions = await withoutMissing(table, actions)
  }
}

async function withoutMissing(
  table: Table,
  actions: readonly TransactionAction[],
): Promise<TransactionAction[]> {
  const limit = pLimit(transactionsAtOnce)
  const present = await Promise.all(
    actions.map(([kind, { partitionKey, rowKey }]) =>
      limit(async () => kind !== 'delete' || (await table.read(partitionKey, rowKey)) !== null),
    ),
  )
  return actions.filter((_, index) => present[index])
}
