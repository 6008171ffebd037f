/** The history as a table: the newest runs first, earlier ones as somebody asks for them. */
import { element } from '../shared/element.ts'
import { api, type RunJson } from './api.ts'
import { attempt } from './messages.ts'
import { badge, button, runLink } from './run-parts.ts'
import { durationText, timeElement } from './time.ts'
import { countsText } from './words.ts'

/** Rows at first, and how many more each time. */
const step = 15

const headings = ['Requested', 'Outcome', 'Changes', 'Duration', 'Started by']

/** Keeps what was asked for when the newest runs are fetched again. */
export class HistoryTable {
  readonly #place: HTMLElement
  readonly #known = new Map<string, RunJson>()
  #rows = step
  /** Where the history goes on behind the runs that are known; `null` = nothing was fetched yet. */
  #continuation: string | undefined | null = null

  constructor(place: HTMLElement) {
    this.#place = place
  }

  show(runs: readonly RunJson[], continuation: string | undefined): void {
    for (const run of runs) this.#known.set(run.id, run)
    // New runs push older ones off the newest page, never off what is known.
    if (this.#continuation === null) this.#continuation = continuation
    this.#draw()
  }

  #draw(): void {
    const runs = [...this.#known.values()].sort((left, right) =>
      right.requested_at < left.requested_at ? -1 : 1,
    )
    this.#place.replaceChildren(
      ...(runs.length === 0
        ? [element('p', { text: 'Every run is listed here, with what it did.' })]
        : [tableOf(runs.slice(0, this.#rows))]),
      ...this.#earlierButton(),
    )
  }

  #earlierButton(): HTMLElement[] {
    const isMore = this.#rows < this.#known.size || typeof this.#continuation === 'string'
    return isMore ? [button('Earlier runs', '', () => attempt(() => this.#showEarlier()))] : []
  }

  async #showEarlier(): Promise<void> {
    this.#rows += step
    if (this.#rows > this.#known.size && typeof this.#continuation === 'string') {
      const page = await api.runs(2 * step, this.#continuation)
      for (const run of page.runs) this.#known.set(run.id, run)
      this.#continuation = page.continuation
    }
    this.#draw()
  }
}

function tableOf(runs: readonly RunJson[]): HTMLElement {
  const head = headings.map((text) => element('th', { text, attributes: { scope: 'col' } }))
  return element(
    'table',
    { class: 'runs' },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...runs.map(tableRow)),
  )
}

function tableRow(run: RunJson): HTMLElement {
  const cells = [
    runLink(run, timeElement(run.requested_at)),
    badge(run),
    countsText(run),
    durationText(run.started_at, run.finished_at) || '–',
    run.trigger === 'schedule' ? 'schedule' : 'hand',
  ]
  return element('tr', {}, ...cells.map((cell) => element('td', {}, cell)))
}
