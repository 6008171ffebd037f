/**
 * Styles of the mail's HTML. Outlook for Windows renders with Word, which knows few properties: only those that
 * Microsoft lists for it can be written at all ("Word 2007 HTML and CSS Rendering Capabilities in Outlook 2007";
 * later versions use the same engine).
 */
const outlookProperties = [
  'background-color',
  'border',
  'border-bottom',
  'border-collapse',
  'border-left',
  'border-top',
  'color',
  'font-family',
  'font-size',
  'font-style',
  'font-weight',
  'line-height',
  'margin',
  'padding',
  'text-align',
  'text-decoration',
  'vertical-align',
  'width',
] as const

type OutlookProperty = (typeof outlookProperties)[number]

/** A `style` attribute of properties that Outlook knows. */
export function style(properties: Readonly<Partial<Record<OutlookProperty, string>>>): string {
  const declarations = Object.entries(properties).map(([name, value]) => `${name}:${value}`)
  return `style="${declarations.join(';')}"`
}

// Word does not hand the font down into table cells: every cell says it.
export const sans = "'Segoe UI',Arial,sans-serif"
export const mono = 'Consolas,Menlo,monospace'

export const light = {
  page: '#eef0f3',
  card: '#ffffff',
  text: '#1d2229',
  muted: '#5a6370',
  line: '#d9dde3',
  soft: '#f3f5f8',
} as const

const dark = {
  page: '#0f1216',
  card: '#1a1e24',
  text: '#e8ebef',
  muted: '#a7b0bc',
  line: '#363d47',
  soft: '#252b33',
} as const

/** White text on them has a contrast of 6:1 or more, in light and dark. */
export const toneColours = {
  good: '#17653c',
  info: '#1d4f91',
  attention: '#8a4b00',
  bad: '#a11a1a',
  plain: light.line,
} as const

/** Areas, as in the bar. */
export const actionColours = {
  create: '#2f74c0',
  update: '#7b61c4',
  suspend: '#c8502d',
  reactivate: '#1f8a63',
  link: '#7c8693',
} as const

/** Words: 4.5:1 or more on the card. */
export const actionTextColours = {
  create: '#1f5b9e',
  update: '#5e45a6',
  suspend: '#a33b1c',
  reactivate: '#14684a',
  link: '#55606d',
} as const

const darkActionTexts = {
  create: '#8fc1ff',
  update: '#c0b0f7',
  suspend: '#ffab8e',
  reactivate: '#7ed3a4',
  link: '#b4bdc9',
} as const

const darkActionRules = Object.entries(darkActionTexts)
  .map(([action, colour]) => `  .${action} { color: ${colour} !important; }`)
  .join('\n')

/** For mail programs that read a style block: dark mode, and the width of a telephone. The others lose nothing. */
export const styleBlock = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: ${dark.page} !important; }
  .card { background-color: ${dark.card} !important; }
  .text { color: ${dark.text} !important; }
  .muted { color: ${dark.muted} !important; }
  .line { border-color: ${dark.line} !important; }
  .soft { background-color: ${dark.soft} !important; color: ${dark.text} !important; }
  .problem { color: ${darkActionTexts.suspend} !important; }
${darkActionRules}
}
@media (max-width: 680px) {
  .card { width: 100% !important; }
  .pad { padding-left: 16px !important; padding-right: 16px !important; }
  .edge { padding-left: 12px !important; }
  .wrap { word-break: break-word !important; }
}
`

/** A layout table: the only box that every mail program draws alike. */
export function outlookTable(attributes: string, rows: string): string {
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" ${attributes}>${rows}</table>`
}
