import type { RunRecord } from '../model/run.ts'
import { actionOrder } from './causes.ts'
import type { ReportContext } from './context.ts'
import type { Messages } from './messages/catalogue.ts'
import { dueChanges, failuresOf } from './outcome.ts'

/**
 * The subject says it all: outcome, counts, environment and the age of a problem. It never holds a name or an
 * address that somebody else wrote.
 */
export function subjectOf(context: ReportContext): string {
  const { input, age, messages } = context
  const name = input.environment === '' ? 'Cloud Sync' : `Cloud Sync ${input.environment}`
  const { withoutSuccess } = age
  const tail =
    withoutSuccess === null ? '' : ` · ${messages.subject.withoutSuccess(withoutSuccess.days)}`
  return `${name}: ${whatHappened(context)}${tail}`
}

function whatHappened({
  input: { run },
  outcome,
  totals,
  age: { day },
  messages,
}: ReportContext): string {
  const { subject, titles } = messages
  const { applied, deferred } = totals
  const due = dueChanges(run)
  const deferredToo = deferred > 0 ? [subject.deferred(deferred)] : []
  switch (outcome) {
    case 'nothing_to_do':
      return [subject.nothingToDo(run.counts.unchanged), ...deferredToo].join(', ')
    case 'done':
      return [...appliedParts(run, messages), ...deferredToo].join(', ')
    case 'partial':
      return [...failedParts(run, messages), ...appliedParts(run, messages), ...deferredToo].join(
        ', ',
      )
    case 'preview':
      return subject.preview(due)
    case 'preview_nothing':
      return [subject.previewNothing, ...deferredToo].join(', ')
    case 'preview_over_limit':
      return subject.previewOverLimit(due)
    case 'blocked':
      return `${subject.blocked(day)}: ${would(run, messages)}`
    case 'failed':
      return `${subject.failed(day)}: ${titles[run.error?.code ?? 'INTERNAL']}`
    case 'cancelled':
      return subject.cancelled(applied, due)
    case 'settings_changed':
      return subject.settingsChanged(applied, due)
    case 'under_way':
      return subject.underWay
  }
}

/** What fails as it did before is said, but is no alarm. */
function failedParts(run: RunRecord, { subject }: Messages): string[] {
  const { fresh, repeated } = failuresOf(run)
  return [
    ...(fresh > 0 ? [subject.partial(fresh)] : []),
    ...(repeated > 0 ? [subject.stillFailing(repeated)] : []),
  ]
}

function appliedParts({ counts }: RunRecord, { subject }: Messages): string[] {
  const parts = actionOrder
    .filter((action) => counts[action].applied > 0)
    .map((action) => subject.done(counts[action].applied, action))
  return parts.length === 0 ? [subject.nothingApplied] : parts
}

/** What a blocked run would do, by the action that makes up most of it. */
function would({ counts, guard }: RunRecord, { subject }: Messages): string {
  const due = actionOrder
    .filter((action) => action !== 'link')
    .map((action) => ({ action, count: counts[action].planned - counts[action].deferred }))
  const main = due.find(({ count }) => count >= 0.8 * guard.changed && count > 0)
  return main === undefined
    ? subject.would(null, { count: guard.changed, total: guard.total })
    : subject.would(main.action, { count: main.count, total: guard.total })
}
