/** The two places where the page speaks up: problems, and what has just happened. */
import { byId, element } from '../shared/element.ts'
import { key, Problem } from './api.ts'

/** Says that something went wrong; stays until the next attempt. */
function showProblem(error: unknown): void {
  const place = byId('problem', HTMLElement)
  const text = error instanceof Error ? error.message : String(error)
  const run = error instanceof Problem ? error.activeRun : null
  const link =
    run === null
      ? null
      : element('a', { text: 'Open that run', attributes: { href: `#run=${run}` } })
  place.replaceChildren(element('p', {}, `${text} `, link))
  place.hidden = false
}

function clearProblem(): void {
  byId('problem', HTMLElement).hidden = true
}

/** Said politely by a screen reader, and shown nowhere else. */
export function announce(text: string): void {
  byId('announcement', HTMLElement).textContent = text
}

/** Does something that may fail; a key that is not accepted is asked for again. */
export async function attempt(action: () => Promise<void>): Promise<void> {
  clearProblem()
  try {
    await action()
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.status === 403)) {
      key.forget()
      document.dispatchEvent(new Event('key-refused'))
    }
    showProblem(error)
  }
}
