import { createHash } from 'node:crypto'
import { headlineOf, leadOf, summarySections } from './compose.ts'
import { contextOf, type Limits, type ReportContext } from './context.ts'
import { escapeHtml } from './display.ts'
import type { ReportInput } from './input.ts'
import { toneOf } from './outcome.ts'
import { marked, renderSection } from './render-sections.ts'
import { actionChart, historyChart } from './report-chart.ts'
import { reportData } from './report-data.ts'
import { script, style } from './report-page-assets.generated.ts'

/** The whole text of a value is in the page; only what is absurdly long is cut. */
const limits: Limits = { changes: 0, lines: 200, characters: 1000 }

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** What the page's script and style are allowed by, in any policy that it is shown under. */
export const reportPageHashes = { script: hashOf(script), style: hashOf(style) } as const

/** Its own policy, also said in the page: nothing is loaded, and only its one script and its one style count. */
export const reportPagePolicy = [
  "default-src 'none'",
  `script-src ${reportPageHashes.script}`,
  `style-src ${reportPageHashes.style}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/**
 * The report of a run: one self-contained HTML file that works offline. The summary needs no script; the list of
 * changes is made by the script from JSON, at most 100 rows at a time.
 * @param kept how many changes the file holds; all of them unless it has to be small
 */
export function renderReportPage(input: ReportInput, kept = input.changes.length): string {
  const context = contextOf(input, limits)
  const { messages } = context
  const title = `${messages.page.title} ${input.environment}`.trim()
  return `<!doctype html>
<html lang="${input.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(reportPagePolicy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(`${title}: ${headlineOf(context)}`)}</title>
<style>${style}</style>
</head>
<body>
${banner(context)}
<main>
${summary(context)}
${explorer(context, kept)}
</main>
<footer><p>${escapeHtml(messages.footer)}</p></footer>
<script type="application/json" id="data">${dataOf(context, kept)}</script>
<script>${script}</script>
</body>
</html>
`
}

function banner(context: ReportContext): string {
  const { environment } = context.input
  const name = environment === '' ? 'Cloud Sync' : `Cloud Sync · ${environment}`
  return `<header class="banner ${toneOf(context.outcome)}">
<p>${escapeHtml(name)}</p>
<h1>${escapeHtml(headlineOf(context))}</h1>
${leadOf(context)
  .map((text) => `<p>${marked(text)}</p>`)
  .join('\n')}
</header>`
}

function summary(context: ReportContext): string {
  const { story, figures } = summarySections(context)
  return `<div class="summary">
<div class="column">${story.map(renderSection).join('\n')}</div>
<div class="column">${actionChart(context)}
${historyChart(context)}
${figures.map(renderSection).join('\n')}</div>
</div>`
}

/** JSON that cannot end its element early. */
function dataOf(context: ReportContext, kept: number): string {
  const data = reportData(context.input.changes.slice(0, kept), context)
  return JSON.stringify(data).replaceAll('<', '\\u003c')
}

function explorer(context: ReportContext, kept: number): string {
  const { messages, formats, input } = context
  const words = messages.page
  const total = input.changes.length
  const cut = words.cut
    .replace('{kept}', formats.number(kept))
    .replace('{total}', formats.number(total))
  return `<noscript><p class="card">${escapeHtml(words.noScript)}</p></noscript>
<div id="explorer" hidden>
<section class="card groups"><h2>${escapeHtml(words.groups)}</h2>
<table><thead><tr>${[messages.counts.action, words.kind, words.cause, words.count].map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('')}</tr></thead><tbody id="group-rows"></tbody></table>
</section>
<section class="card" id="changes"><h2>${escapeHtml(messages.changes.heading)}</h2>
${kept < total ? `<p class="note">${escapeHtml(cut)}</p>` : ''}
<form class="tools" id="tools" role="search">
<label class="wide">${escapeHtml(words.find)}<input id="find" type="search" autocomplete="off" placeholder="${escapeHtml(words.findHint)}"></label>
${select('action', messages.counts.action)}${select('kind', words.kind)}${select('cause', words.cause)}${select('status', words.status)}
<button type="button" id="reset">${escapeHtml(words.reset)}</button>
</form>
<p class="note" id="matches" role="status"></p>
<div id="list"></div>
<nav id="pages"><button type="button" id="previous">${escapeHtml(words.previous)}</button><span id="range"></span><button type="button" id="next">${escapeHtml(words.next)}</button></nav>
</section>
</div>`
}

function select(id: string, label: string): string {
  return `<label>${escapeHtml(label)}<select id="${id}"></select></label>`
}
