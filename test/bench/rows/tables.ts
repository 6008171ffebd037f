import * as z from 'zod'
import { startAzurite } from '../../support/azurite.ts'
import { runProcess } from '../processes/run-process.ts'
import { type Line, processLine, type Row } from '../row.ts'
import { efficiencyAtLeast } from '../run-line.ts'

const read = 100_000
const write = 10_000
const least = 0.9

const resultSchema = z.object({
  read: z.number(),
  bareRead: z.number(),
  write: z.number(),
  bareWrite: z.number(),
})

/** What our checks and conversions cost on top of the client library. */
export const tables: Row = {
  name: 'tables',
  title: 'Mapping table against a bare loop of @azure/data-tables',
  measure: async ({ tell }) => {
    const azurite = await startAzurite()
    try {
      tell(`${read} rows`)
      const { connectionString } = azurite
      const result = await runProcess('tables', { connectionString, read, write })
      const seconds = resultSchema.parse(result)
      return [
        against(`read ${read} rows`, seconds.read, seconds.bareRead, 'pages of 1,000'),
        against(`write ${write} rows`, seconds.write, seconds.bareWrite, 'transactions of 100'),
      ]
    } finally {
      await azurite.close()
    }
  },
}

function against(work: string, seconds: number, bare: number, how: string): Line {
  const bound = { seconds: bare, formula: `a bare loop, ${how}` }
  return processLine({
    work,
    bound,
    seconds,
    checks: [efficiencyAtLeast(least, { bound, seconds })],
  })
}
