import { actionOrder, ssoKeysOnExisting } from '../causes.ts'
import type { ReportContext } from '../context.ts'
import { shown } from '../display.ts'
import type { Block, Section } from '../document.ts'
import { scopeText } from '../messages/reasons.ts'

/** Counts by action against the total, and what was left alone. */
export function countsSection(context: ReportContext): Section[] {
  const { input, messages } = context
  if (!input.run.planStored) return []
  const keys = ssoKeysOnExisting(input.changes)
  const blocks: Block[] = [
    ...bar(context),
    ...table(context),
    { type: 'facts', rows: facts(context) },
    ...(keys > 0 ? [{ type: 'paragraph', text: messages.counts.ssoKeys(keys) } as const] : []),
  ]
  return [{ heading: messages.counts.heading, tone: 'plain', blocks }]
}

function plannedActions({ input: { run } }: ReportContext) {
  return actionOrder.filter((action) => run.counts[action].planned > 0)
}

function bar(context: ReportContext): Block[] {
  const { input, messages } = context
  const parts = plannedActions(context).map((action) => ({
    action,
    label: messages.actions[action],
    count: input.run.counts[action].planned,
  }))
  return parts.length === 0 ? [] : [{ type: 'bar', parts }]
}

function table(context: ReportContext): Block[] {
  const { input, messages, formats, totals } = context
  const rows = plannedActions(context)
  if (rows.length === 0) return []
  const isWritten = input.run.mode === 'sync' && input.run.status !== 'blocked'
  const columns = [
    { head: messages.counts.planned, of: 'planned', isShown: true },
    { head: messages.counts.applied, of: 'applied', isShown: isWritten },
    { head: messages.counts.failed, of: 'failed', isShown: totals.failed > 0 },
    { head: messages.counts.deferred, of: 'deferred', isShown: totals.deferred > 0 },
  ] as const
  const visible = columns.filter(({ isShown }) => isShown)
  return [
    {
      type: 'table',
      marks: rows,
      head: [messages.counts.action, ...visible.map(({ head }) => head)],
      rows: rows.map((action) => [
        messages.actions[action],
        ...visible.map((column) => formats.number(input.run.counts[action][column.of])),
      ]),
    },
  ]
}

function facts(context: ReportContext): [string, string][] {
  const { input, messages, formats } = context
  const { counts, guard, out_of_scope: outOfScope, mailbox_types: types } = input.run
  const share = `${formats.number(guard.changed)} (${formats.percent(guard.changed, guard.total)})`
  const optional = (label: string, count: number): [string, string][] =>
    count === 0 ? [] : [[label, formats.number(count)]]
  return [
    [messages.counts.total, formats.number(guard.total)],
    [messages.counts.changed, share],
    [messages.counts.unchanged, formats.number(counts.unchanged)],
    ...optional(messages.counts.skipped, counts.skipped),
    ...optional(messages.counts.unmanaged, counts.unmanaged),
    ...tally(messages.counts.mailboxTypes, types, context, (type) => shown(type, 40)),
    ...tally(messages.counts.outOfScope, outOfScope, context, (reason) =>
      shown(scopeText(messages, reason), 40),
    ),
  ]
}

function tally(
  label: string,
  counts: Readonly<Record<string, number>>,
  { formats, limits }: ReportContext,
  nameOf: (key: string) => string,
): [string, string][] {
  const items = Object.entries(counts)
    .sort(([, left], [, right]) => right - left)
    .slice(0, limits.lines)
    .map(([key, count]) => `${nameOf(key)} ${formats.number(count)}`)
  return items.length === 0 ? [] : [[label, items.join(' · ')]]
}
