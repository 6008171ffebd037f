/** Warnings that stand: those of the newest run that planned, each with the first run of the history that had it. */
import { element } from '../shared/element.ts'
import type { RunJson } from './api.ts'
import { timeElement } from './time.ts'
import { type ShownWarning, warningGroups } from './warning-groups.ts'

type Warning = RunJson['warnings'][number]

export interface OpenWarning {
  readonly warning: Warning
  readonly firstSeen: string
  readonly lastSeen: string
}

/** Runs that read and planned: only they can say that a warning is gone. */
function hasPlanned({ status, phase }: RunJson): boolean {
  return (
    phase === 'done' &&
    (status === 'succeeded' || status === 'completed_with_errors' || status === 'blocked')
  )
}

// Figures in a message may change from run to run: the same code about the same address is the same warning.
function identityOf({ code, address, message }: Warning): string {
  return `${code} ${address ?? message}`
}

/** @param runs newest first */
export function openWarnings(runs: readonly RunJson[]): OpenWarning[] {
  const planned = runs.filter(hasPlanned)
  const [newest] = planned
  if (newest === undefined) return []
  const seen = planned.map((run) => new Set(run.warnings.map(identityOf)))
  return newest.warnings.map((warning) => {
    const id = identityOf(warning)
    const gone = seen.findIndex((warnings) => !warnings.has(id))
    const first = planned[gone === -1 ? planned.length - 1 : gone - 1] ?? newest
    return { warning, firstSeen: first.requested_at, lastSeen: newest.requested_at }
  })
}

export function showWarnings(runs: readonly RunJson[], place: HTMLElement): void {
  const open = openWarnings(runs)
  if (open.length === 0) {
    place.replaceChildren(element('p', { text: 'No warning is open.' }))
    return
  }
  const groups = warningGroups(open.map(shown))
  for (const group of groups.slice(0, 3)) group.setAttribute('open', '')
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
