import * as z from 'zod'
import { runProcess } from '../processes/run-process.ts'
import { type Line, processLine, type Row } from '../row.ts'
import { atMost } from '../run-line.ts'

const accounts = 100_000
const tenfold = 10 * accounts
const rounds = 3
const mostOfParse = 1.5

const resultSchema = z.object({
  plan: z.number(),
  parse: z.number(),
  changes: z.number(),
})

/**
 * Planning against the cheapest thing that touches the same data once, at both sizes: a million accounts fit into no
 * cache, and what grows linearly still takes more than ten times as long, `JSON.parse` too.
 */
export const planning: Row = {
  name: 'planning',
  title: 'Planning alone, 1 % changed (CPU seconds)',
  measure: async ({ tell }) => {
    const lines: Line[] = []
    for (const count of [accounts, tenfold]) {
      tell(`${count} accounts`)
      const argument = { accounts: count, rounds }
      const { plan, parse, changes } = resultSchema.parse(await runProcess('planning', argument))
      lines.push(
        processLine({
          work: `plan ${count} accounts`,
          bound: { seconds: parse, formula: 'JSON.parse of the same snapshot, same process' },
          seconds: plan,
          checks: [
            atMost('CPU ÷ CPU of JSON.parse', plan / parse, mostOfParse),
            { text: `${changes} changes`, ok: changes === count / 100 },
          ],
        }),
      )
    }
    return lines
  },
}
