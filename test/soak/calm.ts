/** After the faults: everything comes to rest, one undisturbed sync mends the rest, and the next one has nothing to do. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunJson } from '../../core/api/run.ts'
import { isFinal } from '../../core/model/run.ts'
import { compare } from '../oracle/compare.ts'
import type { Expected } from '../oracle/model.ts'
import { expectedFinalState } from '../oracle/oracle.ts'
import type { Findings } from './findings.ts'
import type { HostClient } from './host-client.ts'
import type { SoakWorld } from './soak-world.ts'

/** A call to Exchange or Graph that never gets an answer takes this long to be given up, and some more. */
const patienceMs = 150_000
const turnMs = 50
/** `resumeRuns` fires each minute; here its minutes are shorter. */
const minuteMs = 2_000

/** Waits until no run is queued or running. @returns whether that came */
export async function comeToRest(world: SoakWorld, findings: Findings): Promise<boolean> {
  const end = performance.now() + patienceMs
  let fireAt = 0
  for (;;) {
    const client = clientOf(world)
    const runs = await client.runs(10)
    const open = runs?.filter(({ status }) => !isFinal(status))
    if (open?.length === 0) return true
    if (performance.now() > end) {
      findings.add('not converged', [`a run does not end: ${JSON.stringify(open)}`])
      return false
    }
    if (performance.now() > fireAt) {
      fireAt = performance.now() + minuteMs
      await Promise.all(world.clients.map((each) => each.fire('resumeRuns')))
    }
    await sleep(turnMs)
  }
}

export interface CalmFlags {
  readonly reset_account_mapping: boolean
  readonly relink: readonly string[]
}

/**
 * One undisturbed sync, held against the oracle, and a second one that plans nothing.
 * @param promised what the oracle said when the round began; `null` = the flags may lead elsewhere
 * @returns addresses that may be allowed to pass to another mailbox next time
 */
export async function calm(
  world: SoakWorld,
  flags: CalmFlags,
  promised: Expected | null,
  findings: Findings,
): Promise<readonly string[]> {
  const client = clientOf(world)
  const { reset_account_mapping: resetAccountMapping, relink } = flags
  const expected = expectedFinalState(await world.before({ resetAccountMapping, relink }))
  const run = await sync(client, { allow_large_sync: true, ...flags })
  if (run === null) {
    findings.add('not converged', ['the calm sync does not end'])
    return []
  }
  const wrong = (texts: readonly string[]) => findings.add('not converged', texts)
  const end = await wrongEnd(client, run, expected)
  wrong(end)
  if (end.length > 0) return []
  const actual = { accounts: await world.accounts(), rows: await world.table.rows() }
  wrong(compare(expected, actual))
  if (promised !== null) {
    wrong(compare(promised, actual).map((text) => `as the round began: ${text}`))
  }
  if (!resetAccountMapping && expected.refused === null) wrong(await leftToDo(client))
  return run.warnings.flatMap(({ code, address }) =>
    code === 'ADDRESS_REUSED' && address !== undefined ? [address] : [],
  )
}

async function wrongEnd(client: HostClient, run: RunJson, { refused }: Expected) {
  const wanted = refused === null ? 'succeeded' : 'failed'
  if (run.status === wanted && (run.error?.code ?? null) === refused) return []
  const failed = (await client.changes(run.id, 'failed')) ?? []
  const why = failed.map(({ address, error }) => `${address}: ${error?.code} ${error?.message}`)
  return [`calm run ${run.id} ended ${run.status}: ${[run.error?.message, ...why].join('; ')}`]
}

async function leftToDo(client: HostClient): Promise<readonly string[]> {
  const run = await sync(client, {})
  if (run === null) return ['the second sync does not end']
  const changes = (await client.changes(run.id)) ?? []
  return changes
    .filter(({ status }) => status !== 'deferred')
    .map(({ action, address, reason }) => `a second sync plans to ${action} ${address}: ${reason}`)
}

/** @returns `null` when it does not end in time */
async function sync(client: HostClient, flags: object): Promise<RunJson | null> {
  const end = performance.now() + patienceMs
  let id: string | null = null
  while (performance.now() < end) {
    if (id === null) {
      const answer = await client.request({ perform_sync: true, ...flags })
      if (answer.status === 'queued') ({ id } = answer)
    } else {
      const run = await client.run(id)
      if (run !== null && isFinal(run.status)) return run
    }
    await sleep(turnMs)
  }
  return null
}

function clientOf({ client }: SoakWorld): HostClient {
  if (client === null) throw new Error('no host runs')
  return client
}
