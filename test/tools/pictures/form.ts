/** The form of the deployment, drawn from its definition: the portal shows the same fields in its own look. */
import { readFileSync } from 'node:fs'
import * as z from 'zod'

const elementSchema = z.object({
  type: z.string(),
  label: z.union([z.string(), z.object({ password: z.string() })]).optional(),
  placeholder: z.string().optional(),
  defaultValue: z.string().optional(),
  toolTip: z.string().optional(),
  options: z.object({ text: z.string().optional() }).optional(),
  constraints: z
    .object({
      required: z.boolean().optional(),
      allowedValues: z.array(z.object({ label: z.string() })).optional(),
    })
    .optional(),
})
type Element = z.output<typeof elementSchema>

const formSchema = z.object({
  parameters: z.object({
    steps: z.array(z.object({ label: z.string(), elements: z.array(elementSchema) })),
  }),
})

const style = `
  body { font: 14px/1.45 'Segoe UI', system-ui, sans-serif; margin: 24px 32px; background: Canvas; color: CanvasText; color-scheme: light dark }
  h2 { font-size: 17px; margin: 18px 0 6px; padding-bottom: 4px; border-bottom: 1px solid GrayText }
  .field { display: grid; grid-template-columns: 300px 380px 1fr; gap: 4px 16px; margin: 9px 0; align-items: start }
  .box { border: 1px solid GrayText; border-radius: 3px; padding: 3px 8px; min-height: 22px }
  .hint, .about { color: GrayText }
  .about { font-size: 12.5px }
  .star { color: #c50f1f }
  .info { border-inline-start: 4px solid #0f6cbd; padding: 4px 12px; margin: 10px 0 }
  .check { border: 1px solid GrayText; border-radius: 2px; width: 14px; height: 14px }
  @media (max-width: 600px) { .field { grid-template-columns: 1fr } }
`

/** @returns the page */
export function formPage(): string {
  const file = new URL('../../../infra/createUiDefinition.json', import.meta.url)
  const { steps } = formSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).parameters
  const parts = steps.map(
    ({ label, elements }) => `<h2>${escaped(label)}</h2>${elements.map(drawn).join('')}`,
  )
  return `<!doctype html><html lang="en"><title>Deploy Cloud Sync</title><style>${style}</style><body>${parts.join('')}</body></html>`
}

function drawn(element: Element): string {
  const { type, label = '', toolTip = '', options, constraints } = element
  if (type === 'Microsoft.Common.InfoBox') {
    return `<div class="info">${escaped(options?.text ?? '')}</div>`
  }
  const title = escaped(typeof label === 'string' ? label : label.password)
  const star = constraints?.required === true ? ' <span class="star">*</span>' : ''
  return `<div class="field"><div>${title}${star}</div>${inputOf(element)}<div class="about">${escaped(toolTip)}</div></div>`
}

function inputOf({ type, placeholder, defaultValue, constraints }: Element): string {
  if (type === 'Microsoft.Common.CheckBox') return '<div class="check"></div>'
  if (type === 'Microsoft.Common.PasswordBox') return '<div class="box">••••••••••••••••</div>'
  const [first] = constraints?.allowedValues ?? []
  if (first !== undefined) return `<div class="box">${escaped(first.label)} ▾</div>`
  return defaultValue === undefined
    ? `<div class="box hint">${escaped(placeholder ?? '')}</div>`
    : `<div class="box">${escaped(defaultValue)}</div>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
