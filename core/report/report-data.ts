/** What the report page's script gets as JSON, and how it is made: compact, because a run may have 100,000 changes. */
import { byText } from '../model/address.ts'
import type { Change, FieldValue } from '../model/change.ts'
import { actionOrder, causePaths } from './causes.ts'
import type { ReportContext } from './context.ts'
import { shown } from './display.ts'
import type { PageMessages } from './messages/catalogue.ts'
import { reasonText } from './messages/reasons.ts'
import { storedText } from './stored-texts/stored-text.ts'

/** Positions in the lists of names, then texts: sequence, action, kind, cause, status, address, name, ids, error, fields. */
export type ChangeRow = readonly [
  sequence: number,
  action: number,
  kind: number,
  cause: number,
  status: number,
  address: string,
  name: string,
  identifier: string,
  scimId: string,
  error: string,
  fields: readonly FieldRow[],
]
type FieldRow = readonly [name: number, before: FieldValue, after: FieldValue]

export interface ReportData {
  readonly words: PageMessages & {
    readonly action: string
    readonly before: string
    readonly after: string
    readonly none: string
    readonly yes: string
    readonly no: string
  }
  readonly locale: string
  /** Names, and the word that the style knows each by. */
  readonly actions: readonly (readonly [name: string, word: string])[]
  readonly kinds: readonly string[]
  readonly causes: readonly string[]
  readonly statuses: readonly (readonly [name: string, word: string])[]
  readonly fields: readonly string[]
  /** Sorted by action, kind and cause: a group is what stands together. */
  readonly changes: readonly ChangeRow[]
}

const kinds = ['user', 'functional'] as const
const statuses = ['planned', 'applied', 'failed', 'deferred'] as const

/** @param changes those that the page holds */
export function reportData(changes: readonly Change[], context: ReportContext): ReportData {
  const { messages, input } = context
  const causes = new Names()
  const fields = new Names()
  const rows = changes.map((change) => rowOf(change, causes, fields, context))
  return {
    words: {
      ...messages.page,
      action: messages.counts.action,
      before: messages.changes.before,
      after: messages.changes.after,
      none: messages.changes.none,
      yes: messages.changes.yes,
      no: messages.changes.no,
    },
    locale: input.language === 'nl' ? 'nl-NL' : 'en-GB',
    actions: actionOrder.map((action) => [messages.actions[action], action]),
    kinds: kinds.map((kind) => messages.kinds[kind]),
    causes: causes.list,
    statuses: statuses.map((status) => [messages.changeStatuses[status], status]),
    fields: fields.list,
    changes: rows.sort(
      (left, right) =>
        left[1] - right[1] ||
        left[2] - right[2] ||
        byText(causes.list[left[3]] ?? '', causes.list[right[3]] ?? '') ||
        left[0] - right[0],
    ),
  }
}

/** Gives each text a position. */
class Names {
  readonly list: string[] = []
  readonly #positions = new Map<string, number>()

  positionOf(text: string): number {
    const known = this.#positions.get(text)
    if (known !== undefined) return known
    this.#positions.set(text, this.list.length)
    return this.list.push(text) - 1
  }
}

function rowOf(change: Change, causes: Names, fields: Names, context: ReportContext): ChangeRow {
  const { messages, limits, input } = context
  const text = (value: string | null): string => shown(value ?? '', limits.characters)
  const { error } = change
  return [
    change.sequence,
    actionOrder.indexOf(change.action),
    kinds.indexOf(change.kind),
    causes.positionOf(causeText(change, context)),
    statuses.indexOf(change.status),
    text(change.address),
    change.displayName === change.address ? '' : text(change.displayName),
    text(change.identifier),
    text(change.scimId),
    error === null ? '' : `${error.code}: ${text(errorText(error, input.language))}`,
    change.fields.map(({ path, before, after }) => {
      const isSecret = path === 'SsoAccountKey'
      const value = (given: FieldValue): FieldValue =>
        isSecret && given !== null ? '***' : shownValue(given, limits.characters)
      return [fields.positionOf(messages.fields[path]), value(before), value(after)]
    }),
  ]
}

/** What is not in the report's language is a quotation. */
function errorText(error: NonNullable<Change['error']>, language: 'en' | 'nl'): string {
  const stored = storedText(error, language)
  return stored.language === language ? stored.text : `“${stored.text}”`
}

function shownValue(value: FieldValue, length: number): FieldValue {
  if (typeof value === 'string') return shown(value, length)
  if (value === null || typeof value === 'boolean') return value
  return value.map((item) => shown(item, length))
}

function causeText(change: Change, { messages, formats, limits }: ReportContext): string {
  const reason = shown(reasonText(messages, change.reason), limits.characters)
  const fields = causePaths(change).map((path) => messages.fields[path].toLowerCase())
  return fields.length === 0 ? reason : `${reason} (${formats.list(fields)})`
}
