/** The rows of the list: a heading for each group, a change each, opened to the before and after of its fields. */
import type { ChangeRow, ReportData } from '../../report/report-data.ts'
import { differenceTable } from '../shared/difference.ts'
import { element } from '../shared/element.ts'

/** @param changes the ones of one page, sorted by group */
export function changeRows(changes: readonly ChangeRow[], data: ReportData): Node[] {
  let group = ''
  return changes.flatMap((change) => {
    const [, action, kind, cause] = change
    const own = `${action} ${kind} ${cause}`
    const isNew = own !== group
    group = own
    return isNew ? [groupHeading(change, data), changeRow(change, data)] : [changeRow(change, data)]
  })
}

function groupHeading([, action, kind, cause]: ChangeRow, data: ReportData): HTMLElement {
  const texts = [data.actions[action]?.[0], data.kinds[kind], data.causes[cause]]
  return element('h3', { text: texts.join(' · ') })
}

function changeRow(change: ChangeRow, data: ReportData): HTMLElement {
  const [, action, , , status, address, name, , , error] = change
  const [actionName = '', actionWord = ''] = data.actions[action] ?? []
  const [statusName = '', statusWord = ''] = data.statuses[status] ?? []
  const summary = element(
    'summary',
    {},
    element('span', { class: `action ${actionWord}`, text: actionName }),
    element('bdi', { class: 'address', text: address }),
    name === '' ? null : element('bdi', { class: 'name', text: name }),
    element('span', { class: `status ${statusWord}`, text: statusName }),
    error === '' ? null : element('span', { class: 'error', text: error }),
  )
  const row = element('details', { class: 'change' }, summary)
  // Its inside is made when somebody looks at it.
  row.addEventListener('toggle', () => row.append(changeBody(change, data)), { once: true })
  return row
}

function changeBody(change: ChangeRow, data: ReportData): HTMLElement {
  const [, , , , , , , identifier, scimId, , fields] = change
  const facts = [
    [data.words.identifier, identifier],
    [data.words.scimId, scimId],
  ].filter(([, text]) => text !== '')
  const rows = fields.map(([name, before, after]) => ({
    name: data.fields[name] ?? '',
    before,
    after,
  }))
  return element(
    'div',
    { class: 'body' },
    element(
      'p',
      { class: 'ids' },
      ...facts.map(([label = '', text = '']) =>
        element('span', {}, `${label}: `, element('code', { text })),
      ),
    ),
    rows.length === 0 ? null : differenceTable(rows, data.words),
  )
}
