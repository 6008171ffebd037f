import type { Messages } from './messages/catalogue.ts'
import { dueChanges, type EndedRun, failuresOf, outcomeOf, totalsOf } from './outcome.ts'

/**
 * How a run ended, in a few words: the head of the mail, the report and the dashboard.
 * @param day of the problem, 1 on its first day
 */
export function headlineText(run: EndedRun, { headline, titles }: Messages, day: number): string {
  const { applied } = totalsOf(run)
  switch (outcomeOf(run)) {
    case 'nothing_to_do':
      return headline.nothingToDo
    case 'done':
      return headline.done(applied)
    case 'partial':
      return headline.partial(failuresOf(run), applied)
    case 'preview':
      return headline.preview(dueChanges(run))
    case 'preview_nothing':
      return headline.previewNothing
    case 'preview_over_limit':
      return headline.previewOverLimit(dueChanges(run))
    case 'blocked':
      return headline.blocked(day)
    case 'failed':
      return `${headline.failed(day)}: ${titles[run.error?.code ?? 'INTERNAL']}`
    case 'cancelled':
      return headline.cancelled
    case 'settings_changed':
      return headline.settingsChanged
    case 'under_way':
      return headline.underWay
  }
}
