/** Before and after of one field, side by side; in lists, what comes and what goes is marked. */
import { element } from './element.ts'

type Value = string | boolean | null | readonly string[]

export interface DifferenceWords {
  readonly none: string
  readonly yes: string
  readonly no: string
  readonly before: string
  readonly after: string
  readonly field: string
  /** With `{count}`. */
  readonly more: string
}

export interface Field {
  readonly name: string
  readonly before: Value
  readonly after: Value
}

/** Items of one list that are put into the page; a mailbox may have thousands of delegates. */
const itemsShown = 100

/** A table of the fields of a change. */
export function differenceTable(fields: readonly Field[], words: DifferenceWords): HTMLElement {
  const head = [words.field, words.before, words.after].map((text) =>
    element('th', { text, attributes: { scope: 'col' } }),
  )
  const rows = fields.map(({ name, before, after }) =>
    element(
      'tr',
      {},
      element('th', { text: name, attributes: { scope: 'row' } }),
      valueCell(before, after, 'gone', words.before, words),
      valueCell(after, before, 'new', words.after, words),
    ),
  )
  return element(
    'table',
    { class: 'difference' },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows),
  )
}

function valueCell(
  value: Value,
  other: Value,
  mark: 'gone' | 'new',
  label: string,
  words: DifferenceWords,
): HTMLElement {
  return element(
    'td',
    { attributes: { 'data-label': label } },
    ...(isList(value) ? listItems(value, other, mark, words) : [scalar(value, mark, words)]),
  )
}

function isList(value: Value): value is readonly string[] {
  return Array.isArray(value)
}

function scalar(value: string | boolean | null, mark: string, words: DifferenceWords): HTMLElement {
  if (value === null || value === '') return element('span', { class: 'none', text: words.none })
  const text = typeof value === 'boolean' ? (value ? words.yes : words.no) : value
  return element('bdi', { class: mark, text })
}

function listItems(
  value: readonly string[],
  other: Value,
  mark: string,
  words: DifferenceWords,
): HTMLElement[] {
  if (value.length === 0) return [element('span', { class: 'none', text: words.none })]
  const same = new Set(isList(other) ? other : [])
  // What differs is looked for: it comes first.
  const sorted = [...value].sort((left, right) => Number(same.has(left)) - Number(same.has(right)))
  const items = sorted
    .slice(0, itemsShown)
    .map((text) => element('div', {}, element('bdi', { class: same.has(text) ? '' : mark, text })))
  const left = value.length - items.length
  const more = words.more.replace('{count}', String(left))
  return left === 0 ? items : [...items, element('div', { class: 'none', text: more })]
}
