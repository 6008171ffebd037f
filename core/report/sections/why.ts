import { isOverLimit } from '../../guard/limit.ts'
import { type Cause, causesOf, scopeGrowth } from '../causes.ts'
import type { ReportContext } from '../context.ts'
import { shown } from '../display.ts'
import type { Block, Section } from '../document.ts'
import { type FilterShift, filterShift, onlyShrunk, type ShrunkGroup } from '../filter-shift.ts'
import { reasonText, scopeText } from '../messages/reasons.ts'
import { quotations } from '../quotations.ts'

/** Long enough for a message that names every setting as faulty: each has to be read before the next try. */
const errorCharacters = 6000

/** The cause, right below the outcome: of the changes, and of a failure. */
export function whySection(context: ReportContext): Section[] {
  const blocks = [...failure(context), ...guardLine(context), ...causes(context)]
  if (blocks.length === 0) return []
  return [{ heading: context.messages.cause.heading, tone: 'plain', blocks }]
}

function failure(context: ReportContext): Block[] {
  const { input, messages, outcome } = context
  const { error } = input.run
  if (error === null) return []
  // A failed run has its title in the lead; the others say it here.
  const title = outcome === 'failed' ? [] : [messages.titles[error.code]]
  return [
    ...title.map((text): Block => ({ type: 'paragraph', text })),
    ...quotations(
      [{ ...error, about: error.code }],
      context,
      errorCharacters,
      messages.cause.technical,
    ),
  ]
}

/** The guard's arithmetic, wherever the limit is exceeded; below it, what the total hides. */
function guardLine({ input, messages, formats, limits }: ReportContext): Block[] {
  const { changed, total, limit_percent: limit, findings } = input.run.guard
  if (findings.length === 0) return []
  if (!isOverLimit(input.run.guard)) {
    const label = input.language === 'en' ? null : messages.cause.original
    const lines = findings
      .slice(0, limits.lines)
      .map((finding) => shown(finding, 3 * limits.characters))
    return [{ type: 'quote', label, language: 'en', lines }]
  }
  const text =
    total === 0
      ? messages.limit.noAccounts(changed)
      : messages.limit.share({ count: changed, total }, formats.percent(changed, total), limit)
  return [{ type: 'paragraph', text }]
}

function causes(context: ReportContext): Block[] {
  const { input, messages, limits } = context
  const all = causesOf(input.changes.filter(({ status }) => status !== 'deferred'))
  const shift = filterShift(input.run.filterGroups, input.history)
  const named = all.slice(0, limits.lines)
  const items = named.map((cause) => causeLine(cause, onlyShrunk(shift), context))
  if (all.length > named.length) items.push(messages.cause.rest(all.length - named.length))
  const isFiltered = all.some(isByFilter)
  const lines = [
    ...items,
    ...(shift === null ? [] : shiftLines(shift, isFiltered, context)),
    ...growthLines(shift !== null && isFiltered, context),
  ]
  return lines.length === 0 ? [] : [{ type: 'bullets', items: lines }]
}

function isByFilter({ action, reason }: Cause): boolean {
  return action === 'suspend' && reason === 'not_in_source_filter'
}

function causeLine(cause: Cause, shrunk: ShrunkGroup | null, context: ReportContext): string {
  const { action, reason, paths, count, total } = cause
  const { messages, formats } = context
  const share = { count, total }
  if (shrunk !== null && isByFilter(cause)) {
    const isCertain = shrunk.before - shrunk.now >= count
    const text = messages.cause.notInGroup(groupName(shrunk, context), shrunk, isCertain)
    return messages.cause.line(action, share, text)
  }
  const fields = paths.map((path) => messages.fields[path].toLowerCase())
  const text = shown(reasonText(messages, reason))
  return messages.cause.line(
    action,
    share,
    fields.length === 0 ? text : `${text} (${formats.list(fields)})`,
  )
}

/** What else changed about the source filter. A group that only a cause's line names is not said again. */
function shiftLines(shift: FilterShift, isFiltered: boolean, context: ReportContext): string[] {
  const { messages, formats, limits } = context
  const { cause } = messages
  const since = formats.day(shift.since)
  const shrunk = isFiltered && onlyShrunk(shift) === null ? shift.shrunk : []
  const lines = [
    ...shrunk.map((group) => cause.groupShrank(groupName(group, context), group, since)),
    ...shift.removed.map((group) =>
      cause.groupRemoved(groupName(group, context), group.members, since),
    ),
    ...(shift.isNew ? [cause.filterIsNew(since)] : []),
    ...shift.added.map((group) =>
      cause.groupAdded(groupName(group, context), group.members, since),
    ),
  ]
  const left = lines.length - limits.lines
  return left > 0 ? [...lines.slice(0, limits.lines), messages.changes.more(left)] : lines
}

/** Safe inside a sentence of ours, whose marks it must not be able to make. */
function groupName({ name }: { readonly name: string }, { limits }: ReportContext): string {
  return shown(name, limits.characters).replaceAll(/[`*]/g, '’')
}

/** @param isFilterTold what the source filter leaves out is explained by its groups */
function growthLines(isFilterTold: boolean, { input, messages, formats }: ReportContext): string[] {
  return scopeGrowth(input.run, input.history)
    .filter(({ reason }) => !(isFilterTold && reason === 'not_in_source_filter'))
    .map((growth) => {
      const { reason, since } = growth
      return messages.cause.outOfScopeGrew(scopeText(messages, reason), growth, formats.day(since))
    })
}
