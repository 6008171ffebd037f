import type { ErrorCode } from '../../errors.ts'
import type { ReportContext } from '../context.ts'
import type { Section } from '../document.ts'
import { remedies } from '../remedies.ts'

/** What to press, exactly: the flag and the run's id are named. Nothing where nothing is to be done. */
export function nextStepsSection(context: ReportContext): Section[] {
  const { messages } = context
  const items = stepsOf(context)
  if (items.length === 0) return []
  const tone = context.outcome === 'blocked' || context.outcome === 'failed' ? 'attention' : 'info'
  return [{ heading: messages.steps.heading, tone, blocks: [{ type: 'bullets', items }] }]
}

function stepsOf(context: ReportContext): string[] {
  const { input, messages, outcome } = context
  const { run } = input
  const { steps } = messages
  switch (outcome) {
    case 'blocked':
      return [
        ...firstSync(context),
        steps.approve(run.id),
        steps.allowLargeSync,
        steps.repairInstead,
      ]
    case 'preview_over_limit':
      return [
        ...firstSync(context),
        steps.approve(run.id),
        steps.allowLargeSync,
        ...schedule(context),
      ]
    case 'preview':
      return [steps.previewApprove(run.id), ...schedule(context)]
    case 'failed':
      return [remedyOf(run.error?.code ?? 'INTERNAL', context), steps.retryByItself]
    case 'settings_changed':
      return [remedyOf('SETTINGS_CHANGED', context)]
    case 'cancelled':
      return [steps.startAgain]
    case 'preview_nothing':
      return schedule(context)
    case 'partial':
    case 'done':
    case 'nothing_to_do':
    case 'under_way':
      return []
  }
}

function firstSync({ input: { run }, messages }: ReportContext): string[] {
  return run.guard.total === 0 ? [messages.steps.firstSync] : []
}

function schedule({ input, messages }: ReportContext): string[] {
  return input.performSync ? [] : [messages.steps.turnOnSchedule]
}

function remedyOf(code: ErrorCode, { input }: ReportContext): string {
  return remedies[code][input.language]
}
