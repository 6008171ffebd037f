/** Sections of the document as HTML for a browser: headings, lists, tables and quotations as they are meant. */
import { escapeHtml } from './display.ts'
import type { Block, Section } from './document.ts'

export function renderSection({ heading, tone, blocks }: Section): string {
  return `<section class="card ${tone}"><h2>${escapeHtml(heading)}</h2>
${blocks.map(block).join('\n')}
</section>`
}

function block(content: Block): string {
  switch (content.type) {
    case 'paragraph':
      return `<p>${marked(content.text)}</p>`
    case 'bullets':
      return `<ul>${content.items.map((item) => `<li>${marked(item)}</li>`).join('')}</ul>`
    case 'quote':
      return quote(content)
    case 'facts':
      return `<dl class="facts">${content.rows.map(([label, value]) => `<dt>${escapeHtml(label)}</dt><dd><bdi>${escapeHtml(value)}</bdi></dd>`).join('')}</dl>`
    case 'table':
      return table(content.head, content.rows)
    case 'finding':
      return `<h3>${escapeHtml(content.title)}</h3>${content.blocks.map(block).join('\n')}`
    case 'bar':
    case 'change':
      // The page has a chart and a list of its own for them.
      return ''
  }
}

function quote({ label, language, lines }: Extract<Block, { type: 'quote' }>): string {
  const named = label === null ? '' : `<p class="note">${escapeHtml(label)}</p>`
  const text = lines.map((line) => `<p><bdi>${escapeHtml(line)}</bdi></p>`).join('')
  return `${named}<blockquote lang="${language}">${text}</blockquote>`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const number = (column: number): string => (column === 0 ? '' : ' class="number"')
  const headings = head.map(
    (text, column) => `<th scope="col"${number(column)}>${escapeHtml(text)}</th>`,
  )
  const body = rows.map(([name = '', ...cells]) => {
    const numbers = cells.map((text) => `<td class="number">${escapeHtml(text)}</td>`)
    return `<tr><th scope="row">${escapeHtml(name)}</th>${numbers.join('')}</tr>`
  })
  return `<table><thead><tr>${headings.join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`
}

/** Our own text: `code` and **buttons** are set apart. */
export function marked(text: string): string {
  return escapeHtml(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
}
