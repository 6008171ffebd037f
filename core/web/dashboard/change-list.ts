/** The changes of a run, a page at a time: at most one page is in the document, the next one is fetched ahead. */
import { differenceTable } from '../shared/difference.ts'
import { element, marked } from '../shared/element.ts'
import { api, type ChangeJson, type ChangeQuery, changesPerPage, type Page } from './api.ts'
import { announce, attempt } from './messages.ts'
import { actionNames, number, reason, remedyOf, words } from './words.ts'

type ChangePage = Page & { readonly changes: readonly ChangeJson[] }

const differenceWords = { ...words.changes, field: words.page.field, more: words.page.more }

export class ChangeList {
  readonly element: HTMLElement
  readonly #runId: string
  readonly #rows = element('div', { class: 'changes' })
  readonly #tools: HTMLElement
  readonly #pages: HTMLElement
  readonly #range = element('span', {})
  readonly #previous: HTMLButtonElement
  readonly #next: HTMLButtonElement
  readonly #action = select('Action', actionNames)
  readonly #status = select('Status', ['planned', 'applied', 'failed', 'deferred'])
  /** Continuations that lead to the pages up to the present one; the first page has none. */
  #trail: (string | undefined)[] = [undefined]
  #page: ChangePage = { changes: [] }
  #ahead: Promise<ChangePage> | null = null

  constructor(runId: string) {
    this.#runId = runId
    this.#previous = pageButton('Previous', () => this.#turnBack())
    this.#next = pageButton('Next', () => this.#turnOn())
    for (const { control } of [this.#action, this.#status]) {
      control.addEventListener('change', () => void attempt(() => this.load()))
    }
    this.#tools = element('div', { class: 'tools' }, this.#action.label, this.#status.label)
    this.#pages = element(
      'nav',
      { class: 'pages', attributes: { 'aria-label': 'Pages of changes' } },
      this.#previous,
      this.#range,
      this.#next,
    )
    this.element = element(
      'section',
      { class: 'card', attributes: { 'aria-labelledby': 'changes-heading' } },
      element('h2', { text: 'Changes', attributes: { id: 'changes-heading' } }),
      this.#tools,
      this.#rows,
      this.#pages,
    )
  }

  /** Shows the first page of what the filter lets through. */
  async load(): Promise<void> {
    this.#trail = [undefined]
    this.#show(await this.#fetch(undefined))
  }

  #fetch(continuation: string | undefined): Promise<ChangePage> {
    const query: ChangeQuery = {
      action: this.#action.control.value,
      status: this.#status.control.value,
      ...(continuation !== undefined && { continuation }),
    }
    return api.changes(this.#runId, query)
  }

  async #turnOn(): Promise<void> {
    const { continuation } = this.#page
    if (continuation === undefined) return
    const page = await (this.#ahead ?? this.#fetch(continuation))
    this.#trail.push(continuation)
    this.#show(page)
    this.element.scrollIntoView()
  }

  async #turnBack(): Promise<void> {
    this.#trail.pop()
    this.#show(await this.#fetch(this.#trail.at(-1)))
    this.element.scrollIntoView()
  }

  #show(page: ChangePage): void {
    this.#page = page
    const { continuation, changes } = page
    this.#ahead = continuation === undefined ? null : this.#fetch(continuation)
    // A page that could not be fetched ahead is fetched again when it is asked for.
    this.#ahead?.catch(() => {
      this.#ahead = null
    })
    this.#rows.replaceChildren(
      ...(changes.length === 0
        ? [element('p', { text: 'There are none.' })]
        : changes.map(changeRow)),
    )
    const first = (this.#trail.length - 1) * changesPerPage + 1
    const range = `${number(first)} to ${number(first + changes.length - 1)}`
    this.#range.textContent = changes.length === 0 ? '' : range
    this.#previous.disabled = this.#trail.length === 1
    this.#next.disabled = continuation === undefined
    const isWhole = this.#trail.length === 1 && continuation === undefined
    const isFiltered = this.#action.control.value !== '' || this.#status.control.value !== ''
    this.#pages.hidden = isWhole
    this.#tools.hidden = isWhole && !isFiltered && changes.length === 0
    announce(changes.length === 0 ? 'No changes' : `Changes ${range}`)
  }
}

function pageButton(text: string, turn: () => Promise<void>): HTMLButtonElement {
  return element('button', {
    text,
    attributes: { type: 'button' },
    on: { click: () => void attempt(turn) },
  })
}

function select(name: string, values: readonly string[]) {
  const control = element(
    'select',
    {},
    element('option', { text: 'all', attributes: { value: '' } }),
    ...values.map((value) => element('option', { text: value, attributes: { value } })),
  )
  return { control, label: element('label', {}, name, control) }
}

/** One change; its fields are put into the document when somebody opens it. */
export function changeRow(change: ChangeJson): HTMLElement {
  const { action, address, kind, status, error } = change
  const row = element(
    'details',
    { class: 'change' },
    element(
      'summary',
      {},
      element('span', { class: `action ${action}`, text: words.actions[action] }),
      element('bdi', { class: 'address', text: address }),
      element('span', { class: 'reason', text: `${words.kinds[kind]}: ${reason(change.reason)}` }),
      element('span', { class: `status ${status}`, text: words.changeStatuses[status] }),
      error === null ? null : element('span', { class: 'error', text: error.message }),
    ),
  )
  row.addEventListener('toggle', () => row.append(changeBody(change)), { once: true })
  return row
}

function changeBody(change: ChangeJson): HTMLElement {
  const { external_directory_object_id: identifier, scim_id: scimId, fields, error } = change
  const ids = [
    ['Mailbox', identifier],
    ['Account', scimId],
  ].flatMap(([label, id]) =>
    id ? [element('span', {}, `${label} `, element('code', { text: id }))] : [],
  )
  const named = fields.map(({ path, before, after }) => ({
    name: words.fields[path],
    before,
    after,
  }))
  return element(
    'div',
    { class: 'body' },
    element('p', { class: 'ids' }, ...ids),
    error === null ? null : element('p', { class: 'remedy' }, ...marked(remedyOf(error.code))),
    named.length === 0
      ? element('p', { text: 'Only the link between mailbox and account is stored.' })
      : differenceTable(named, differenceWords),
  )
}
