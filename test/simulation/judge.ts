import { updateAttempts } from '../../core/adapters/zivver/attempts.ts'
import { isFinal, type RunRecord, type RunStatus } from '../../core/model/run.ts'
import { countChanges } from '../../core/plan/plan.ts'
import { compare } from '../oracle/compare.ts'
import type { Expected } from '../oracle/model.ts'
import type { Fault, FaultKind } from './faults.ts'
import type { SimWorld } from './sim-world.ts'

/** Which other ends than success each fault may bring a run; the rest must be overcome without a trace. */
const excuses: Readonly<Partial<Record<FaultKind, readonly RunStatus[]>>> = {
  request_lost: ['completed_with_errors'],
  answer_lost: ['completed_with_errors'],
  rejected: ['completed_with_errors'],
  ignored: ['completed_with_errors'],
  zivver_down: ['completed_with_errors', 'failed'],
  zivver_list_cut: ['completed_with_errors', 'failed'],
  source_error: ['failed'],
  source_list_cut: ['failed'],
  cancelled: ['cancelled'],
  settings_changed: ['cancelled'],
  version_changed: ['cancelled'],
}

/** Faults after which a run may say that it succeeded and leave something to the next one. */
const unfaithful: ReadonlySet<FaultKind> = new Set([
  'ignored',
  'rejected',
  'answer_lost',
  'request_lost',
])

/** Faults that can keep a process from finishing what it has begun. */
const unsettling: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'crash',
  'pause',
  'freeze',
  'storage_refused',
  'storage_answer_lost',
  'storage_down',
])

/** Runs of a round, and what must hold for them. @returns what does not, in words */
export function judgeRound(
  world: SimWorld,
  runs: readonly RunRecord[],
  fired: readonly Fault[],
  expected: Expected,
  writesBefore: number,
): string[] {
  const problems = runs.flatMap((run) => [
    ...judgeEnd(world, run, fired),
    ...judgeRecords(world, run, fired),
  ])
  const wrote = world.zivver.writes.length - writesBefore
  if (runs.every((run) => run.mode === 'preview' || run.guard.blocked) && wrote > 0) {
    problems.push(`${wrote} writes in a round of previews and blocked runs`)
  }
  const last = runs.at(-1)
  const isFaithful = !fired.some(({ kind }) => unfaithful.has(kind))
  const [first] = runs
  if (
    runs.length === 1 &&
    first !== undefined &&
    last?.status === 'succeeded' &&
    first.mode === 'sync' &&
    isFaithful
  ) {
    problems.push(...judgeState(world, expected))
    problems.push(...judgeHistory(world, first, writesBefore))
  }
  return problems
}

/** Accounts and mapping rows against the oracle. */
export function judgeState(world: SimWorld, expected: Expected): string[] {
  const actual = { accounts: world.zivver.accounts(), rows: [...world.shared.mappings.values()] }
  return compare(expected, actual).map((difference) => `state: ${difference}`)
}

/** A host that stood still while its request was on its way, and the request was lost: to it, no answer came in time. */
function isLost(fault: Fault): boolean {
  return (fault.kind === 'pause' || fault.kind === 'freeze') && fault.moment === 'during_lost'
}

function judgeEnd(world: SimWorld, run: RunRecord, fired: readonly Fault[]): string[] {
  const allowed = new Set<RunStatus>(['succeeded'])
  for (const { kind } of fired) for (const status of excuses[kind] ?? []) allowed.add(status)
  if (fired.filter(isLost).length >= updateAttempts.timeout) allowed.add('completed_with_errors')
  const isUnallowed = run.mode === 'sync' && !run.flags.allow_large_sync
  if (isUnallowed) allowed.add('blocked')
  if (allowed.has(run.status)) return []
  const failed = [...world.shared.journal.partition(run.id).changes.values()].flatMap(
    ({ error }) => error ?? [],
  )
  const errors = [run.error, ...failed].flatMap((error) =>
    error === null ? [] : [`${error.code}: ${error.message}`],
  )
  const after = fired.map(({ kind }) => kind).join(', ') || 'nothing'
  return [`run ${run.id} ended ${run.status} after ${after}: ${errors.join('; ')}`]
}

/** What a run reports is what its journal holds. */
function judgeRecords(world: SimWorld, run: RunRecord, fired: readonly Fault[]): string[] {
  const { changes, lease } = world.shared.journal.partition(run.id)
  const problems: string[] = []
  // A message too many may take the lease just when the run ends; only a fault keeps it from giving it back.
  if (lease !== null && !fired.some(({ kind }) => unsettling.has(kind)))
    problems.push(`run ${run.id} has ended and its lease row is still there`)
  if (!run.planStored) return problems
  const counted = countChanges(changes.values())
  for (const [action, count] of Object.entries(counted)) {
    const reported = run.counts[action as keyof typeof counted]
    if (JSON.stringify(reported) !== JSON.stringify(count)) {
      problems.push(
        `run ${run.id} reports ${action} ${JSON.stringify(reported)}, its journal holds ${JSON.stringify(count)}`,
      )
    }
  }
  const isDone = run.status === 'succeeded' && run.mode === 'sync'
  const open = [...changes.values()].filter(({ status }) => status === 'planned').length
  if (isDone && open > 0)
    problems.push(`run ${run.id} succeeded with ${open} changes still planned`)
  return problems
}

/** Every account that was written to is the account of an applied change. */
function judgeHistory(world: SimWorld, run: RunRecord, writesBefore: number): string[] {
  const applied = new Set(
    [...world.shared.journal.partition(run.id).changes.values()]
      .filter(({ status }) => status === 'applied')
      .map(({ scimId }) => scimId),
  )
  return world.zivver.writes
    .slice(writesBefore)
    .filter(({ outcome, id }) => outcome === 'applied' && !applied.has(id))
    .map(({ method, id }) => `the history does not tell of ${method} ${id}`)
}

export function finishedRuns(world: SimWorld, since: ReadonlySet<string>): RunRecord[] {
  return [...world.shared.runs.rows.values()]
    .filter((run) => !since.has(run.id) && isFinal(run.status))
    .sort((left, right) => (left.id > right.id ? -1 : 1))
}
