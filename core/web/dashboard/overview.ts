/** The state now: what runs, or how the last run ended and when the next one starts; and the history. */
import { isOverLimit } from '../../guard/limit.ts'
import { byId, element, marked } from '../shared/element.ts'
import { api, type Health, type RunJson } from './api.ts'
import { historyChart } from './history-chart.ts'
import { attempt } from './messages.ts'
import { runButtons } from './run-actions.ts'
import { badge, button, progressView, runLink } from './run-parts.ts'
import { durationText, timeElement, withTimes } from './time.ts'
import { actionNames, countsText, headline, isActive, toneOf, words } from './words.ts'

/** What the page knows: the newest runs, newest first, and where the history goes on. */
export interface Known {
  readonly runs: readonly RunJson[]
  readonly continuation: string | undefined
  readonly health: Health | null
}

export function showOverview(known: Known, refresh: () => Promise<void>): void {
  byId('state', HTMLElement).replaceChildren(...stateNow(known, refresh))
  byId('history-chart', HTMLElement).replaceChildren(...chart(known.runs))
  showTable(known)
}

function stateNow({ runs, health }: Known, refresh: () => Promise<void>): HTMLElement[] {
  const active = runs.filter(isActive)
  const last = runs.find((run) => !isActive(run))
  const schedule = health?.checks.find(({ name }) => name === 'schedule')
  return [
    ...active.map((run) =>
      element(
        'div',
        { class: 'now' },
        element('div', { class: 'row' }, badge(run), runLink(run, timeElement(run.requested_at))),
        progressView(run),
        element('div', { class: 'row' }, ...runButtons(run, refresh)),
      ),
    ),
    last === undefined
      ? element('p', { text: 'There was no run yet. A preview writes nothing.' })
      : lastOutcome(last, refresh),
    ...(schedule === undefined ? [] : [scheduleLine(schedule)]),
  ]
}

/** When the next run starts; and how long it is since the last success, should that be too long. */
function scheduleLine({ status, message, remedy }: Health['checks'][number]): HTMLElement {
  const text = element('p', {}, ...withTimes(message))
  if (status !== 'failing') return element('div', { class: 'schedule' }, text)
  return element(
    'div',
    { class: 'schedule failing' },
    text,
    remedy === undefined ? null : element('p', { class: 'remedy' }, ...marked(remedy)),
  )
}

function lastOutcome(run: RunJson, refresh: () => Promise<void>): HTMLElement {
  const finding = isOverLimit(run.guard) ? run.guard.findings[0] : undefined
  const detail = run.error?.message ?? finding
  return element(
    'div',
    { class: `last ${toneOf(run)}` },
    element('p', {}, 'Last run: ', runLink(run, timeElement(run.finished_at ?? run.requested_at))),
    element('p', { class: 'headline', text: headline(run) }),
    element('p', { text: detail ?? countsText(run) }),
    element('div', { class: 'row' }, ...runButtons(run, refresh)),
  )
}

function chart(runs: readonly RunJson[]): Node[] {
  if (runs.length === 0) return []
  return [
    historyChart(runs),
    element(
      'p',
      { class: 'legend', attributes: { 'aria-hidden': 'true' } },
      ...actionNames.map((action) =>
        element('span', { class: `key action ${action}`, text: words.actions[action] }),
      ),
      element('span', { class: 'key hollow', text: 'planned only' }),
    ),
  ]
}

const headings = ['Requested', 'Outcome', 'Changes', 'Duration', 'Started by']

function showTable({ runs, continuation }: Known): void {
  const body = element('tbody', {}, ...runs.map(tableRow))
  const head = element(
    'tr',
    {},
    ...headings.map((text) => element('th', { text, attributes: { scope: 'col' } })),
  )
  byId('history-table', HTMLElement).replaceChildren(
    element('table', { class: 'cards' }, element('thead', {}, head), body),
    ...earlierButton(continuation, body),
  )
}

/** Leads to the next page of the history, as long as there is one. */
function earlierButton(continuation: string | undefined, body: HTMLElement): HTMLElement[] {
  if (continuation === undefined) return []
  const made = button('Earlier runs', '', () =>
    attempt(async () => {
      const page = await api.runs(30, continuation)
      body.append(...page.runs.map(tableRow))
      made.replaceWith(...earlierButton(page.continuation, body))
    }),
  )
  return [made]
}

function tableRow(run: RunJson): HTMLElement {
  const cells = [
    runLink(run, timeElement(run.requested_at)),
    badge(run),
    countsText(run),
    durationText(run.started_at, run.finished_at) || '–',
    run.trigger === 'schedule' ? 'schedule' : 'hand',
  ]
  return element(
    'tr',
    {},
    ...cells.map((cell, at) =>
      element('td', { attributes: { 'data-label': headings[at] ?? '' } }, cell),
    ),
  )
}
