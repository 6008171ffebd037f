import type { JournalChange } from '../model/change.ts'
import type { RunRecord } from '../model/run.ts'
import type { UpdateAttempt } from '../update/services.ts'

/** Everything that the mail and the report page are made from: data only, no clock and no store behind it. */
export interface ReportInput {
  /** The run, with its final status. */
  readonly run: RunRecord
  /** All changes, in order; may be 100,000. */
  readonly changes: readonly JournalChange[]
  /** Earlier runs, newest first: 60 or so, and as many more as it takes to reach the last success. */
  readonly history: readonly RunRecord[]
  readonly language: 'en' | 'nl'
  /** IANA name. */
  readonly timeZone: string
  /** NCRONTAB of the scheduled run, valid. */
  readonly schedule: string
  /** Whether scheduled runs write. */
  readonly performSync: boolean
  /** What this installation is called: the first included domain, `''` when unknown. */
  readonly environment: string
  /** The log lines of this run, attached at DEBUG; `null` at other levels. */
  readonly debugLog: string | null
  readonly now: Date
  /** What came of the last look for a release, where the app looks for releases. */
  readonly lastUpdate?: UpdateAttempt | null
  /** Address of the dashboard's page, where it is known; never with a key in it. */
  readonly dashboardUrl?: string | null
}
