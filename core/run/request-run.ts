import { sameList } from '../model/address.ts'
import {
  isFinal,
  noCounts,
  noFlags,
  noGuard,
  noUsage,
  type Run,
  type RunFlags,
  type RunRecord,
} from '../model/run.ts'
import type { RunServices } from './services.ts'

export interface RunRequest {
  readonly trigger: Run['trigger']
  readonly mode: Run['mode']
  /** Flags that were given; the others have their defaults. */
  readonly flags: Partial<RunFlags>
  readonly requestedBy: string
}

export type RunRequestResult =
  | { readonly status: 'queued'; readonly run: RunRecord }
  | { readonly status: 'conflict'; readonly activeRun: string }
  | {
      readonly status: 'invalid'
      readonly errors: readonly { readonly name: string; readonly message: string }[]
    }

/**
 * Requests a run: stores it as queued in its slot and sends the message that executes it. Should the message get
 * lost, `resumeRuns` sends another.
 * @param newId makes the run's id
 */
export async function requestRun(
  services: Pick<RunServices, 'runs' | 'queue' | 'clock' | 'logger' | 'version'>,
  request: RunRequest,
  newId: (now: Date) => string,
): Promise<RunRequestResult> {
  const flags = await flagsOf(services, request.flags)
  if ('errors' in flags) return { status: 'invalid', errors: flags.errors }
  const run = newRun(request, flags, services.version, services.clock.now(), newId)
  const answer = await services.runs.request(run)
  if (answer.status === 'conflict') return answer
  const { active } = await services.runs.slots()
  if (active === run.id) await services.queue.enqueue({ runId: run.id })
  const { id: runId, mode, trigger } = run
  const waiting = active === runId ? '' : '; it waits for the active one'
  services.logger.log('INFO', `run requested: ${mode}${waiting}`, { runId, trigger })
  return answer
}

type FlagErrors = { readonly errors: readonly { name: string; message: string }[] }

async function flagsOf(
  { runs }: Pick<RunServices, 'runs'>,
  given: Partial<RunFlags>,
): Promise<RunFlags | FlagErrors> {
  const flags = { ...noFlags, ...given }
  if (flags.approve_run === null) return flags
  const fault = (message: string): FlagErrors => ({ errors: [{ name: 'approve_run', message }] })
  if (!flags.perform_sync) return fault('needs perform_sync')
  const approved = await runs.get(flags.approve_run)
  if (approved === null) return fault(`names no run: ${flags.approve_run}`)
  if (!isFinal(approved.status)) return fault('names a run that is not finished')
  if (!approved.planStored || (approved.mode === 'sync' && approved.status !== 'blocked')) {
    return fault('must name a finished preview or a blocked run with a plan')
  }
  return takeOver(flags, given, approved.flags)
}

// The approved plan was made with these two flags; made without them it would be another plan.
function takeOver(
  flags: RunFlags,
  given: Partial<RunFlags>,
  approved: RunFlags,
): RunFlags | FlagErrors {
  const errors: { name: string; message: string }[] = []
  const reset = given.reset_account_mapping
  if (reset !== undefined && reset !== approved.reset_account_mapping) {
    const message = `the approved run has ${approved.reset_account_mapping}; leave it out`
    errors.push({ name: 'reset_account_mapping', message })
  }
  if (given.relink !== undefined && !sameList(sorted(given.relink), sorted(approved.relink))) {
    errors.push({ name: 'relink', message: 'the approved run has another list; leave it out' })
  }
  if (errors.length > 0) return { errors }
  return {
    ...flags,
    reset_account_mapping: approved.reset_account_mapping,
    relink: approved.relink,
  }
}

function sorted(list: readonly string[]): string[] {
  return list.map((item) => item.toLowerCase()).sort()
}

function newRun(
  request: RunRequest,
  flags: RunFlags,
  version: string,
  now: Date,
  newId: (now: Date) => string,
): RunRecord {
  return {
    id: newId(now),
    trigger: request.trigger,
    requested_by: request.requestedBy,
    mode: request.mode,
    version,
    flags: { ...flags, relink: flags.relink.map((address) => address.toLowerCase()) },
    status: 'queued',
    phase: 'reading',
    progress: { done: 0, total: 0, waiting_for: null },
    requested_at: now.toISOString(),
    started_at: null,
    finished_at: null,
    counts: noCounts,
    out_of_scope: {},
    mailbox_types: {},
    guard: noGuard,
    warnings: [],
    error: null,
    report: null,
    settingsDigest: null,
    planStored: false,
    resumeAt: null,
    usage: noUsage,
    changeCount: 0,
    decided: null,
    fence: 0,
    zivverCalledAt: null,
    filterGroups: null,
    reached: null,
  }
}
