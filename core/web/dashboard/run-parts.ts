/** Pieces that several views show of a run. */
import { element } from '../shared/element.ts'
import type { RunJson } from './api.ts'
import { actionNames, number, toneOf, words } from './words.ts'

export function badge(run: RunJson): HTMLElement {
  const mode = run.mode === 'preview' ? 'Preview: ' : ''
  return element('span', {
    class: `badge ${toneOf(run)}`,
    text: `${mode}${words.runStatuses[run.status]}`,
  })
}

export function runLink(run: RunJson, content: Node | string): HTMLElement {
  return element('a', { attributes: { href: `#run=${encodeURIComponent(run.id)}` } }, content)
}

const steps = ['reading', 'planning', 'applying', 'reporting'] as const

/** Where a run is: its phases, and how much of the present one is done. */
export function progressView(run: RunJson): HTMLElement {
  const { done, total, waiting_for: waiting } = run.progress
  const at = steps.findIndex((step) => step === run.phase)
  const phases = steps.map((step, index) =>
    element('li', {
      class: index < at ? 'past' : '',
      text: words.phases[step],
      attributes: index === at && run.status === 'running' ? { 'aria-current': 'step' } : {},
    }),
  )
  const figures = total > 0 ? `${number(done)} of ${number(total)}` : 'counting'
  const bar = element('progress', {
    attributes: {
      'aria-label': `Progress of ${words.phases[run.phase]}`,
      ...(total > 0 ? { max: String(total), value: String(done) } : {}),
    },
  })
  return element(
    'div',
    { class: 'progress' },
    element('ol', { class: 'phases' }, ...phases),
    bar,
    element('p', {
      text: waiting === null ? figures : `${figures}; waiting ${waiting.replace(/^waiting /, '')}`,
    }),
  )
}

const columns = ['planned', 'applied', 'failed', 'deferred'] as const

/** Counts by action: planned, and what became of them. Nothing where nothing was planned. */
export function countsTable({ counts }: RunJson): HTMLElement[] {
  const shown = actionNames.filter((action) => counts[action].planned > 0)
  if (shown.length === 0) return []
  const used = columns.filter(
    (column) => column === 'planned' || shown.some((action) => counts[action][column] > 0),
  )
  const head = [words.counts.action, ...used.map((column) => words.counts[column])].map(
    (text, at) =>
      element('th', { class: at === 0 ? '' : 'number', text, attributes: { scope: 'col' } }),
  )
  const rows = shown.map((action) =>
    element(
      'tr',
      {},
      element(
        'th',
        { attributes: { scope: 'row' } },
        element('span', { class: `action ${action}`, text: words.actions[action] }),
      ),
      ...used.map((column) =>
        element('td', { class: 'number', text: number(counts[action][column]) }),
      ),
    ),
  )
  const table = element(
    'table',
    { class: 'counts' },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows),
  )
  return [table]
}

/** Label and value, side by side. */
export function facts(rows: readonly (readonly [string, Node | string])[]): HTMLElement {
  return element(
    'dl',
    { class: 'facts' },
    ...rows.flatMap(([label, value]) => [element('dt', { text: label }), element('dd', {}, value)]),
  )
}

/** A button that cannot be pressed twice while it works. */
export function button(text: string, kind: string, action: () => Promise<void>): HTMLButtonElement {
  const made = element('button', { class: kind, text, attributes: { type: 'button' } })
  made.addEventListener('click', () => {
    made.disabled = true
    void action().finally(() => {
      made.disabled = false
    })
  })
  return made
}
