/**
 * `npm run verify -- [--out <file>] [--write-to <address>]`: asks the customer's own tenant what no simulator can show,
 * and ends in a verdict for each assumption and a file of evidence that names nobody.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { exchangeBase } from '../../core/adapters/exchange/exchange-client.ts'
import { graphBase } from '../../core/adapters/graph/graph-client.ts'
import { managedIdentityTokens } from '../../core/adapters/identity/managed-identity.ts'
import { systemClock as clock } from '../../core/adapters/system-clock.ts'
import { createHttpProbe } from '../../core/adapters/verify/http-probe.ts'
import { limiterFor } from '../../core/adapters/zivver/pacing.ts'
import { describeFaults, type Settings } from '../../core/config.ts'
import { messageOf } from '../../core/errors.ts'
import type { TenantProbe } from '../../core/verify/probe.ts'
import type { Verdict } from '../../core/verify/verdict.ts'
import { verifyTenant } from '../../core/verify/verify.ts'
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
  const { settings, version } = invocation
  if (!settings.ok) throw new Error(describeFaults(settings.faults))
  const { active } = await invocation.storage().runs.slots()
  if (active !== null) throw new Error(`Run ${active} is active, and may use the whole rate limit.`)
  const probe = openProbe(settings.settings, version)
  const verdicts = await verifyTenant(probe, values['write-to'] ?? null)
  const evidence = { made_by: version, made_at: clock.now().toISOString(), verdicts }
  writeFileSync(values.out, `${JSON.stringify(evidence, null, 2)}\n`)
  for (const verdict of verdicts) console.log(lineOf(verdict))
  console.log(`Evidence: ${values.out}`)
  return verdicts.some(({ verdict }) => verdict === 'fails') ? 1 : 0
}

function openProbe(settings: Settings, version: string): TenantProbe {
  const { tenantId, zivverApiUrl: url, zivverApiKey: key, zivverRateLimit: limit } = settings
  const service = (base: ReturnType<typeof exchangeBase>) => ({
    base,
    tokens: managedIdentityTokens({ audience: base.audience, clock }),
  })
  return createHttpProbe({
    tenantId,
    version,
    exchange: service(exchangeBase(settings.exchangeUrl)),
    graph: service(graphBase(settings.graphUrl)),
    zivver: { url, key, limiter: limiterFor({ baseUrl: url, apiKey: key, limit, clock }) },
  })
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
