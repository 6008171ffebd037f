/**
 * `npm run bench [-- --only NAME --json FILE]`: measures the built app against the physical limit and prints the table of
 * `docs/performance.md`. Ends with 1 when something that must hold does not.
 */
import { writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { Progress } from './progress.ts'
import { efficiencyOf, type Line, type Row } from './row.ts'
import { rows } from './rows.ts'
import { headOf, textOfLine } from './table.ts'

/** A row's result in the JSON file. */
interface Result {
  readonly name: string
  readonly title: string
  /** Processes that wanted a core, over the minute before and the minute at the end: measured on a busy machine? */
  readonly load: { readonly before: number; readonly after: number }
  readonly lines: readonly (Line & { readonly efficiency: number | null })[]
}

async function main(): Promise<void> {
  const { only, json } = readArguments()
  const chosen = rows.filter(({ name }) => only.length === 0 || only.includes(name))
  const progress = new Progress(process.stderr)
  const results: Result[] = []
  for (const row of chosen) results.push(await measureRow(row, progress))
  const failed = results.flatMap(({ lines }) => lines).flatMap(failedChecks)
  console.log(
    failed.length === 0
      ? '\nEvery figure is within its bound.'
      : `\n${failed.length} figures miss their bound.`,
  )
  if (json !== undefined) {
    const machine = { cores: availableParallelism(), node: process.version }
    await writeFile(json, `${JSON.stringify({ machine, results }, null, 2)}\n`)
  }
  process.exitCode = failed.length === 0 ? 0 : 1
}

function readArguments(): { only: readonly string[]; json: string | undefined } {
  const { values } = parseArgs({
    options: { only: { type: 'string', multiple: true }, json: { type: 'string' } },
  })
  const only = (values.only ?? []).flatMap((names) => names.split(','))
  const known = rows.map(({ name }) => name)
  const unknown = only.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`no row ${unknown}; there are: ${known.join(', ')}`)
  return { only, json: values.json }
}

async function measureRow(row: Row, progress: Progress): Promise<Result> {
  progress.begin(row.name)
  const [before = 0] = loadavg()
  const lines = await row.measure({ tell: (text) => progress.tell(text) })
  const [after = 0] = loadavg()
  progress.clear()
  console.log(headOf(row.title))
  for (const line of lines) console.log(textOfLine(line))
  return {
    name: row.name,
    title: row.title,
    load: { before, after },
    lines: lines.map((line) => ({ ...line, efficiency: efficiencyOf(line) })),
  }
}

function failedChecks({ checks }: Line): readonly string[] {
  return checks.filter(({ ok }) => !ok).map(({ text }) => text)
}

await main()
