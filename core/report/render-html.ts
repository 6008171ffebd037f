/** The mail as HTML for Outlook and telephones: tables, inline style, dark mode by the style block. */
import { escapeHtml } from './display.ts'
import type { BarPart, Block, MailDocument, Section, ShownChange } from './document.ts'
import {
  actionColours,
  actionTextColours,
  light,
  mono,
  outlookTable,
  sans,
  style,
  styleBlock,
  toneColours,
} from './mail-style.ts'

const cell = { 'font-family': sans, 'font-size': '15px', 'line-height': '22px', color: light.text }
const small = { ...cell, 'font-size': '13px', 'line-height': '19px', color: light.muted }

export function renderHtml(mail: MailDocument, language: string, subject: string): string {
  const rows = [header(mail), link(mail), ...mail.sections.map(section), footer(mail)]
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${styleBlock}</style>
</head>
<body class="page" ${style({ margin: '0', padding: '0', 'background-color': light.page })}>
${outlookTable(
  `class="page" width="100%" bgcolor="${light.page}"`,
  `<tr><td align="center" ${style({ padding: '16px 0' })}>
${outlookTable(
  `class="card wrap" width="640" bgcolor="${light.card}" ${style({ 'background-color': light.card })}`,
  rows.join('\n'),
)}
</td></tr>`,
)}
</body>
</html>
`
}

function header({ environment, tone, headline, lead }: MailDocument): string {
  const colour = toneColours[tone]
  const white = { ...cell, color: '#ffffff' }
  const title = environment === '' ? 'Cloud Sync' : `Cloud Sync · ${environment}`
  const heading = { ...white, 'font-size': '24px', 'line-height': '30px', 'font-weight': 'bold' }
  return `<tr><td class="pad" bgcolor="${colour}" ${style({ ...white, 'background-color': colour, padding: '20px 28px' })}>
<span ${style({ ...white, 'font-size': '13px' })}>${escapeHtml(title)}</span>
<h1 ${style({ ...heading, margin: '4px 0 8px' })}>${escapeHtml(headline)}</h1>
${lead.map((text) => `<p ${style({ ...white, margin: '4px 0' })}>${marked(text, false)}</p>`).join('\n')}
</td></tr>`
}

/** A button that every mail program draws: a cell with a ground of its own, and the link in it. */
function link({ link: { text, place, isAddress } }: MailDocument): string {
  const pad = { ...cell, padding: '16px 28px 4px' }
  if (!isAddress) {
    const path = `${escapeHtml(text)}: ${escapeHtml(place)}`
    return `<tr><td class="pad text" ${style(pad)}>${path}</td></tr>`
  }
  const colour = toneColours.info
  const label = { ...cell, color: '#ffffff', 'font-weight': 'bold', 'text-decoration': 'none' }
  const ground = { ...cell, 'background-color': colour, padding: '10px 18px' }
  const button = `<tr><td bgcolor="${colour}" ${style(ground)}><a href="${escapeHtml(place)}" ${style(label)}>${escapeHtml(text)}</a></td></tr>`
  return `<tr><td class="pad" ${style(pad)}>${outlookTable('', button)}</td></tr>`
}

function section({ heading, tone, blocks }: Section): string {
  const title = { ...cell, 'font-size': '17px', 'line-height': '24px', 'font-weight': 'bold' }
  // The line at the edge takes its width from the padding: the text stays in its column.
  const [name, box] =
    tone === 'plain'
      ? ['pad text', { padding: '14px 28px 6px' }]
      : [
          'pad edge text',
          { 'border-left': `4px solid ${toneColours[tone]}`, padding: '14px 28px 6px 24px' },
        ]
  return `<tr><td class="${name}" ${style({ ...cell, ...box })}>
<h2 class="text" ${style({ ...title, margin: '0 0 6px' })}>${escapeHtml(heading)}</h2>
${blocks.map(block).join('\n')}
</td></tr>`
}

function footer({ footer: text }: MailDocument): string {
  return `<tr><td class="pad muted line" ${style({ ...small, 'border-top': `1px solid ${light.line}`, padding: '14px 28px 22px' })}>${escapeHtml(text)}</td></tr>`
}

function block(content: Block): string {
  switch (content.type) {
    case 'paragraph':
      return `<p class="text" ${style({ ...cell, margin: '0 0 8px' })}>${marked(content.text)}</p>`
    case 'bullets':
      return bullets(content.items)
    case 'quote':
      return quote(content)
    case 'facts':
      return facts(content.rows)
    case 'table':
      return table(content)
    case 'bar':
      return bar(content.parts)
    case 'finding':
      return `<p class="text" ${style({ ...cell, margin: '8px 0 2px', 'font-weight': 'bold' })}>${escapeHtml(content.title)}</p>
${content.blocks.map(block).join('\n')}`
    case 'change':
      return change(content.change)
  }
}

function bullets(items: readonly string[]): string {
  const rows = items.map(
    (item) =>
      `<tr><td class="text" width="16" valign="top" ${style(cell)}>•</td><td class="text" ${style({ ...cell, padding: '0 0 4px' })}>${marked(item)}</td></tr>`,
  )
  return outlookTable('width="100%"', rows.join('\n'))
}

function quote({ label, language, lines }: Extract<Block, { type: 'quote' }>): string {
  const named = label === null ? '' : `${escapeHtml(label)}:<br>`
  const text = lines.map((line) => `<span lang="${language}">${safe(line)}</span>`).join('<br>')
  return outlookTable(
    'width="100%"',
    `<tr><td class="soft" bgcolor="${light.soft}" ${style({ ...small, 'background-color': light.soft, padding: '6px 10px' })}>${named}${text}</td></tr>`,
  )
}

function facts(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(
    ([label, value]) =>
      `<tr><td class="muted" width="34%" valign="top" ${style({ ...small, padding: '2px 8px 2px 0' })}>${escapeHtml(label)}</td><td class="text" valign="top" ${style({ ...small, color: light.text, padding: '2px 0' })}>${safe(value)}</td></tr>`,
  )
  return outlookTable('width="100%"', lines.join('\n'))
}

function table({ head, rows, marks }: Extract<Block, { type: 'table' }>): string {
  const line = `1px solid ${light.line}`
  const row = (cells: readonly string[], base: Record<string, string>, name: string): string =>
    `<tr>${cells
      .map(
        (html, column) =>
          `<td class="${name} line" align="${column === 0 ? 'left' : 'right'}" ${style({ ...base, 'border-bottom': line, padding: '4px 6px 4px 0' })}>${html}</td>`,
      )
      .join('')}</tr>`
  const body = rows.map(([name = '', ...cells], index) => {
    const action = marks[index]
    const mark =
      action === undefined ? '' : `<span ${style({ color: actionColours[action] })}>■</span>&nbsp; `
    return row([mark + escapeHtml(name), ...cells.map(escapeHtml)], cell, 'text')
  })
  return outlookTable(
    `width="100%" ${style({ margin: '0 0 8px' })}`,
    [row(head.map(escapeHtml), small, 'muted'), ...body].join('\n'),
  )
}

/** A stacked bar: one cell for each part, at least wide enough to be seen. */
function bar(parts: readonly BarPart[]): string {
  const total = parts.reduce((sum, { count }) => sum + count, 0)
  const cells = parts.map(({ action, count }) => {
    const width = Math.max(2, Math.round((100 * count) / total))
    return `<td width="${width}%" bgcolor="${actionColours[action]}" ${style({ 'background-color': actionColours[action], 'font-size': '1px', 'line-height': '12px' })}>&nbsp;</td>`
  })
  return outlookTable(
    `width="100%" ${style({ margin: '4px 0 8px' })}`,
    `<tr>${cells.join('')}</tr>`,
  )
}

function change(shown: ShownChange): string {
  const name =
    shown.name === ''
      ? ''
      : ` <span class="muted" ${style({ color: light.muted })}>${safe(shown.name)}</span>`
  const status =
    shown.statusText === null
      ? ''
      : ` · <b class="problem" ${style({ color: toneColours.bad })}>${escapeHtml(shown.statusText)}</b>`
  const fields = shown.fields.map(
    (field) =>
      `<br><span class="muted" ${style({ color: light.muted })}>${escapeHtml(field.name)}:</span> ${safe(field.difference)}`,
  )
  return outlookTable(
    'width="100%"',
    `<tr><td class="text line" ${style({ ...small, color: light.text, 'border-bottom': `1px solid ${light.line}`, padding: '6px 0' })}><b class="${shown.action}" ${style({ color: actionTextColours[shown.action] })}>${escapeHtml(shown.actionText)}</b> <b>${safe(shown.address)}</b>${name}<br><span class="muted" ${style({ color: light.muted })}>${escapeHtml(shown.kind)} · ${marked(shown.reason)}</span>${status}${fields.join('')}</td></tr>`,
  )
}

/** Text of somebody else: escaped, and kept from turning its neighbours round. */
function safe(text: string): string {
  return `<bdi>${escapeHtml(text)}</bdi>`
}

/** Our own text: `code` and **buttons** are set apart. */
function marked(text: string, isOnCard = true): string {
  const code = isOnCard
    ? style({
        'font-family': mono,
        'font-size': '13px',
        'background-color': light.soft,
        color: light.text,
      })
    : style({ 'font-family': mono, 'font-size': '13px' })
  return escapeHtml(text)
    .replace(/`([^`]+)`/g, `<span ${isOnCard ? 'class="soft" ' : ''}${code}>$1</span>`)
    .replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')
}
