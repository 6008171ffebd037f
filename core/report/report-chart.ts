/** Two small charts as inline SVG: shapes only, so that they stretch to any width; the words stand beside them. */
import type { RunRecord } from '../model/run.ts'
import { actionOrder } from './causes.ts'
import { chartScale } from './chart-scale.ts'
import type { ReportContext } from './context.ts'
import { escapeHtml } from './display.ts'

/** A bar for each action of the plan, as long as its share of the largest. */
export function actionChart({ input, messages, formats }: ReportContext): string {
  const { counts } = input.run
  const planned = actionOrder.filter((action) => counts[action].planned > 0)
  if (planned.length === 0) return ''
  const most = Math.max(...planned.map((action) => counts[action].planned))
  const rows = planned.map((action) => {
    const count = counts[action].planned
    const width = Math.max(0.5, (100 * count) / most)
    const name = escapeHtml(messages.actions[action])
    return `<tr><th scope="row"><span class="action ${action}">${name}</span></th>
<td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="${action}" width="${round(width)}" height="10" rx="1"/></svg></td>
<td class="number">${formats.number(count)}</td></tr>`
  })
  return `<section class="card"><h2>${escapeHtml(messages.page.chart)}</h2><table class="bars"><tbody>
${rows.join('\n')}
</tbody></table></section>`
}

const height = 40

/** What each run of the history applied, stacked by action; a run that ended badly is a mark at the foot. */
export function historyChart({ input, messages, formats }: ReportContext): string {
  const runs = [input.run, ...input.history].slice(0, 60).reverse()
  if (runs.length < 2) return ''
  const most = chartScale(runs.map(appliedOf))
  const columns = runs.map((run, position) => column(run, position, most))
  const [oldest, newest] = [runs[0] ?? input.run, input.run]
  const day = (run: RunRecord): string => escapeHtml(formats.day(new Date(run.requested_at)))
  const keys = actionOrder.map(
    (action) => `<span class="key action ${action}">${escapeHtml(messages.actions[action])}</span>`,
  )
  return `<section class="card"><figure class="history">
<figcaption>${escapeHtml(messages.page.history)}</figcaption>
<svg viewBox="0 0 ${runs.length} ${height + 4}" preserveAspectRatio="none" aria-hidden="true" focusable="false">
${columns.join('')}</svg>
<div class="ends"><span>${day(oldest)}</span><span>${day(newest)}</span></div>
<div class="legend">${keys.join('')}</div>
</figure></section>`
}

function appliedOf({ counts }: RunRecord): number {
  return actionOrder.reduce((sum, action) => sum + counts[action].applied, 0)
}

function column(run: RunRecord, position: number, most: number): string {
  const size = appliedOf(run)
  // A column that is cut keeps its proportions.
  const scale = height / Math.max(most, size)
  let top = height
  const parts = actionOrder.map((action) => {
    const part = scale * run.counts[action].applied
    top -= part
    return part === 0
      ? ''
      : `<rect class="${action}" x="${position + 0.1}" y="${round(top)}" width="0.8" height="${round(part)}"/>`
  })
  const isProblem =
    run.status === 'failed' || run.status === 'blocked' || run.status === 'cancelled'
  const foot = `<rect class="${isProblem ? 'problem' : 'quiet'}" x="${position + 0.1}" y="${height + 1}" width="0.8" height="3"/>`
  const cut = size > most ? `<rect class="cut" x="${position}" y="4" width="1" height="2"/>` : ''
  return parts.join('') + cut + foot
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
