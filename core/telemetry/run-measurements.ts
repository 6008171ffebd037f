/** A run that ended, as numbers: pure. */
import { actions } from '../model/change.ts'
import { isSuccess, type RunRecord } from '../model/run.ts'
import type { FinishedRun, Measurement } from './telemetry.ts'

/**
 * The metrics of a run that ended.
 * @param performSync whether scheduled runs write: then a preview is no success, and no heartbeat
 */
export function measurementsOf(run: RunRecord, performSync: boolean): Measurement[] {
  const { status, mode, trigger, usage, guard } = run
  const errorCode = run.error === null ? {} : { error_code: run.error.code }
  return [
    { metric: 'cloud_sync.runs', value: 1, attributes: { status, mode, trigger, ...errorCode } },
    ...(isSuccess(run, performSync)
      ? [{ metric: 'cloud_sync.successful_run', value: 1, attributes: { mode } } as const]
      : []),
    ...(guard.blocked && status === 'blocked'
      ? [{ metric: 'cloud_sync.guard.blocked', value: 1, attributes: {} } as const]
      : []),
    { metric: 'cloud_sync.run.duration', value: secondsOf(run), attributes: { status, mode } },
    { metric: 'cloud_sync.run.work', value: usage.workSeconds, attributes: { status, mode } },
    ...changesOf(run),
    ...warningsOf(run),
  ]
}

const changeStatuses = ['planned', 'applied', 'failed', 'deferred'] as const

/** `planned` are those that were planned and not begun: the others are counted where they ended. */
function changesOf({ counts, mode }: RunRecord): Measurement[] {
  return actions.flatMap((action) => {
    const { planned, applied, failed, deferred } = counts[action]
    const left = { planned: planned - applied - failed - deferred, applied, failed, deferred }
    return changeStatuses
      .filter((status) => left[status] > 0)
      .map((status) => ({
        metric: 'cloud_sync.changes' as const,
        value: left[status],
        attributes: { action, status, mode },
      }))
  })
}

function warningsOf({ warnings }: RunRecord): Measurement[] {
  const counts = new Map<string, number>()
  for (const { code } of warnings) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].map(([code, value]) => ({
    metric: 'cloud_sync.warnings',
    value,
    attributes: { code },
  }))
}

function secondsOf(run: RunRecord): number {
  return Math.max(0, (Date.parse(endOf(run)) - Date.parse(startOf(run))) / 1000)
}

function startOf({ started_at, requested_at }: RunRecord): string {
  return started_at ?? requested_at
}

function endOf(run: RunRecord): string {
  return run.finished_at ?? startOf(run)
}

/** The span of a run that ended. */
export function runSpanOf(run: RunRecord): FinishedRun {
  const { id, status, mode, trigger, version, guard, usage, counts } = run
  const planned = actions.map((action) => [`changes.${action}`, counts[action].planned] as const)
  return {
    runId: id,
    startedAt: startOf(run),
    endedAt: endOf(run),
    attributes: {
      run_id: id,
      status,
      mode,
      trigger,
      version,
      'guard.blocked': guard.blocked,
      slices: usage.slices,
      warnings: run.warnings.length,
      ...Object.fromEntries(planned),
    },
    errorCode: run.error?.code ?? null,
  }
}
