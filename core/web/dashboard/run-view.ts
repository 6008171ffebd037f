/** One run: how it stands or ended, why, what to do, and its changes. */
import { element, marked } from '../shared/element.ts'
import { api, type RunJson } from './api.ts'
import { ChangeList } from './change-list.ts'
import { attempt } from './messages.ts'
import { runButtons } from './run-actions.ts'
import { badge, button, countsTable, facts, progressView } from './run-parts.ts'
import { durationText, timeElement } from './time.ts'
import { warningGroups } from './warning-groups.ts'
import { headline, isActive, number, outOfScope, remedyOf, words } from './words.ts'

const refreshMs = 1000

/** Shows a run in a place, and keeps it up to date until `isShown` says no. */
export async function showRun(
  id: string,
  place: HTMLElement,
  isShown: () => boolean,
): Promise<void> {
  const run = await api.run(id)
  if (!isShown()) return
  const head = element('div', { class: 'stack' })
  const changes = new ChangeList(id)
  place.replaceChildren(head, changes.element)
  const follow = async (current: RunJson): Promise<void> => {
    const again = async () => follow(await api.run(id))
    head.replaceChildren(...runHead(current, again))
    if (!isActive(current)) return
    setTimeout(() => {
      if (isShown()) void attempt(() => next(current))
    }, refreshMs)
  }
  const next = async (before: RunJson): Promise<void> => {
    const current = await api.run(id)
    if (!isShown()) return
    const hasMore = current.status !== before.status || current.phase !== before.phase
    await follow(current)
    if (hasMore) await changes.load()
  }
  await follow(run)
  await changes.load()
}

function runHead(run: RunJson, changed: () => Promise<void>): HTMLElement[] {
  return [
    outcome(run, changed),
    ...problem(run),
    element(
      'div',
      { class: 'pair' },
      element('section', { class: 'card' }, element('h2', { text: 'Counts' }), ...figures(run)),
      about(run),
    ),
    ...warnings(run),
  ]
}

function outcome(run: RunJson, changed: () => Promise<void>): HTMLElement {
  const open = button('Open the report', '', () => attempt(() => openReport(run.id)))
  return element(
    'section',
    { class: 'card' },
    element('div', { class: 'row' }, badge(run), timeElement(run.requested_at)),
    isActive(run) ? progressView(run) : element('p', { class: 'headline', text: headline(run) }),
    element('div', { class: 'row' }, ...runButtons(run, changed), open),
    element('p', { class: 'report-link', attributes: { id: 'report-link' } }),
  )
}

/** A tab of its own; the link stays, should the browser have kept the tab from opening. */
async function openReport(id: string): Promise<void> {
  const href = URL.createObjectURL(await api.report(id))
  const link = element('a', {
    text: 'The report of this run',
    attributes: { href, target: '_blank', rel: 'noopener' },
  })
  document.getElementById('report-link')?.replaceChildren(link)
  link.click()
}

const whenBlocked =
  'Approve applies exactly these changes. If they are not right, correct their cause in Microsoft 365 or in the settings and start a preview; until then nothing is changed in Zivver.'

/** Why nothing, or not everything, was written. */
function problem({ error, guard, status }: RunJson): HTMLElement[] {
  const findings = guard.findings.length > 0
  if (error === null && !findings) return []
  return [
    element(
      'section',
      { class: `card ${status === 'blocked' || status === 'failed' ? 'bad' : 'attention'}` },
      element('h2', {
        text: error === null ? 'Large-change guard' : words.cause.heading,
      }),
      ...(error === null
        ? []
        : [
            element('p', {}, element('code', { text: error.code }), ` ${error.message}`),
            element('p', { class: 'remedy' }, ...marked(remedyOf(error.code))),
          ]),
      ...(findings
        ? [element('ul', {}, ...guard.findings.map((text) => element('li', { text })))]
        : []),
      status === 'blocked' ? element('p', { class: 'remedy', text: whenBlocked }) : null,
    ),
  ]
}

/** What is counted is known from the plan on. */
function figures(run: RunJson): HTMLElement[] {
  if (Object.keys(run.mailbox_types).length > 0) return [...countsTable(run), totals(run)]
  const text = isActive(run) ? 'There is no plan yet.' : 'The run did not get as far as a plan.'
  return [element('p', { text })]
}

function totals({
  counts,
  guard,
  out_of_scope: scope,
  mailbox_types: types,
}: RunJson): HTMLElement {
  const tally = (values: Readonly<Record<string, number>>, name: (key: string) => string) =>
    Object.entries(values)
      .map(([key, value]) => `${name(key)} ${number(value)}`)
      .join(' · ')
  const rows: [string, string][] = [
    ['Accounts in Zivver', number(guard.total)],
    [
      'Accounts that change',
      `${number(guard.changed)} (the guard's limit is ${guard.limit_percent} %)`,
    ],
    ['Already in step', number(counts.unchanged)],
    ['Skipped because of a conflict', number(counts.skipped)],
    ['Not managed', number(counts.unmanaged)],
    ['Mailboxes', tally(types, (type) => type)],
    ['Mailboxes out of scope', tally(scope, outOfScope)],
  ]
  return facts(rows.filter(([, value]) => value !== '' && value !== '0'))
}

function about(run: RunJson): HTMLElement {
  const flags = Object.entries(run.flags).flatMap(([name, value]) => {
    if (value === true) return [name]
    if (typeof value === 'string') return [`${name} = ${value}`]
    return Array.isArray(value) && value.length > 0 ? [`${name} = ${value.join(', ')}`] : []
  })
  const moment = (value: string | null) => (value === null ? '–' : timeElement(value))
  const mail =
    run.report === null ? '–' : [run.report.email, run.report.message].filter(Boolean).join(': ')
  return element(
    'section',
    { class: 'card' },
    element('h2', { text: 'About this run' }),
    facts([
      ['Run', run.id],
      ['Mode', run.mode],
      ['Started by', run.trigger === 'schedule' ? 'the schedule' : `hand (${run.requested_by})`],
      ['Flags', flags.length === 0 ? 'none' : flags.join(', ')],
      ['Started', moment(run.started_at)],
      ['Finished', moment(run.finished_at)],
      ['Duration', durationText(run.started_at, run.finished_at) || '–'],
      ['Version', run.version],
      ['Mail', mail],
    ]),
  )
}

function warnings({ warnings: found }: RunJson): HTMLElement[] {
  if (found.length === 0) return []
  return [
    element(
      'section',
      { class: 'card' },
      element('h2', { text: `Warnings (${number(found.length)})` }),
      ...warningGroups(found.map(({ code, message }) => ({ code, text: message, note: null }))),
    ),
  ]
}
