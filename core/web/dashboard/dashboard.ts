/** The dashboard: asks for the key, fetches, shows the view that the address names, and keeps it up to date. */

import { openWarnings } from '../../dashboard/open-warnings.ts'
import { byId } from '../shared/element.ts'
import { prepareAccounts } from './accounts.ts'
import { api, key } from './api.ts'
import { showHealth } from './health.ts'
import { attempt } from './messages.ts'
import { showWarnings } from './open-warnings.ts'
import { type Known, showOverview } from './overview.ts'
import { prepareStartDialog, previewButton, syncButton } from './run-actions.ts'
import { showRun } from './run-view.ts'
import { prepareVerify } from './verify.ts'
import { isActive } from './words.ts'

const historyLength = 60
const activeMs = 1000
const idleMs = 30_000
const views = ['overview', 'accounts', 'warnings', 'health', 'run'] as const

let known: Known = { runs: [], continuation: undefined, health: null }
let timer: ReturnType<typeof setTimeout> | undefined
/** Counts what was shown: an answer for a view that was left is dropped. */
let shown = 0

function runOfHash(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('run')
}

function viewOfHash(): (typeof views)[number] {
  if (runOfHash() !== null) return 'run'
  return views.find((view) => location.hash === `#${view}`) ?? 'overview'
}

async function refreshRuns(): Promise<void> {
  const wasActive = known.runs.some(isActive)
  const { runs, continuation } = await api.runs(historyLength)
  known = { ...known, runs, continuation }
  showKnown()
  // A run that has ended changes what the checks say about the last success.
  if (wasActive && !runs.some(isActive)) await refreshHealth()
}

async function refreshHealth(): Promise<void> {
  const health = await api.health()
  known = { ...known, health }
  showHealth(health)
  showKnown()
}

function showKnown(): void {
  showOverview(known, refreshRuns)
  showWarnings(known.runs, byId('warning-list', HTMLElement))
  const open = openWarnings(known.runs).length
  const count = byId('warning-count', HTMLElement)
  count.textContent = String(open)
  count.hidden = open === 0
}

/** Looks again soon while something runs, seldom while nothing does, and never in a tab that nobody sees. */
function watch(): void {
  clearTimeout(timer)
  const wait = known.runs.some(isActive) ? activeMs : idleMs
  timer = setTimeout(() => {
    const isWanted = key.isKnown() && !document.hidden && viewOfHash() !== 'run'
    void (isWanted ? attempt(refreshRuns) : Promise.resolve()).finally(watch)
  }, wait)
}

async function showView(): Promise<void> {
  const own = ++shown
  const view = viewOfHash()
  for (const name of views) byId(name, HTMLElement).hidden = name !== view
  for (const link of document.querySelectorAll('nav.views a')) {
    if (link.getAttribute('href') === `#${view}`) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  const run = runOfHash()
  if (run === null) await refreshRuns()
  else await showRun(run, byId('run-content', HTMLElement), () => own === shown)
  watch()
}

/** A view that was chosen is where reading goes on, also for a screen reader: it is shown first, then filled. */
function enterView(): void {
  void attempt(showView)
  byId(`${viewOfHash()}-heading`, HTMLElement).focus()
}

async function openPage(): Promise<void> {
  byId('key-card', HTMLElement).hidden = key.isKnown()
  byId('content', HTMLElement).hidden = !key.isKnown()
  if (!key.isKnown()) {
    byId('key', HTMLInputElement).focus()
    return
  }
  await Promise.all([showView(), refreshHealth()])
}

byId('key-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  const field = byId('key', HTMLInputElement)
  key.keep(field.value.trim())
  field.value = ''
  void attempt(openPage)
})
byId('forget-key', HTMLButtonElement).addEventListener('click', () => {
  key.forget()
  location.reload()
})
document.addEventListener('key-refused', () => void openPage())
byId('actions', HTMLElement).replaceChildren(previewButton(), syncButton())
byId('check-again', HTMLButtonElement).addEventListener('click', () => void attempt(refreshHealth))
prepareStartDialog()
prepareVerify()
prepareAccounts(() => known.runs)
addEventListener('hashchange', enterView)
void attempt(openPage)
