/**
 * The table of `docs/performance.md`: relative figures only, because seconds are those of one machine. A bound is shown by
 * its formula.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { docsFile, withPart } from '../tools/docs-parts.ts'
import type { Result } from './results.ts'

const file = docsFile('performance.md')
const head = [
  '| work | calls | lower bound | efficiency | 429 | what must hold |',
  '|---|--:|---|--:|--:|---|',
]

/** Writes the table into the page. */
export async function writePage(results: readonly Result[]): Promise<void> {
  const part = { file: 'performance.md', name: 'table', render: () => tableOf(results) }
  await writeFile(file, withPart(await readFile(file, 'utf8'), part))
}

/** The results as one table, each row under its title. */
export function tableOf(results: readonly Result[]): string {
  const lines = results.flatMap((result) => [
    `| **${result.title}** | | | | | |`,
    ...result.lines.map(lineOf),
  ])
  return [...head, ...lines].join('\n')
}

function lineOf({ work, calls, bound, efficiency, refused, checks }: Result['lines'][number]) {
  const cells = [
    work,
    figure(calls),
    bound?.formula ?? '–',
    efficiency === null ? '–' : efficiency.toFixed(3),
    figure(refused),
    checks.map(({ text, ok }) => `${ok ? '✓' : '✗'} ${text}`).join('<br>') || '–',
  ]
  return `| ${cells.join(' | ')} |`
}

function figure(value: number | null): string {
  return value === null ? '–' : value.toLocaleString('en')
}
