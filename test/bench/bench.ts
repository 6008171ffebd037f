/**
 * `npm run bench [-- --only NAME --json FILE --docs]`: measures the built app against the physical limit and prints the
 * table of `docs/performance.md`; `--docs` also writes it there. `--from FILE` takes the results of an earlier run instead
 * of measuring. Ends with 1 when something that must hold does not.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { writePage } from './page.ts'
import { Progress } from './progress.ts'
import {
  benchSchema,
  failuresOf,
  mostSeconds,
  type Result,
  resultOf,
  secondsOf,
} from './results.ts'
import type { Row } from './row.ts'
import { rows } from './rows.ts'
import { headOf, textOfLine } from './table.ts'

interface Arguments {
  readonly only: readonly string[]
  readonly json?: string | undefined
  readonly from?: string | undefined
  readonly docs: boolean
}

async function main(): Promise<void> {
  const { only, json, from, docs } = readArguments()
  const results = from === undefined ? await measure(only) : await read(from)
  console.log(`\nIt took ${secondsOf(results).toFixed(0)} s; all rows may take ${mostSeconds}.`)
  const failures = failuresOf(results)
  console.log(
    failures.length === 0
      ? 'Every figure is within its bound.'
      : `${failures.length} figures miss their bound:\n${failures.join('\n')}`,
  )
  if (json !== undefined) {
    const machine = { cores: availableParallelism(), node: process.version }
    await writeFile(json, `${JSON.stringify({ machine, results }, null, 2)}\n`)
  }
  if (docs) await writePage(results)
  process.exitCode = failures.length === 0 ? 0 : 1
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      json: { type: 'string' },
      from: { type: 'string' },
      docs: { type: 'boolean', default: false },
    },
  })
  const only = (values.only ?? []).flatMap((names) => names.split(','))
  const known = rows.map(({ name }) => name)
  const unknown = only.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`no row ${unknown}; there are: ${known.join(', ')}`)
  // A page with a part of its table would look like the whole of it.
  if (values.docs && only.length > 0) throw new Error('--docs needs all rows')
  return { ...values, only }
}

async function measure(only: readonly string[]): Promise<readonly Result[]> {
  const chosen = rows.filter(({ name }) => only.length === 0 || only.includes(name))
  const progress = new Progress(process.stderr)
  const results: Result[] = []
  for (const row of chosen) results.push(await measureRow(row, progress))
  return results
}

async function read(file: string): Promise<readonly Result[]> {
  const { results } = benchSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  for (const { title, lines } of results) {
    console.log(headOf(title))
    for (const line of lines) console.log(textOfLine(line))
  }
  return results
}

async function measureRow(row: Row, progress: Progress): Promise<Result> {
  progress.begin(row.name)
  const began = performance.now()
  const [before = 0] = loadavg()
  const lines = await row.measure({ tell: (text) => progress.tell(text) })
  const seconds = (performance.now() - began) / 1000
  const [after = 0] = loadavg()
  progress.clear()
  console.log(headOf(row.title))
  for (const line of lines) console.log(textOfLine(line))
  return resultOf({ name: row.name, title: row.title, load: { before, after }, seconds }, lines)
}

await main()
