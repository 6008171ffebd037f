/** The view of warnings that stand. */
import { type OpenWarning, openWarnings } from '../../dashboard/open-warnings.ts'
import { element } from '../shared/element.ts'
import type { RunJson } from './api.ts'
import { timeElement } from './time.ts'
import { type ShownWarning, warningGroups } from './warning-groups.ts'

/** Groups that are open from the start. */
const groupsOpen = 3

/** @param runs newest first */
export function showWarnings(runs: readonly RunJson[], place: HTMLElement): void {
  const open = openWarnings(runs)
  if (open.length === 0) {
    place.replaceChildren(element('p', { text: 'No warning is open.' }))
    return
  }
  const groups = warningGroups(open.map(shown))
  for (const group of groups.slice(0, groupsOpen)) group.setAttribute('open', '')
  place.replaceChildren(...groups)
}

function shown({ warning, firstSeen, lastSeen }: OpenWarning): ShownWarning {
  const note = element(
    'span',
    { class: 'seen' },
    'first seen ',
    timeElement(firstSeen),
    ', last seen ',
    timeElement(lastSeen),
  )
  return { code: warning.code, text: warning.message, note }
}
