/** What the dashboard says about runs and changes. The sentences that the report has too come from its catalogue. */
import { headlineText } from '../../report/headline.ts'
import { en } from '../../report/messages/en.ts'
import { reasonText, scopeText } from '../../report/messages/reasons.ts'
import { dueChanges, outcomeOf, type Tone, toneOf as toneOfOutcome } from '../../report/outcome.ts'
import { remedies } from '../../report/remedies.ts'
import type { RunJson } from './api.ts'

export const actionNames = ['suspend', 'create', 'reactivate', 'update', 'link'] as const

export const words = en

export function remedyOf(code: keyof typeof remedies): string {
  return remedies[code].en
}

export function reason(text: string): string {
  return reasonText(en, text)
}

export function outOfScope(text: string): string {
  return scopeText(en, text)
}

const numbers = new Intl.NumberFormat('en-GB')
export const number = (value: number): string => numbers.format(value)

export function isActive({ status }: RunJson): boolean {
  return status === 'queued' || status === 'running'
}

/** Good, bad or between: the colour of a badge, which its word says too. */
export function toneOf(run: RunJson): Tone {
  return toneOfOutcome(outcomeOf(run))
}

export function headline(run: RunJson): string {
  return headlineText(run, en, 1)
}

/** How many changes a run has, or had to make: `1 suspend, 3 create`. */
export function countsText(run: RunJson): string {
  const { counts, mode, status } = run
  const isWritten = mode === 'sync' && status !== 'blocked' && !isActive(run)
  const parts = actionNames.flatMap((action) => {
    const { planned, applied, failed } = counts[action]
    const value = isWritten ? applied : planned
    const done = isWritten ? words.subject.done(value, action) : `${number(value)} to ${action}`
    return [
      ...(value > 0 ? [done] : []),
      ...(failed > 0 ? [`${number(failed)} to ${action} failed`] : []),
    ]
  })
  return parts.length === 0 ? 'No changes' : parts.join(', ')
}

export function changesOf({ counts }: RunJson): number {
  return actionNames.reduce((sum, action) => sum + counts[action].planned, 0)
}

/** May exactly this plan be applied? Blocked runs and previews have one that was not. */
export function isApprovable(run: RunJson): boolean {
  const isPlan = run.status === 'blocked' || (run.mode === 'preview' && run.status === 'succeeded')
  return isPlan && dueChanges(run) > 0
}
