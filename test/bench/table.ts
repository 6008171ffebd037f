/** The table as text. */
import { describeBound } from './bounds.ts'
import { efficiencyOf, type Line } from './row.ts'

const columns = ['calls', 'measured', 'efficiency', '429', 'peak MiB', 'MB moved'] as const
const workWidth = 62
const columnWidth = 11

/** The head of a row's part of the table. */
export function headOf(title: string): string {
  const names = columns.map((name) => name.padStart(columnWidth)).join('')
  return `\n${title}\n${' '.repeat(workWidth + 2)}${names}`
}

/** A line: figures, the bound with its formula, what must hold. */
export function textOfLine(line: Line): string {
  const { calls, seconds, refused, peakMiB, bytes, bound } = line
  const efficiency = efficiencyOf(line)
  const figures = [
    whole(calls),
    `${seconds.toFixed(seconds < 10 ? 3 : 2)} s`,
    efficiency === null ? '–' : efficiency.toFixed(3),
    whole(refused),
    whole(peakMiB),
    bytes === null ? '–' : (bytes / 1e6).toFixed(1),
  ]
  const shown = figures.map((figure) => figure.padStart(columnWidth)).join('')
  const lines = [`  ${line.work.padEnd(workWidth)}${shown}`]
  if (bound !== null) lines.push(`      bound ${describeBound(bound)}`)
  for (const { ok, text } of line.checks) lines.push(`      ${ok ? '✓' : '✗'} ${text}`)
  return lines.join('\n')
}

function whole(figure: number | null): string {
  return figure === null ? '–' : Math.round(figure).toLocaleString('en')
}
