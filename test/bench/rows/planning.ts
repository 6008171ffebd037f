import * as z from 'zod'
import { runProcess } from '../processes/run-process.ts'
import { type Line, processLine, type Row } from '../row.ts'
import { atMost } from '../run-line.ts'

/** The larger snapshot takes a minute to make and to judge once. */
const sizes = [
  { accounts: 100_000, rounds: 15 },
  { accounts: 1_000_000, rounds: 1 },
]
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
    for (const size of sizes) {
      const { accounts } = size
      tell(`${accounts} accounts`)
      const { plan, parse, changes } = resultSchema.parse(await runProcess('planning', size))
      lines.push(
        processLine({
          work: `plan ${accounts} accounts`,
          bound: { seconds: parse, formula: 'JSON.parse of the same snapshot, same process' },
          seconds: plan,
          checks: [
            atMost('CPU ÷ CPU of JSON.parse', plan / parse, mostOfParse),
            { text: `${changes} changes`, ok: changes === accounts / 100 },
          ],
        }),
      )
    }
    return lines
  },
}
