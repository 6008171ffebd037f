import Papa from 'papaparse'
import type { Change, FieldValue } from '../model/change.ts'
import { fieldPaths } from '../model/change.ts'
import { changeToJson } from './change.ts'

const plainColumns = [
  'sequence',
  'action',
  'kind',
  'address',
  'external_directory_object_id',
  'scim_id',
  'reason',
  'status',
  'error_code',
  'error_message',
] as const

const columns = [
  ...plainColumns,
  ...fieldPaths.flatMap((path) => [`${path} before`, `${path} after`]),
]

/**
 * Changes as CSV: RFC 4180, UTF-8 without a byte order mark, lines end in CRLF, one line for each change. A cell that
 * a spreadsheet would take for a formula gets a leading apostrophe.
 * @param delimiter RFC 4180 has a comma; Excel with Dutch settings opens only semicolons right
 */
export function changesToCsv(changes: readonly Change[], delimiter: ',' | ';' = ','): string {
  return changes.length === 0 ? '' : lines(changes.map(rowOf), delimiter)
}

/** The header line. */
export function csvHeader(delimiter: ',' | ';' = ','): string {
  return lines([columns], delimiter)
}

function lines(rows: readonly (readonly (string | number)[])[], delimiter: ',' | ';'): string {
  // papaparse's own pattern for formulas misses a cell with a line break in it.
  return `${Papa.unparse(
    rows.map((row) => [...row]),
    { delimiter, newline: '\r\n', escapeFormulae: /^[=+\-@\t\r]/ },
  )}\r\n`
}

function rowOf(source: Change): (string | number)[] {
  const change = changeToJson(source)
  const byPath = new Map(change.fields.map((field) => [field.path, field]))
  return [
    change.sequence,
    change.action,
    change.kind,
    change.address,
    change.external_directory_object_id ?? '',
    change.scim_id ?? '',
    change.reason,
    change.status,
    change.error?.code ?? '',
    change.error?.message ?? '',
    ...fieldPaths.flatMap((path) => {
      const field = byPath.get(path)
      return field === undefined ? ['', ''] : [cell(field.before), cell(field.after)]
    }),
  ]
}

function cell(value: FieldValue): string {
  if (value === null) return ''
  return Array.isArray(value) ? value.join('; ') : String(value)
}
