/** The checks of `/api/health`, each with what to do about it. */
import { byId, element, marked } from '../shared/element.ts'
import type { Health } from './api.ts'
import { withTimes } from './time.ts'

const tones = { ok: 'good', warning: 'attention', failing: 'bad', unknown: 'info' } as const

export function showHealth({ checks }: Health): void {
  byId('health-list', HTMLElement).replaceChildren(
    ...checks.map(({ name, status, message, remedy }) =>
      element(
        'li',
        {},
        element('span', { class: `badge ${tones[status]}`, text: status }),
        element(
          'div',
          {},
          element('h3', { text: name }),
          element('p', {}, ...withTimes(message)),
          remedy === undefined ? null : element('p', { class: 'remedy' }, ...marked(remedy)),
        ),
      ),
    ),
  )
  const failing = checks.filter(({ status }) => status === 'failing').length
  const count = byId('health-count', HTMLElement)
  count.textContent = failing === 0 ? '' : String(failing)
  count.hidden = failing === 0
}
