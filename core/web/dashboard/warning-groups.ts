/** Warnings by code, each group with what to do about it. */
import { element, marked } from '../shared/element.ts'
import type { RunJson } from './api.ts'
import { number, remedyOf, words } from './words.ts'

type Code = RunJson['warnings'][number]['code']

export interface ShownWarning {
  readonly code: Code
  readonly text: string
  /** Since when, where that is known. */
  readonly note: Node | null
}

/** Lines of one group that are put into the document. */
const linesShown = 25

export function warningGroups(warnings: readonly ShownWarning[]): HTMLElement[] {
  const groups = new Map<Code, ShownWarning[]>()
  for (const warning of warnings) {
    groups.set(warning.code, [...(groups.get(warning.code) ?? []), warning])
  }
  return [...groups].map(([code, found]) => group(code, found))
}

function group(code: Code, found: readonly ShownWarning[]): HTMLElement {
  const lines = found.slice(0, linesShown).map(({ text, note }) => element('li', {}, text, note))
  const left = found.length - lines.length
  return element(
    'details',
    { class: 'group' },
    element(
      'summary',
      {},
      element('strong', { text: words.titles[code] }),
      ` (${number(found.length)}) `,
      element('code', { text: code }),
    ),
    element('p', { class: 'remedy' }, ...marked(remedyOf(code))),
    element(
      'ul',
      {},
      ...lines,
      left === 0 ? null : element('li', { text: `and ${number(left)} more: see the report` }),
    ),
  )
}
