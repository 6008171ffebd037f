/**
 * Rows of a cmdlet's answer: plain values with the side-car keys of reference 3.7 beside those that are no plain
 * text or boolean.
 */
export type Value = string | number | boolean | null | readonly string[]

export interface Column<T> {
  readonly name: string
  readonly read: (item: T) => Value
  readonly kind?: 'guid' | 'list' | 'date' | 'integer'
}

export type Row = Record<string, Value>

/** Makes rows of the chosen columns; without a choice of all of them. */
export function rowMaker<T>(
  columns: readonly Column<T>[],
  select: string | null,
  options: { readonly booleansAsText: boolean },
): (item: T) => Row {
  const chosen = chooseColumns(columns, select)
  return (item) => {
    const row: Row = {}
    for (const { name, read, kind } of chosen) {
      if (kind !== undefined) addSideCars(row, name, kind)
      const value = read(item)
      row[name] = typeof value === 'boolean' && options.booleansAsText ? capitalised(value) : value
    }
    return row
  }
}

function chooseColumns<T>(columns: readonly Column<T>[], select: string | null) {
  if (select === null || select.trim() === '') return columns
  const wanted = new Set(select.split(',').map((name) => name.trim().toLowerCase()))
  return columns.filter(({ name }) => wanted.has(name.toLowerCase()))
}

function addSideCars(row: Row, name: string, kind: NonNullable<Column<unknown>['kind']>): void {
  if (kind === 'guid') {
    row[`${name}@data.type`] = 'System.Guid'
    row[`${name}@odata.type`] = '#Guid'
  }
  if (kind === 'list') row[`${name}@odata.type`] = '#Collection(String)'
  if (kind === 'date') row[`${name}@data.type`] = 'System.DateTime'
  if (kind === 'integer') row[`${name}@data.type`] = 'System.Int32'
}

const capitalised = (value: boolean) => (value ? 'True' : 'False')
