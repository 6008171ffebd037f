/** The proof on this tenant: a verdict for each assumption, and the evidence as a file. */
import { byId, element } from '../shared/element.ts'
import { api, type Evidence } from './api.ts'
import { announce, attempt } from './messages.ts'
import { button } from './run-parts.ts'
import { number } from './words.ts'

type Verdict = Evidence['verdicts'][number]

const shown = {
  fails: { tone: 'bad', text: 'fails' },
  unclear: { tone: 'attention', text: 'unclear' },
  holds: { tone: 'good', text: 'holds' },
  not_asked: { tone: 'info', text: 'not asked' },
} as const
/** What needs a look comes first. */
const order = Object.keys(shown)

export function prepareVerify(): void {
  const prove = button('Verify this tenant', '', () => attempt(ask))
  byId('verify-actions', HTMLElement).replaceChildren(prove)
}

async function ask(): Promise<void> {
  const place = byId('verdicts', HTMLElement)
  place.replaceChildren(element('p', { text: 'Asking one question after the other …' }))
  announce('Asking one question after the other.')
  try {
    show(await api.verify(), place)
  } catch (error) {
    place.replaceChildren()
    throw error
  }
}

function show(evidence: Evidence, place: HTMLElement): void {
  const verdicts = evidence.verdicts.toSorted(
    (left, right) => order.indexOf(left.verdict) - order.indexOf(right.verdict),
  )
  const summary = summaryOf(verdicts)
  place.replaceChildren(
    element('p', { text: summary }),
    element('ul', { class: 'checks verdicts' }, ...verdicts.map(item)),
    element('p', {}, download(evidence)),
  )
  announce(summary)
}

/** `13 hold, 1 unclear, 4 not asked`. */
function summaryOf(verdicts: readonly Verdict[]): string {
  const parts = (['holds', 'fails', 'unclear', 'not_asked'] as const).flatMap((wanted) => {
    const count = verdicts.filter(({ verdict }) => verdict === wanted).length
    return count === 0 ? [] : [`${number(count)} ${shown[wanted].text}`]
  })
  return `Of ${number(verdicts.length)} assumptions: ${parts.join(', ')}.`
}

function item({ id, assumption, verdict, evidence }: Verdict): HTMLElement {
  const { tone, text } = shown[verdict]
  const seen = Object.entries(evidence).map(([name, value]) => `${name} ${textOf(value)}`)
  const note =
    verdict === 'not_asked'
      ? 'Takes a write, on a throw-away account: npm run verify -- --write-to'
      : seen.join(' · ')
  return element(
    'li',
    {},
    element('span', { class: `badge ${tone}`, text }),
    element(
      'div',
      {},
      element('h3', { text: assumption }),
      element('p', { class: 'seen' }, element('code', { text: id }), ` ${note}`),
    ),
  )
}

function textOf(value: Verdict['evidence'][string]): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  return String(value ?? 'none')
}

/** The evidence as the command line writes it. */
function download(evidence: Evidence): HTMLElement {
  const file = new Blob([`${JSON.stringify(evidence, null, 2)}\n`], { type: 'application/json' })
  return element('a', {
    text: 'Download the evidence',
    attributes: { href: URL.createObjectURL(file), download: 'verify.json' },
  })
}
