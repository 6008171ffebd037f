/** The report page's script: finds, filters and pages the changes; at most 100 of them are in the page at once. */
import type { ChangeRow, ReportData } from '../../report/report-data.ts'
import { byId, element } from '../shared/element.ts'
import { ChangeIndex, type Filter, type Group, groupsOf, noFilter } from './change-index.ts'
import { changeRows } from './change-rows.ts'

const pageSize = 100

const data: ReportData = JSON.parse(byId('data', HTMLScriptElement).textContent)
const { words } = data
const numbers = new Intl.NumberFormat(data.locale)
const index = new ChangeIndex(data)

const find = byId('find', HTMLInputElement)
const selects = {
  action: byId('action', HTMLSelectElement),
  kind: byId('kind', HTMLSelectElement),
  cause: byId('cause', HTMLSelectElement),
  status: byId('status', HTMLSelectElement),
} as const

let found: readonly ChangeRow[] = []
let first = 0

function fill(select: HTMLSelectElement, names: readonly string[]): void {
  select.append(
    element('option', { text: words.all, attributes: { value: '' } }),
    ...names.map((text, position) =>
      element('option', { text, attributes: { value: String(position) } }),
    ),
  )
}

function readFilter(): Filter {
  const chosen = (select: HTMLSelectElement): number | null =>
    select.value === '' ? null : Number(select.value)
  return {
    text: find.value.trim().toLowerCase(),
    action: chosen(selects.action),
    kind: chosen(selects.kind),
    cause: chosen(selects.cause),
    status: chosen(selects.status),
  }
}

function showFilter(filter: Filter): void {
  find.value = filter.text
  selects.action.value = filter.action === null ? '' : String(filter.action)
  selects.kind.value = filter.kind === null ? '' : String(filter.kind)
  selects.cause.value = filter.cause === null ? '' : String(filter.cause)
  selects.status.value = filter.status === null ? '' : String(filter.status)
}

function search(): void {
  found = index.matching(readFilter())
  first = 0
  showPage()
}

function showPage(): void {
  const page = found.slice(first, first + pageSize)
  const empty = index.size === 0 ? words.noChanges : words.noMatch
  const rows = page.length === 0 ? [element('p', { text: empty })] : changeRows(page, data)
  byId('list', HTMLElement).replaceChildren(...rows)
  byId('matches', HTMLElement).textContent = words.matches
    .replace('{count}', numbers.format(found.length))
    .replace('{total}', numbers.format(index.size))
  byId('range', HTMLElement).textContent = words.range
    .replace('{from}', numbers.format(Math.min(first + 1, found.length)))
    .replace('{to}', numbers.format(first + page.length))
  byId('pages', HTMLElement).hidden = found.length <= pageSize
  byId('previous', HTMLButtonElement).disabled = first === 0
  byId('next', HTMLButtonElement).disabled = first + pageSize >= found.length
}

function turn(by: number): void {
  first += by
  showPage()
  byId('changes', HTMLElement).scrollIntoView()
}

function groupRow(group: Group): HTMLElement {
  const names = [data.kinds[group.kind], data.causes[group.cause]]
  const [action = '', word = ''] = data.actions[group.action] ?? []
  const label = [action, ...names].join(', ')
  const button = element('button', {
    text: numbers.format(group.count),
    attributes: {
      type: 'button',
      'aria-label': `${numbers.format(group.count)}: ${words.group}: ${label}`,
    },
    on: {
      click: () => {
        showFilter({ ...noFilter, action: group.action, kind: group.kind, cause: group.cause })
        search()
        byId('changes', HTMLElement).scrollIntoView()
      },
    },
  })
  return element(
    'tr',
    {},
    element('td', {}, element('span', { class: `action ${word}`, text: action })),
    ...names.map((text = '') => element('td', { text })),
    element('td', {}, button),
  )
}

fill(
  selects.action,
  data.actions.map(([name]) => name),
)
fill(selects.kind, data.kinds)
fill(selects.cause, data.causes)
fill(
  selects.status,
  data.statuses.map(([name]) => name),
)
for (const control of [find, ...Object.values(selects)]) control.addEventListener('input', search)
byId('tools', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault())
byId('reset', HTMLButtonElement).addEventListener('click', () => {
  showFilter(noFilter)
  search()
  find.focus()
})
byId('previous', HTMLButtonElement).addEventListener('click', () => turn(-pageSize))
byId('next', HTMLButtonElement).addEventListener('click', () => turn(pageSize))

found = index.matching(noFilter)
byId('group-rows', HTMLElement).replaceChildren(...groupsOf(found).map(groupRow))
byId('explorer', HTMLElement).hidden = false
showPage()
