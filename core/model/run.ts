import type { ErrorCode } from '../errors.ts'
import type { Action } from './change.ts'
import type { Warning } from './warning.ts'

export const runStatuses = [
  'queued',
  'running',
  'succeeded',
  'completed_with_errors',
  'blocked',
  'failed',
  'cancelled',
] as const
export type RunStatus = (typeof runStatuses)[number]

export const runPhases = ['reading', 'planning', 'applying', 'reporting', 'done'] as const
export type RunPhase = (typeof runPhases)[number]

/** The flags of a manual run (contract, section 3); a scheduled run has none of them set. */
export interface RunFlags {
  readonly perform_sync: boolean
  readonly allow_large_sync: boolean
  readonly reset_account_mapping: boolean
  readonly relink: readonly string[]
  readonly approve_run: string | null
}

export const noFlags: RunFlags = {
  perform_sync: false,
  allow_large_sync: false,
  reset_account_mapping: false,
  relink: [],
  approve_run: null,
}

export interface ActionCounts {
  readonly planned: number
  readonly applied: number
  readonly failed: number
  readonly deferred: number
}

export type RunCounts = Readonly<Record<Action, ActionCounts>> & {
  readonly unchanged: number
  readonly skipped: number
  readonly unmanaged: number
}

export interface GuardVerdict {
  readonly blocked: boolean
  readonly changed: number
  readonly total: number
  readonly limit_percent: number
  readonly findings: readonly string[]
}

export interface RunProgress {
  readonly done: number
  readonly total: number
  /** What the run waits for now, in words (`7 s for Zivver's rate limit`), or `null`. */
  readonly waiting_for: string | null
}

export interface RunError {
  readonly code: ErrorCode
  readonly message: string
}

export interface ReportOutcome {
  readonly email: 'sent' | 'skipped' | 'failed'
  readonly message?: string
}

/** Calls and seconds a run took, for the report's cost line. */
export interface RunUsage {
  readonly exchangeCalls: number
  readonly graphCalls: number
  readonly zivverCalls: number
  /** Seconds of work over all slices (billed execution time). */
  readonly workSeconds: number
  readonly slices: number
}

/** One run, as `GET /api/runs/{id}` shows it and as the history keeps it. */
export interface Run {
  readonly id: string
  readonly trigger: 'manual' | 'schedule'
  readonly requested_by: string
  readonly mode: 'preview' | 'sync'
  readonly version: string
  readonly flags: RunFlags
  readonly status: RunStatus
  readonly phase: RunPhase
  readonly progress: RunProgress
  readonly requested_at: string
  readonly started_at: string | null
  readonly finished_at: string | null
  readonly counts: RunCounts
  readonly out_of_scope: Readonly<Record<string, number>>
  readonly mailbox_types: Readonly<Record<string, number>>
  readonly guard: GuardVerdict
  readonly warnings: readonly Warning[]
  readonly error: RunError | null
  readonly report: ReportOutcome | null
}

/** A group of the source filter, as large as a run found it. */
export interface FilterGroupSize {
  /** Object id, lower case. */
  readonly id: string
  readonly name: string
  /** How many objects it lets in; with `NESTED_GROUPS` those of the groups inside too. */
  readonly members: number
}

/** The farthest point that a run has reached, over all its slices, and when: a run that stays there is given up. */
export interface RunMilestone {
  /** Its plan is stored: what follows counts changes, before that it counts readings. */
  readonly planned: boolean
  readonly done: number
  /** ISO 8601 UTC. */
  readonly at: string
}

/** What the history keeps beside the run: needed to go on after a restart, not shown by the API. */
export interface RunRecord extends Run {
  /** Digest of the settings that decide scope, wish and guard, pinned at the first slice; `null` before. */
  readonly settingsDigest: string | null
  /** A plan is stored completely in the journal. */
  readonly planStored: boolean
  /** Not to be taken up before this moment (a long wait); ISO 8601, `null` = now. */
  readonly resumeAt: string | null
  readonly usage: RunUsage
  /** Number of plan changes stored, for `approve_run` and the progress. */
  readonly changeCount: number
  /** How the run ends, decided before the report is tried, so that a restart only reports; `null` = not yet. */
  readonly decided: RunStatus | null
  /** Fence of the executor that has claimed the run; what a lower one writes is refused. 0 = none has yet. */
  readonly fence: number
  /** Last call to Zivver, ISO 8601: whoever goes on, in whatever process, keeps the rate limit by it; `null` = none yet. */
  readonly zivverCalledAt: string | null
  /** The source filter's groups, as planning saw them; none = no source filter, `null` = not known. */
  readonly filterGroups: readonly FilterGroupSize[] | null
  /** `null` = it has reached nothing yet. */
  readonly reached: RunMilestone | null
}

/** True once a run's status can no longer change. */
export function isFinal(status: RunStatus): boolean {
  return status !== 'queued' && status !== 'running'
}

/**
 * A run that did its work. Where scheduled runs write, a preview by hand is no success; a scheduled one is, for it was
 * made while they did not write: `PERFORM_SYNC` was switched on since.
 */
export function isSuccess(
  { status, mode, trigger }: Pick<Run, 'status' | 'mode' | 'trigger'>,
  performSync: boolean,
): boolean {
  const isDone = status === 'succeeded' || status === 'completed_with_errors'
  return isDone && (mode === 'sync' || trigger === 'schedule' || !performSync)
}

const noActionCounts: ActionCounts = { planned: 0, applied: 0, failed: 0, deferred: 0 }

export const noCounts: RunCounts = {
  create: noActionCounts,
  update: noActionCounts,
  suspend: noActionCounts,
  reactivate: noActionCounts,
  link: noActionCounts,
  unchanged: 0,
  skipped: 0,
  unmanaged: 0,
}

export const noUsage: RunUsage = {
  exchangeCalls: 0,
  graphCalls: 0,
  zivverCalls: 0,
  workSeconds: 0,
  slices: 0,
}

export const noGuard: GuardVerdict = {
  blocked: false,
  changed: 0,
  total: 0,
  limit_percent: 0,
  findings: [],
}
