/** The changes of the report, as they are looked for: filtered, counted by group, a page at a time. */
import type { ChangeRow, ReportData } from '../../report/report-data.ts'

export interface Filter {
  /** In lower case; `''` = everything. */
  readonly text: string
  /** Positions in the lists of the data; `null` = all. */
  readonly action: number | null
  readonly kind: number | null
  readonly cause: number | null
  readonly status: number | null
}

export const noFilter: Filter = { text: '', action: null, kind: null, cause: null, status: null }

export interface Group {
  readonly action: number
  readonly kind: number
  readonly cause: number
  readonly count: number
}

export class ChangeIndex {
  readonly #changes: readonly ChangeRow[]
  /** What a text is looked for in; made when first needed. */
  #texts: readonly string[] | null = null

  constructor({ changes }: ReportData) {
    this.#changes = changes
  }

  get size(): number {
    return this.#changes.length
  }

  matching(filter: Filter): readonly ChangeRow[] {
    const { text } = filter
    const texts = text === '' ? [] : (this.#texts ??= this.#changes.map(textOf))
    return this.#changes.filter(
      ([, action, kind, cause, status], index) =>
        (filter.action === null || filter.action === action) &&
        (filter.kind === null || filter.kind === kind) &&
        (filter.cause === null || filter.cause === cause) &&
        (filter.status === null || filter.status === status) &&
        (text === '' || texts[index]?.includes(text)),
    )
  }
}

function textOf([, , , , , address, name, identifier, scimId, error, fields]: ChangeRow): string {
  const values = fields.flatMap(([, before, after]) => [before, after]).flat()
  return [
    address,
    name,
    identifier,
    scimId,
    error,
    ...values.filter((value) => typeof value === 'string'),
  ]
    .join('\n')
    .toLowerCase()
}

/** Neighbours of one action, kind and cause; the changes are sorted so. */
export function groupsOf(changes: readonly ChangeRow[]): Group[] {
  const groups: Group[] = []
  for (const [, action, kind, cause] of changes) {
    const last = groups.at(-1)
    const isSame = last?.action === action && last.kind === kind && last.cause === cause
    if (last !== undefined && isSame) groups[groups.length - 1] = { ...last, count: last.count + 1 }
    else groups.push({ action, kind, cause, count: 1 })
  }
  return groups
}
