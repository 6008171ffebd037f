/** The mail as plain text: the same document as the HTML, in the same order. */
import type { Block, MailDocument, Section, ShownChange } from './document.ts'

export function renderText(mail: MailDocument): string {
  const title = ['Cloud Sync', mail.environment].filter((part) => part !== '').join(' ')
  const parts = [
    `${title}\n${mail.headline}\n${'='.repeat(Math.min(mail.headline.length, 72))}`,
    mail.lead.map(plain).join('\n'),
    `${mail.link.text}:\n${mail.link.place}`,
    ...mail.sections.map(sectionText),
    mail.footer,
  ]
  return `${parts.join('\n\n')}\n`
}

function sectionText({ heading, blocks }: Section): string {
  const body = blocks.map(blockText).filter((text) => text !== '')
  return `${heading.toUpperCase()}\n${body.join('\n')}`
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return plain(block.text)
    case 'bullets':
      return block.items.map((item) => `- ${plain(item)}`).join('\n')
    case 'quote':
      return quoteText(block)
    case 'facts':
      return block.rows.map(([label, value]) => `${label}: ${value}`).join('\n')
    case 'table':
      return tableText([block.head, ...block.rows])
    case 'bar':
      // The table below a bar says the same in figures.
      return ''
    case 'finding':
      return `* ${block.title}\n${indented(block.blocks.map(blockText).join('\n'))}`
    case 'change':
      return changeText(block.change)
  }
}

function quoteText({ label, lines }: Extract<Block, { type: 'quote' }>): string {
  const quoted = lines.map((line) => `> ${line}`).join('\n')
  return label === null ? quoted : `${label}:\n${quoted}`
}

function changeText(change: ShownChange): string {
  const { actionText, address, name, kind, reason, statusText, fields } = change
  const who = name === '' ? address : `${address} (${name})`
  const status = statusText === null ? '' : ` [${statusText}]`
  const lines = [
    `* ${actionText} ${who}${status}`,
    indented(`${kind}: ${plain(reason)}`),
    ...fields.map((field) => indented(`${field.name}: ${field.difference}`)),
  ]
  return lines.join('\n')
}

/** Columns side by side; the first one is text, the others are numbers. */
function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}

function plain(text: string): string {
  return text.replaceAll('**', '')
}
