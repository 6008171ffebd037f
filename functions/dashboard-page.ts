/**
 * The dashboard: one page without data of its own. It asks for the function key, keeps it for the browser tab only
 * (sessionStorage) and sends it as a header, so that no address ever holds it. `#run=<id>` opens that run.
 */

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { border-bottom: 1px solid #ccc; padding: .25rem .5rem; text-align: left; vertical-align: top; }
  fieldset { border: 1px solid #ccc; margin: 1rem 0; }
  [role=alert] { color: #a00000; }
`

const script = `
const root = location.pathname.replace(/\\/dashboard\\/?$/, '')
const keyName = 'cloud-sync-key'
const byId = (id) => document.getElementById(id)
const active = ['queued', 'running']
let shown = 0

function element(tag, ...content) {
  const node = document.createElement(tag)
  node.append(...content.map((item) => (item instanceof Node ? item : String(item ?? ''))))
  return node
}
function row(cells, tag = 'td') { return element('tr', ...cells.map((cell) => element(tag, cell))) }
function table(caption, head, rows) {
  return element('table', element('caption', caption), element('thead', row(head, 'th')), element('tbody', ...rows))
}
function button(text, action) {
  const node = element('button', text)
  node.type = 'button'
  node.onclick = () => attempt(action)
  return node
}
function runLink(id) {
  const link = element('a', id)
  link.href = '#run=' + encodeURIComponent(id)
  return link
}

async function call(path, options = {}) {
  const key = sessionStorage.getItem(keyName)
  const headers = { ...options.headers, ...(key ? { 'x-functions-key': key } : {}) }
  const response = await fetch(root + path, { ...options, headers })
  if (response.status === 401) throw new Error('The key is missing or wrong.')
  if (!response.ok && !(options.accept ?? []).includes(response.status)) {
    const problem = await response.json().catch(() => ({}))
    throw new Error(problem.detail ?? 'The server answered ' + response.status + '.')
  }
  return response
}
async function json(path, options) { return (await call(path, options)).json() }

async function attempt(action) {
  byId('problem').textContent = ''
  try { await action() } catch (error) { byId('problem').textContent = error.message }
}

async function showHealth() {
  const health = await json('/health', { accept: [503] })
  byId('health').replaceChildren(table('Health: ' + health.status, ['Check', 'Status', 'Message', 'What to do'],
    health.checks.map((check) => row([check.name, check.status, check.message, check.remedy]))))
}

async function showRuns() {
  const { runs } = await json('/runs?limit=20')
  byId('runs').replaceChildren(table('Runs, newest first', ['Run', 'Requested', 'Mode', 'Status', 'Applied', 'Failed'],
    runs.map((run) => row([runLink(run.id), run.requested_at, run.mode, run.status, total(run, 'applied'), total(run, 'failed')]))))
}
function total(run, what) {
  return Object.values(run.counts).reduce((sum, count) => sum + (count[what] ?? 0), 0)
}

async function showRun(id) {
  const turn = ++shown
  const path = '/runs/' + encodeURIComponent(id)
  const run = await json(path)
  if (turn !== shown) return
  const { done, total: all, waiting_for: waiting } = run.progress
  const facts = [
    ['Status', run.status + ' (' + run.phase + ')'],
    ['Mode', run.mode],
    ['Progress', done + ' of ' + all + (waiting ? ', waiting for ' + waiting : '')],
    ['Finished', run.finished_at],
    ['Guard', run.guard.findings.join(' ')],
    ['Error', run.error && run.error.code + ': ' + run.error.message],
    ['Warnings', run.warnings.map((warning) => warning.code + ': ' + warning.message).join(' ')],
    ['Mail', run.report && run.report.email + ' ' + (run.report.message ?? '')],
  ].map(([name, value]) => row([name, value]))
  byId('run').replaceChildren(
    table('Run ' + run.id, ['', ''], facts),
    button('Report', () => openText(path + '/report', 'text/html')),
    button('Changes as CSV', () => openText(path + '/changes?format=csv', 'text/csv')),
    ...(active.includes(run.status) ? [button('Cancel', () => call(path + '/cancel', { method: 'POST' }))] : []),
    element('div', 'Reading the changes …'),
  )
  await showChanges(path, byId('run').lastElementChild)
  if (active.includes(run.status)) setTimeout(() => { if (turn === shown) attempt(() => showRun(id)) }, 2000)
  else await showRuns()
}

async function showChanges(path, place) {
  const rows = element('tbody')
  const more = button('More', () => load(more.dataset.continuation))
  async function load(continuation) {
    const page = await json(path + '/changes' + (continuation ? '?continuation=' + encodeURIComponent(continuation) : ''))
    rows.append(...page.changes.map((change) => row([
      change.sequence, change.action, change.kind, change.address, change.fields.map((field) => field.path).join(', '),
      change.reason, change.status, change.error && change.error.message,
    ])))
    more.hidden = page.continuation === undefined
    more.dataset.continuation = page.continuation ?? ''
  }
  await load()
  place.replaceChildren(
    element('table', element('caption', 'Changes'),
      element('thead', row(['No.', 'Action', 'Kind', 'Address', 'Fields', 'Reason', 'Status', 'Error'], 'th')), rows),
    more)
}

async function openText(path, type) {
  const text = await (await call(path)).text()
  open(URL.createObjectURL(new Blob([text], { type })), '_blank', 'noopener')
}

async function start(form) {
  const flags = {}
  for (const box of form.querySelectorAll('[type=checkbox]')) if (box.checked) flags[box.name] = true
  if (form.relink.value.trim()) flags.relink = form.relink.value.split(',').map((item) => item.trim())
  if (form.approve_run.value.trim()) flags.approve_run = form.approve_run.value.trim()
  const headers = { 'content-type': 'application/json' }
  const run = await json('/runs', { method: 'POST', headers, body: JSON.stringify(flags) })
  location.hash = 'run=' + encodeURIComponent(run.id)
}

async function showAll() {
  if (!sessionStorage.getItem(keyName)) return
  byId('content').hidden = false
  await Promise.all([showHealth(), showRuns(), showHash()])
}
async function showHash() {
  const id = new URLSearchParams(location.hash.slice(1)).get('run')
  if (id && sessionStorage.getItem(keyName)) await showRun(id)
}

byId('key-form').onsubmit = (event) => {
  event.preventDefault()
  sessionStorage.setItem(keyName, byId('key').value.trim())
  byId('key').value = ''
  attempt(showAll)
}
byId('start-form').onsubmit = (event) => { event.preventDefault(); attempt(() => start(event.target)) }
addEventListener('hashchange', () => attempt(showHash))
attempt(showAll)
`

/** The page, as it is sent. */
export const dashboardPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cloud Sync</title>
<style>${style}</style>
</head>
<body>
<h1>Cloud Sync</h1>
<form id="key-form">
<label>Function key <input id="key" type="password" autocomplete="off" required></label> <button>Open</button>
</form>
<p id="problem" role="alert"></p>
<main id="content" hidden>
<section id="health" aria-label="Health"></section>
<form id="start-form">
<fieldset>
<legend>Start a run</legend>
<label><input type="checkbox" name="perform_sync"> perform_sync: write; without it the run is a preview</label><br>
<label><input type="checkbox" name="allow_large_sync"> allow_large_sync: pass the large-change guard</label><br>
<label><input type="checkbox" name="reset_account_mapping"> reset_account_mapping: link every account afresh</label><br>
<label>relink <input name="relink" placeholder="addresses, comma-separated"></label><br>
<label>approve_run <input name="approve_run" placeholder="id of a preview or blocked run"></label><br>
<button>Start</button>
</fieldset>
</form>
<section id="run" aria-label="Run" aria-live="polite"></section>
<section id="runs" aria-label="Runs"></section>
</main>
<script>${script}</script>
</body>
</html>
`

/** The texts that the page's content security policy has to allow. */
export const dashboardScript = script
