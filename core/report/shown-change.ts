import type { Change, FieldChange, FieldValue } from '../model/change.ts'
import type { ReportContext } from './context.ts'
import { shown } from './display.ts'
import type { ShownChange, ShownField } from './document.ts'
import { reasonText } from './messages/reasons.ts'

const masked = '***'

/** A change in the words of the report: safe, cut to the limits, the SSO key masked. */
export function shownChange(change: Change, context: ReportContext): ShownChange {
  const { messages, limits } = context
  const text = (value: string): string => shown(value, limits.characters)
  return {
    action: change.action,
    actionText: messages.actions[change.action],
    address: text(change.address),
    name: change.displayName === change.address ? '' : text(change.displayName),
    kind: messages.kinds[change.kind],
    reason: text(reasonText(messages, change.reason)),
    status: change.status,
    statusText: statusText(change, context),
    fields: fieldsWorthSaying(change).map((field) => shownField(field, context)),
  }
}

/** What a create sets beside the address and the name, which stand in its title. */
function fieldsWorthSaying({ action, fields }: Change): readonly FieldChange[] {
  const isInTitle = new Set(['userName', 'externalId', 'name.formatted', 'displayName', 'active'])
  return action === 'create' ? fields.filter(({ path }) => !isInTitle.has(path)) : fields
}

function statusText({ status }: Change, { messages, input }: ReportContext): string | null {
  if (status === 'failed' || status === 'deferred') return messages.changeStatuses[status]
  // In a run that stopped half-way, what was not begun is told from what was applied.
  const isOpen = status === 'planned' && input.run.mode === 'sync' && input.run.status !== 'blocked'
  return isOpen ? messages.counts.open : null
}

function shownField(field: FieldChange, context: ReportContext): ShownField {
  const { messages } = context
  const { before, after } = field.path === 'SsoAccountKey' ? maskedField(field) : field
  return {
    name: messages.fields[field.path],
    difference:
      isList(before) || isList(after)
        ? listDifference(asList(before), asList(after), context)
        : valueDifference(before, after, context),
  }
}

function maskedField({ path, before, after }: FieldChange): FieldChange {
  return { path, before: before === null ? null : masked, after: after === null ? null : masked }
}

function isList(value: FieldValue): value is readonly string[] {
  return Array.isArray(value)
}

function asList(value: FieldValue): readonly string[] {
  if (isList(value)) return value
  return typeof value === 'string' ? [value] : []
}

function valueDifference(before: FieldValue, after: FieldValue, context: ReportContext): string {
  const now = valueText(after, context)
  return before === null ? now : `${valueText(before, context)} → ${now}`
}

function valueText(value: FieldValue, { messages, limits }: ReportContext): string {
  if (value === null || value === '') return messages.changes.none
  if (typeof value === 'boolean') return value ? messages.changes.yes : messages.changes.no
  return shown(String(value), limits.characters)
}

const itemsShown = 4

/** What comes (+) and what goes (−): a long list before and after says little on a telephone. */
function listDifference(
  before: readonly string[],
  after: readonly string[],
  { messages, limits }: ReportContext,
): string {
  const [old, wanted] = [new Set(before), new Set(after)]
  const changed = [
    ...after.filter((item) => !old.has(item)).map((item) => `+ ${shown(item, limits.characters)}`),
    ...before
      .filter((item) => !wanted.has(item))
      .map((item) => `− ${shown(item, limits.characters)}`),
  ]
  const kept = changed.slice(0, itemsShown)
  const left = changed.length - kept.length
  return [...kept, ...(left > 0 ? [messages.changes.more(left)] : [])].join(', ')
}
