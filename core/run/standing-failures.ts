import { messageOf } from '../errors.ts'
import { actions, type Change } from '../model/change.ts'
import type { StandingFailure } from '../model/failure.ts'
import type { RunRecord } from '../model/run.ts'
import type { Warning } from '../model/warning.ts'
import type { RunServices } from './services.ts'
import { storedChanges } from './stored-run.ts'

type SyncRun = Pick<RunRecord, 'id' | 'started_at' | 'requested_at' | 'counts'>

/**
 * Remembers what failed in a sync, and forgets what succeeded or is planned no more. Ending the same run twice counts
 * once. This is bookkeeping for people: where it fails, the run ends as it would without it.
 * @param atHand the changes as they are stored; absent = they are read
 * @returns a warning for each change that failed before in the same way
 */
export async function rememberFailures(
  services: Pick<RunServices, 'journal' | 'failures' | 'logger'>,
  run: SyncRun,
  atHand?: readonly Change[],
): Promise<readonly Warning[]> {
  try {
    const known = await services.failures.list()
    const hasFailed = actions.some((action) => run.counts[action].failed > 0)
    if (known.length === 0 && !hasFailed) return []
    const changes = atHand ?? (await storedChanges(services.journal, run.id))
    const { upsert, remove, warnings } = reviewFailures(run, changes, known)
    if (upsert.length + remove.length > 0) await services.failures.write({ upsert, remove })
    return warnings
  } catch (error) {
    services.logger.log('WARNING', 'failures of earlier runs could not be compared', {
      runId: run.id,
      reason: messageOf(error),
    })
    return []
  }
}

/** What a run says about the failures that stood before it. */
interface FailureReview {
  readonly upsert: readonly StandingFailure[]
  /** Keys of those that stand no longer. */
  readonly remove: readonly string[]
  /** One for each change that failed before, in the same way. */
  readonly warnings: readonly Warning[]
}

/**
 * Compares the failed changes of a sync with those that are remembered. A change that was not tried (deferred, or not
 * reached before the run was stopped) says nothing: what is remembered of it stays.
 * @param changes the whole plan, as it ended
 */
export function reviewFailures(
  run: Omit<SyncRun, 'counts'>,
  changes: readonly Change[],
  known: readonly StandingFailure[],
): FailureReview {
  const before = new Map(known.map((failure) => [failure.key, failure]))
  const upsert = changes.flatMap((change) => {
    const failure = failureOf(run, change, before.get(keyOf(change)))
    return failure === null ? [] : [failure]
  })
  const untold = changes.filter(({ status }) => status === 'planned' || status === 'deferred')
  const standing = new Set([...upsert.map(({ key }) => key), ...untold.map(keyOf)])
  return {
    upsert,
    remove: known.flatMap(({ key }) => (standing.has(key) ? [] : [key])),
    warnings: upsert.filter(({ timesSeen }) => timesSeen > 1).map(repeatedly),
  }
}

function keyOf({ kind, identifier, scimId }: Change): string {
  return `${kind}-${(identifier ?? scimId ?? '').toLowerCase()}`
}

/** Another action or another code is another failure: it has another remedy. */
function failureOf(
  run: Omit<SyncRun, 'counts'>,
  change: Change,
  before: StandingFailure | undefined,
): StandingFailure | null {
  const { action, address, status, error } = change
  if (status !== 'failed' || error === null) return null
  const { code } = error
  const now = run.started_at ?? run.requested_at
  const isSame = before?.action === action && before.code === code
  const { firstSeen, timesSeen, lastRunId } = isSame
    ? before
    : { firstSeen: now, timesSeen: 0, lastRunId: '' }
  return {
    key: keyOf(change),
    action,
    code,
    address,
    firstSeen,
    timesSeen: lastRunId === run.id ? timesSeen : timesSeen + 1,
    lastRunId: run.id,
    lastSeen: now,
  }
}

function repeatedly({ action, address, code, firstSeen, timesSeen }: StandingFailure): Warning {
  return {
    code: 'FAILING_REPEATEDLY',
    message: `${address}: failed ${timesSeen} times since ${firstSeen.slice(0, 10)} (${action}, ${code})`,
    address,
  }
}
