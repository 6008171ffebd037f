import type { ReportContext } from '../context.ts'
import type { Section } from '../document.ts'
import { shownChange } from '../shown-change.ts'

/** The first changes, in the order of the run; the rest is attached. */
export function changesSection(context: ReportContext): Section[] {
  const { input, messages, limits } = context
  const total = input.changes.length
  if (total === 0) return []
  const first = input.changes.slice(0, limits.changes)
  const lead =
    first.length === total
      ? messages.changes.attached
      : `${messages.changes.firstOf(first.length, total)} ${messages.changes.attached}`
  return [
    {
      heading: messages.changes.heading,
      tone: 'plain',
      blocks: [
        { type: 'paragraph', text: lead },
        ...first.map(
          (change) => ({ type: 'change', change: shownChange(change, context) }) as const,
        ),
      ],
    },
  ]
}
