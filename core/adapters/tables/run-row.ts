/** `CloudSyncRuns`: PartitionKey = tenant id, RowKey = run id, newest first; columns are named like those of a change. */
import type { RunRecord } from '../../model/run.ts'
import { checked, type RowPlace } from './checked-row.ts'
import { loadJson, storeJson } from './long-values.ts'
import { runSchema } from './run-schema.ts'
import type { Table, TableRow } from './table.ts'
import type { Row } from './transactions.ts'

interface Column {
  readonly name: string
  /** `nullable` text is empty for `null`: a merge cannot remove a column. */
  readonly type: 'text' | 'nullable' | 'plain' | 'json'
}

type Property = Exclude<keyof RunRecord, 'id'>

const columns: Readonly<Record<Property, Column>> = {
  status: { name: 'status', type: 'text' },
  phase: { name: 'phase', type: 'text' },
  mode: { name: 'mode', type: 'text' },
  trigger: { name: 'trigger', type: 'text' },
  requested_by: { name: 'requestedBy', type: 'text' },
  requested_at: { name: 'requestedAt', type: 'text' },
  started_at: { name: 'startedAt', type: 'nullable' },
  finished_at: { name: 'finishedAt', type: 'nullable' },
  version: { name: 'version', type: 'text' },
  flags: { name: 'flags', type: 'json' },
  progress: { name: 'progress', type: 'json' },
  counts: { name: 'counts', type: 'json' },
  out_of_scope: { name: 'outOfScope', type: 'json' },
  mailbox_types: { name: 'mailboxTypes', type: 'json' },
  guard: { name: 'guard', type: 'json' },
  warnings: { name: 'warnings', type: 'json' },
  error: { name: 'error', type: 'json' },
  report: { name: 'report', type: 'json' },
  settingsDigest: { name: 'settingsDigest', type: 'nullable' },
  planStored: { name: 'planStored', type: 'plain' },
  resumeAt: { name: 'resumeAt', type: 'nullable' },
  usage: { name: 'usage', type: 'json' },
  changeCount: { name: 'changeCount', type: 'plain' },
  decided: { name: 'decided', type: 'nullable' },
  fence: { name: 'fence', type: 'plain' },
  zivverCalledAt: { name: 'zivverCalledAt', type: 'nullable' },
  filterGroups: { name: 'filterGroups', type: 'json' },
  reached: { name: 'reached', type: 'json' },
}

const properties = Object.keys(columns) as Property[]
const jsonColumns = Object.values(columns)
  .filter((column) => column.type === 'json')
  .map((column) => column.name)

const columnOf = (property: string): string =>
  Object.hasOwn(columns, property) ? columns[property as Property].name : property

/** The given properties as a row (whole, or to be merged), and part rows to be stored before it. */
export function encodeRun(
  id: string,
  run: Partial<RunRecord>,
): { row: Row; parts: readonly Row[] } {
  const row: Record<string, string | number | boolean> = {}
  const parts: Row[] = []
  for (const property of properties) {
    const value = run[property]
    const { name, type } = columns[property]
    if (value === undefined) continue
    if (type === 'nullable' && value === null) row[name] = ''
    else if (type !== 'json' && typeof value !== 'object') row[name] = value
    else {
      const stored = storeJson(name, id, value)
      Object.assign(row, stored.columns)
      parts.push(...stored.parts)
    }
  }
  return { row: { ...row, rowKey: id }, parts }
}

/** @throws SyncError `STORED_ROW_INVALID` */
export async function decodeRuns(table: Table, rows: readonly TableRow[]): Promise<RunRecord[]> {
  const remedy = 'correct the column, or delete the row: the history then lacks this run'
  const place: RowPlace = { table: table.name, remedy, columnOf }
  const values = await loadJson(table, rows, jsonColumns, place)
  return rows.map((row, index) => {
    const candidate: Record<string, unknown> = { id: row.rowKey }
    for (const property of properties) {
      candidate[property] = valueOf(columns[property], row, values[index] ?? {})
    }
    return checked(runSchema, candidate, row, place)
  })
}

function valueOf(
  { name, type }: Column,
  row: TableRow,
  json: Readonly<Record<string, unknown>>,
): unknown {
  if (type === 'json') return json[name]
  return type === 'nullable' ? row[name] || null : row[name]
}
