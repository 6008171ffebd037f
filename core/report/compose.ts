import type { ReportContext } from './context.ts'
import type { MailDocument, MailLink, Section } from './document.ts'
import { headlineText } from './headline.ts'
import { dueChanges, toneOf } from './outcome.ts'
import { aboutSection } from './sections/about.ts'
import { changesSection } from './sections/changes.ts'
import { countsSection } from './sections/counts.ts'
import { failuresSection, warningsSection } from './sections/findings.ts'
import { nextStepsSection } from './sections/next-steps.ts'
import { leaversSection, withoutMailboxSection } from './sections/people.ts'
import { whySection } from './sections/why.ts'

/** The document of a run: outcome first, then the cause, what to do, the figures, and the details. */
export function composeDocument(context: ReportContext, extra: readonly Section[]): MailDocument {
  return {
    environment: context.input.environment,
    tone: toneOf(context.outcome),
    headline: headlineOf(context),
    lead: leadOf(context),
    link: linkOf(context),
    sections: [
      ...whySection(context),
      ...nextStepsSection(context),
      ...leaversSection(context),
      ...failuresSection(context),
      ...countsSection(context),
      ...withoutMailboxSection(context),
      ...warningsSection(context),
      ...changesSection(context),
      ...extra,
      ...aboutSection(context),
    ],
    footer: context.messages.footer,
  }
}

/** What the report page says beside its charts: what happened and what to do; then figures. */
export function summarySections(context: ReportContext): {
  readonly story: Section[]
  readonly figures: Section[]
} {
  return { story: storySections(context), figures: countsSection(context) }
}

/** The app's own address is not always known; the path always is. */
function linkOf({ input: { run, dashboardUrl }, messages }: ReportContext): MailLink {
  const isAddress = dashboardUrl !== undefined && dashboardUrl !== null
  const place = `${isAddress ? dashboardUrl : '/api/dashboard'}#run=${run.id}`
  return { text: messages.openRun, place, isAddress }
}

function storySections(context: ReportContext): Section[] {
  return [
    ...whySection(context),
    ...nextStepsSection(context),
    ...leaversSection(context),
    ...failuresSection(context),
    ...withoutMailboxSection(context),
    ...warningsSection(context),
    ...aboutSection(context),
  ]
}

export function headlineOf({ input, messages, age }: ReportContext): string {
  return headlineText(input.run, messages, age.day)
}

export function leadOf(context: ReportContext): string[] {
  const { messages, formats, totals, age } = context
  const { withoutSuccess } = age
  return [
    leadSentence(context),
    ...(totals.deferred > 0 ? [messages.lead.deferred(totals.deferred)] : []),
    ...(withoutSuccess === null
      ? []
      : [messages.withoutSuccess(formats.moment(withoutSuccess.since), withoutSuccess.days)]),
  ]
}

function leadSentence({ input, messages, outcome, totals }: ReportContext): string {
  const { lead } = messages
  const due = dueChanges(input.run)
  const hasWritten = totals.applied + totals.failed > 0
  switch (outcome) {
    case 'nothing_to_do':
      return lead.nothingToDo(input.run.counts.unchanged)
    case 'done':
      return lead.done
    case 'partial':
      return lead.partial
    case 'preview':
      return lead.preview
    case 'preview_nothing':
      return lead.previewNothing
    case 'preview_over_limit':
      return lead.previewOverLimit
    case 'blocked':
      return lead.blocked
    case 'failed':
      return hasWritten
        ? lead.failedWhileWriting(totals.applied, due)
        : lead.failedBeforeWriting(phaseOf(input.run))
    case 'cancelled':
    case 'settings_changed':
      return hasWritten ? lead.stopped(totals.applied, due) : lead.stoppedBeforeWriting
    case 'under_way':
      return lead.underWay(input.run.phase)
  }
}

// While the report is written the run's phase is "reporting"; what it was before is told by what is stored.
function phaseOf(run: ReportContext['input']['run']): typeof run.phase {
  if (run.phase !== 'reporting' && run.phase !== 'done') return run.phase
  return run.planStored ? 'applying' : 'reading'
}
