/** What the checks of `/api/health` conclude: pure functions from what was seen to a finding. */
import type { HealthCheck } from '../api/health.ts'
import { nextOccurrences, parseSchedule, successLimitMs } from '../config/schedule.ts'
import { describeFaults, type ParsedSettings } from '../config.ts'
import { type ErrorCode, isLongWait, isSyncError, messageOf, type WarningCode } from '../errors.ts'
import type { Run } from '../model/run.ts'
import { remedies } from '../report/remedies.ts'
import { refusalOf, type UpdateAttempt } from '../update/services.ts'
import { nextRunsText } from './next-runs.ts'

/** A check's outcome, without its name. */
export type Finding = Omit<HealthCheck, 'name'>

export function ok(message: string): Finding {
  return { status: 'ok', message }
}

export function unknown(message: string): Finding {
  return { status: 'unknown', message }
}

export function failing(message: string, code: ErrorCode | WarningCode): Finding {
  return { status: 'failing', message, remedy: remedies[code].en }
}

/** The finding of a check that threw. An upstream that asks for a long wait is not down, but cannot be judged. */
export function findingOf(error: unknown): Finding {
  if (isLongWait(error)) return unknown(`Not checked: ${error.message}.`)
  return failing(messageOf(error), isSyncError(error) ? error.code : 'INTERNAL')
}

/** Faults fail; warnings warn. */
export function settingsFinding(parsed: ParsedSettings): Finding {
  if (!parsed.ok) {
    const code = parsed.faults.some((fault) => fault.code === 'CONFIG_INVALID')
      ? 'CONFIG_INVALID'
      : 'SECRET_UNRESOLVED'
    return failing(describeFaults(parsed.faults), code)
  }
  if (parsed.warnings.length === 0) return ok('All settings are valid.')
  return { status: 'warning', message: describeFaults(parsed.warnings) }
}

export interface ScheduleFacts {
  /** NCRONTAB, valid. */
  readonly schedule: string
  /** Whether scheduled runs write: then a preview does not count as a success. */
  readonly performSync: boolean
  /** IANA. */
  readonly timeZone: string
  readonly now: Date
  readonly lastSuccess: Pick<Run, 'finished_at'> | null
  /** The oldest run that is known; `null` = there was no run yet. */
  readonly firstRun: Pick<Run, 'requested_at'> | null
  /** Since when this installation is known, where there was no run yet; ISO 8601 UTC, `null` = not known. */
  readonly knownSince: string | null
}

const hourMs = 3_600_000

/** Failing without a successful run for 36 hours, or for one and a half times the schedule's longest gap. */
export function scheduleFinding(facts: ScheduleFacts): Finding {
  const { now, lastSuccess, firstRun, performSync, knownSince } = facts
  const what = performSync ? 'sync' : 'preview (PERFORM_SYNC is False)'
  const next = `The next scheduled ${what} starts at ${nextRun(facts)}. ${nextRunsText(facts.schedule, facts.timeZone, now)}`
  const limitMs = successLimitMs(facts.schedule, now)
  if (firstRun === null) {
    const ageMs = knownSince === null ? 0 : now.getTime() - Date.parse(knownSince)
    if (ageMs > limitMs) {
      const message = `There was no run since ${knownSince}, ${hoursOf(ageMs)} hours ago. ${next}`
      return failing(message, 'NO_RECENT_SUCCESS')
    }
    return {
      status: 'warning',
      message: `No run has finished yet. ${next}`,
      remedy: 'Start a preview: on the dashboard, or with POST /api/runs.',
    }
  }
  const since = lastSuccess?.finished_at ?? firstRun.requested_at
  const ageMs = now.getTime() - Date.parse(since)
  const last =
    lastSuccess === null
      ? `No run was successful since ${since}`
      : `The last successful run finished at ${since}`
  const message = `${last}, ${hoursOf(ageMs)} hours ago. ${next}`
  return ageMs > limitMs ? failing(message, 'NO_RECENT_SUCCESS') : ok(message)
}

function hoursOf(ms: number): number {
  return Math.floor(ms / hourMs)
}

function nextRun({ schedule, now }: ScheduleFacts): string {
  const check = parseSchedule(schedule)
  return (
    (check.ok ? nextOccurrences(check.schedule, now, 1)[0] : undefined)?.toISOString() ?? 'no time'
  )
}

/** Which version runs, and what came of the last look for a release (`null` = there was none). */
export function versionFinding(version: string, last: UpdateAttempt | null): Finding {
  const message = `Cloud Sync ${version}`
  if (last === null) return ok(message)
  const news = `${message}. Looked for a release at ${last.at}: ${last.message}`
  if (refusalOf(last) === null) return ok(news)
  return {
    status: 'warning',
    message: news,
    remedy:
      'The installed version goes on, and the app looks again each hour. When this stays, update by hand (docs/day-to-day.md, "Updating"), or leave CLOUD_SYNC__UPDATE_FEED empty to stop looking.',
  }
}
