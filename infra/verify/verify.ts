/**
 * `npm run verify -- [--out <file>] [--write-to <address>]`: asks the customer's own tenant what no simulator can show,
 * and ends in a verdict for each assumption and a file of evidence that names nobody.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Verdict } from '../../core/api/verification.ts'
import { describeFaults } from '../../core/config.ts'
import { messageOf } from '../../core/errors.ts'
import { guardedProbe } from '../../core/verify/guarded-probe.ts'
import { gatherEvidence } from '../../core/verify/verify.ts'
import { openProbe } from '../../functions/composition.ts'
import { openOnConsole } from './console-invocation.ts'

const usage = `Proves on your own tenant what Cloud Sync relies on. Reads only, by the settings of the environment.

  npm run verify -- [--out <file>] [--write-to <address>]

  --out       where the evidence is written; default: verify.json. It holds numbers, statuses and verdicts, no names.
  --write-to  address of a throw-away user account in Zivver, that nobody uses: asks the write questions too,
              on this account alone, and leaves it as it was

The exit code is 0 when no assumption fails.`

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      out: { type: 'string', default: 'verify.json' },
      'write-to': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const invocation = openOnConsole()
  const { settings, version, clock } = invocation
  if (!settings.ok) throw new Error(describeFaults(settings.faults))
  const { runs } = invocation.storage()
  const activeRun = async () => (await runs.slots()).active
  const active = await activeRun()
  if (active !== null) throw new Error(`Run ${active} is active, and may use the whole rate limit.`)
  const limits = { clock, beginsUntil: Number.POSITIVE_INFINITY, activeRun }
  const probe = guardedProbe(openProbe(settings.settings), limits)
  const evidence = await gatherEvidence({ probe, version, clock }, values['write-to'] ?? null)
  writeFileSync(values.out, `${JSON.stringify(evidence, null, 2)}\n`)
  for (const verdict of evidence.verdicts) console.log(lineOf(verdict))
  console.log(`Evidence: ${values.out}`)
  return evidence.verdicts.some(({ verdict }) => verdict === 'fails') ? 1 : 0
}

function lineOf({ id, verdict, assumption, evidence }: Verdict): string {
  const word = verdict.replace('_', ' ').padEnd(9)
  return `${word}  ${id.padEnd(24)}  ${assumption}\n${' '.repeat(11)}${JSON.stringify(evidence)}`
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 2
}
