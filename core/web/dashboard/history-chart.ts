/** The last 60 runs as stacked columns; each leads to its run. The table below says the same in figures. */
import { chartScale } from '../../report/chart-scale.ts'
import type { RunJson } from './api.ts'
import { actionNames, countsText, isActive, words } from './words.ts'

const height = 60
const svgNamespace = 'http://www.w3.org/2000/svg'

function shape(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(svgNamespace, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  return made
}

/** @param runs newest first */
export function historyChart(runs: readonly RunJson[]): SVGElement {
  const columns = [...runs].reverse()
  const most = chartScale(columns.map(sizeOf))
  const chart = shape('svg', {
    viewBox: `0 0 ${Math.max(columns.length, 20)} ${height + 6}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
    focusable: 'false',
    class: 'history',
  })
  chart.append(...columns.map((run, at) => column(run, at, most)))
  return chart
}

/** What a run wrote; of a preview or a blocked run, what it would write. */
function valueOf({ counts, mode, status }: RunJson, action: (typeof actionNames)[number]): number {
  const isPlan = mode === 'preview' || status === 'blocked'
  return isPlan ? counts[action].planned : counts[action].applied
}

function sizeOf(run: RunJson): number {
  return actionNames.reduce((sum, action) => sum + valueOf(run, action), 0)
}

function column(run: RunJson, at: number, most: number): SVGElement {
  const link = shape('a', { href: `#run=${encodeURIComponent(run.id)}`, tabindex: -1 })
  const title = shape('title', {})
  title.textContent = `${run.requested_at}: ${words.runStatuses[run.status]}, ${countsText(run)}`
  // The whole height answers to the mouse, also where the run did nothing.
  link.append(title, shape('rect', { class: 'touch', x: at, y: 0, width: 1, height: height + 6 }))
  const isPlan = run.mode === 'preview' || run.status === 'blocked'
  const size = sizeOf(run)
  // A column that is cut keeps its proportions.
  const scale = height / Math.max(most, size)
  let top = height
  for (const action of actionNames) {
    const value = valueOf(run, action)
    if (value === 0) continue
    const part = scale * value
    top -= part
    link.append(
      shape('rect', {
        class: isPlan ? `${action} plan` : action,
        x: at + 0.12,
        y: top,
        width: 0.76,
        height: part,
      }),
    )
  }
  if (size > most) link.append(shape('rect', { class: 'cut', x: at, y: 6, width: 1, height: 2 }))
  const foot = isActive(run) ? 'create' : footOf(run)
  link.append(shape('rect', { class: foot, x: at + 0.12, y: height + 2, width: 0.76, height: 4 }))
  return link
}

function footOf({ status }: RunJson): string {
  return status === 'failed' || status === 'blocked' || status === 'cancelled' ? 'problem' : 'quiet'
}
