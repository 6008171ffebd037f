import { settingsDigest } from '../config/digest.ts'
import type { RunRecord } from '../model/run.ts'
import { logGoesOn, logStarted } from './run-story.ts'
import type { ExecutionServices } from './services.ts'

/**
 * Pins the settings and the version at the first slice.
 * @returns `null` when a later slice sees others, or a scheduled run no longer has the mode it was requested with
 * @throws LeaseLost
 */
export async function pin(
  services: ExecutionServices,
  run: RunRecord,
  fence: number,
): Promise<RunRecord | null> {
  const { settings, version, clock } = services
  const digest = settingsDigest(settings, run)
  if (run.settingsDigest !== null) {
    if (run.settingsDigest !== digest || run.version !== version) return null
    logGoesOn(services.logger, run)
    return run
  }
  if (run.trigger === 'schedule' && (run.mode === 'sync') !== settings.performSync) return null
  const pinned: RunRecord = {
    ...run,
    status: 'running',
    settingsDigest: digest,
    version,
    started_at: run.started_at ?? clock.now().toISOString(),
  }
  const { status, started_at } = pinned
  await services.runs.update(run.id, { status, settingsDigest: digest, version, started_at }, fence)
  logStarted(services.logger, pinned)
  return pinned
}
