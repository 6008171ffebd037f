/** The state now: what runs, or how the last run ended and when the next one starts; and the history. */
import { isOverLimit } from '../../guard/limit.ts'
import { byId, element, marked } from '../shared/element.ts'
import type { Health, RunJson } from './api.ts'
import { historyChart } from './history-chart.ts'
import { HistoryTable } from './history-table.ts'
import { runButtons } from './run-actions.ts'
import { badge, progressView, runLink } from './run-parts.ts'
import { timeElement, withTimes } from './time.ts'
import { actionNames, countsText, headline, isActive, remedyOf, toneOf, words } from './words.ts'

/** What the page knows: the newest runs, newest first, and where the history goes on. */
export interface Known {
  readonly runs: readonly RunJson[]
  readonly continuation: string | undefined
  readonly health: Health | null
}

let table: HistoryTable | undefined

export function showOverview(known: Known, refresh: () => Promise<void>): void {
  byId('state', HTMLElement).replaceChildren(...stateNow(known, refresh))
  byId('history-chart', HTMLElement).replaceChildren(...chart(known.runs))
  table ??= new HistoryTable(byId('history-table', HTMLElement))
  table.show(known.runs, known.continuation)
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
    run.error === null ? null : element('p', {}, ...marked(remedyOf(run.error.code))),
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
