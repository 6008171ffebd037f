import * as z from 'zod'
import { runProcess } from '../processes/run-process.ts'
import { processLine, type Row } from '../row.ts'
import { atMost } from '../run-line.ts'

const accounts = 100_000
const tenfold = 10 * accounts
const rounds = 3
const mostOfParse = 1.5
const mostPerTenfold = 10.5

const resultSchema = z.object({
  plan: z.number(),
  parse: z.number().nullable(),
  changes: z.number(),
})

/** Planning against the cheapest thing that touches the same data once. */
export const planning: Row = {
  name: 'planning',
  title: 'Planning alone, 100,000 accounts, 1 % changed (CPU seconds)',
  measure: async ({ tell }) => {
    tell(`${accounts} accounts`)
    const one = await plan(accounts, rounds, true)
    tell(`${tenfold} accounts`)
    const ten = await plan(tenfold, rounds, false)
    const parse = one.parse ?? 0
    return [
      processLine({
        work: `plan ${accounts} accounts`,
        bound: { seconds: parse, formula: 'JSON.parse of the same snapshot, same process' },
        seconds: one.plan,
        checks: [
          atMost('CPU ÷ CPU of JSON.parse', one.plan / parse, mostOfParse),
          { text: `${one.changes} changes`, ok: one.changes === accounts / 100 },
        ],
      }),
      processLine({
        work: `plan ${tenfold} accounts`,
        seconds: ten.plan,
        checks: [atMost('CPU per tenfold', ten.plan / one.plan, mostPerTenfold)],
      }),
    ]
  },
}

async function plan(count: number, times: number, parse: boolean) {
  return resultSchema.parse(await runProcess('planning', { accounts: count, rounds: times, parse }))
}
