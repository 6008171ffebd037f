/**
 * `npm run support-bundle -- [--run <id>] [--out <file>]`: reads what a run reads, writes nothing anywhere, and keeps what
 * the plan was made from in a file, names and addresses replaced.
 */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { policyOf } from '../../core/config/policy.ts'
import { describeFaults } from '../../core/config.ts'
import { messageOf } from '../../core/errors.ts'
import type { Snapshot } from '../../core/model/plan.ts'
import { noFlags, type RunRecord } from '../../core/model/run.ts'
import type { ExecutionServices } from '../../core/run/services.ts'
import { readSnapshot } from '../../core/snapshot/snapshot.ts'
import { replay } from '../../core/verify/replay.ts'
import { makeBundle } from '../../core/verify/support-bundle.ts'
import { openOnConsole } from './console-invocation.ts'

const usage = `Makes a file for support: what a plan is made from, with every name and address replaced.

  npm run support-bundle -- [--run <id>] [--out <file>]

  --run  a run of the history: its flags are used, and how it ended goes into the file
  --out  where the file is written; default: support-bundle.json

It reads Microsoft 365 and Zivver by the settings of the environment, as a preview does. It writes to neither, nor to storage.`

async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      run: { type: 'string' },
      out: { type: 'string', default: 'support-bundle.json' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(usage)
  const execution = openOnConsole().execution()
  if (!execution.ok) throw new Error(describeFaults(execution.faults))
  const { services } = execution
  const run = values.run === undefined ? undefined : await findRun(services, values.run)
  const flags = run?.flags ?? noFlags
  const snapshot = await readAll(services, flags.reset_account_mapping)
  const now = services.clock.now().toISOString()
  const policy = policyOf(services.settings, flags, { now, runId: run?.id ?? 'support' })
  const key = randomBytes(32).toString('hex')
  const { version } = services
  const bundle = makeBundle({ snapshot, policy, version, key, ...(run !== undefined && { run }) })
  const { missing, added } = replay(bundle)
  if (missing.length + added.length > 0) {
    throw new Error('The replaced data does not give the same plan; nothing was written.')
  }
  writeFileSync(values.out, JSON.stringify(bundle, null, 1))
  const { mailboxes, accounts } = bundle.snapshot
  console.log(
    `${values.out}: ${mailboxes.length} mailboxes, ${accounts.length} accounts, a plan of ${bundle.plan.length} changes, which it replays.`,
  )
}

async function findRun({ runs }: ExecutionServices, id: string): Promise<RunRecord> {
  const run = await runs.get(id)
  if (run === null) throw new Error(`There is no run ${id} in the history.`)
  return run
}

/** Reads everything afresh: stored readings are neither used nor made. */
async function readAll(services: ExecutionServices, reset: boolean): Promise<Snapshot> {
  const { settings } = services
  const readings = { list: async () => new Map(), write: async () => undefined }
  const outcome = await readSnapshot(
    { ...services, readings },
    {
      runId: 'support',
      includedDomains: new Set(settings.includedDomains),
      sourceFilter: settings.sourceFilter,
      nestedGroups: settings.nestedGroups,
      delegates: settings.delegates,
      userDelegationMaxAgeHours: 0,
      resetAccountMapping: reset,
      deadline: Number.POSITIVE_INFINITY,
      checkpoint: async () => undefined,
      onProgress: () => undefined,
    },
  )
  if (outcome.status !== 'complete') throw new Error('The reading did not come to an end.')
  return outcome.snapshot
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
}
