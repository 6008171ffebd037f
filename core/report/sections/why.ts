import { type Cause, causesOf, scopeGrowth } from '../causes.ts'
import type { ReportContext } from '../context.ts'
import { shown } from '../display.ts'
import type { Block, Section } from '../document.ts'
import { reasonText, scopeText } from '../messages/reasons.ts'

/** Long enough for a message that names every setting as faulty: each has to be read before the next try. */
const errorCharacters = 6000

/** The cause, right below the outcome: of the changes, and of a failure. */
export function whySection(context: ReportContext): Section[] {
  const blocks = [...failure(context), ...guardLine(context), ...causes(context)]
  if (blocks.length === 0) return []
  return [{ heading: context.messages.cause.heading, tone: 'plain', blocks }]
}

function failure({ input: { run }, messages, outcome }: ReportContext): Block[] {
  if (run.error === null) return []
  // A failed run has its title in the lead; the others say it here.
  const title = outcome === 'failed' ? [] : [messages.titles[run.error.code]]
  return [
    ...title.map((text): Block => ({ type: 'paragraph', text })),
    {
      type: 'quote',
      label: messages.cause.technical,
      lines: [`${run.error.code}: ${shown(run.error.message, errorCharacters)}`],
    },
  ]
}

/** The guard's arithmetic, wherever the limit is exceeded. */
function guardLine({ input: { run }, messages, formats }: ReportContext): Block[] {
  const { changed, total, limit_percent: limit, findings } = run.guard
  if (findings.length === 0) return []
  const text =
    total === 0
      ? messages.limit.noAccounts(changed)
      : messages.limit.share({ count: changed, total }, formats.percent(changed, total), limit)
  return [{ type: 'paragraph', text }]
}

function causes(context: ReportContext): Block[] {
  const { input, messages, limits } = context
  const all = causesOf(input.changes.filter(({ status }) => status !== 'deferred'))
  const named = all.slice(0, limits.lines)
  const items = named.map((cause) => causeLine(cause, context))
  if (all.length > named.length) items.push(messages.cause.rest(all.length - named.length))
  const growth = scopeGrowth(input.run, input.history).map(({ reason, before, now }) =>
    messages.cause.outOfScopeGrew(scopeText(messages, reason), before, now),
  )
  const lines = [...items, ...growth]
  return lines.length === 0 ? [] : [{ type: 'bullets', items: lines }]
}

function causeLine({ action, reason, paths, count, total }: Cause, context: ReportContext): string {
  const { messages, formats } = context
  const fields = paths.map((path) => messages.fields[path].toLowerCase())
  const text = shown(reasonText(messages, reason))
  const cause = fields.length === 0 ? text : `${text} (${formats.list(fields)})`
  return messages.cause.line(action, { count, total }, cause)
}
