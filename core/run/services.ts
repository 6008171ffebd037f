import type { Settings, SettingsFault } from '../config.ts'
import type {
  AccountTarget,
  AccountWriter,
  Clock,
  Directory,
  FailureStore,
  JournalStore,
  Logger,
  MailboxSource,
  MappingStore,
  ReadingStore,
  ReportSender,
  RunQueue,
  RunStore,
} from '../ports.ts'
import type { UpdateLog } from '../update/services.ts'
import type { KeptChanges } from './kept-changes.ts'

/** What requesting, cancelling and resuming runs needs: storage only. Works with invalid settings too. */
export interface RunServices {
  readonly runs: RunStore
  readonly journal: JournalStore
  readonly mappings: MappingStore
  readonly readings: ReadingStore
  readonly failures: FailureStore
  readonly queue: RunQueue
  readonly clock: Clock
  readonly logger: Logger
  /** Version and commit of the running code, pinned in every run. */
  readonly version: string
}

/** What reporting needs, as far as the settings allow it: a run that fails as CONFIG_INVALID is mailed where mail can be sent. */
export interface ReportServices {
  readonly reportSender: ReportSender
  readonly language: 'en' | 'nl'
  readonly timeZone: string
  /** NCRONTAB of the scheduled run, valid. */
  readonly schedule: string
  readonly performSync: boolean
  /** What the mail calls this installation (the first included domain), `''` when unknown. */
  readonly environment: string
  readonly retentionDays: number
  /** Where the mail leads to; absent or `null` = the app does not know its address. */
  readonly dashboardUrl?: string | null
  /** The log lines of a run, for the attachment at DEBUG; `null` at other levels. */
  debugLog(runId: string): string | null | Promise<string | null>
  /** What came of the last look for a release; `null` = the app does not look for releases. */
  readonly lastUpdate: UpdateLog['lastAttempt'] | null
}

/** The pace of all calls with one Zivver key, in this process. */
export interface Pace {
  /** Wall clock of the last call; `null` = none yet. */
  readonly lastCallAt: Date | null
  /** Respects calls that another process made until that moment. */
  restoreAfter(lastCallAt: Date): void
}

/** What executing a run needs. */
export interface ExecutionServices extends RunServices {
  readonly settings: Settings
  readonly source: MailboxSource
  readonly directory: Directory
  readonly target: AccountTarget
  /** Only a sync run opens the writer: a preview has none, so a forgotten `if` cannot write. */
  openWriter(): AccountWriter
  /** Calls made so far by this process for this tenant; a slice subtracts what was before it. */
  usage(): { exchangeCalls: number; graphCalls: number; zivverCalls: number }
  /** Sets who hears of the adapters' waits (`seconds`, and what for); `null` = nobody. */
  onWait(listener: ((wait: { seconds: number; reason: string }) => void) | null): void
  readonly zivverPace: Pace
  /** Longest call to Zivver, in ms; shorter than the lease. */
  readonly zivverCallTimeoutMs: number
}

interface ExecutionBase {
  readonly report: ReportServices
  /** Names this process in a lease, for people who look at the table. */
  readonly owner: string
  readonly leaseSeconds: number
  readonly sliceSeconds: number
  /** Of this process, for its next slice. */
  readonly keptChanges: KeptChanges
}

/** Execution with valid settings, or the faults that forbid it. */
export type Execution =
  | (ExecutionBase & { readonly ok: true; readonly services: ExecutionServices })
  | (ExecutionBase & {
      readonly ok: false
      readonly services: RunServices
      readonly faults: readonly SettingsFault[]
    })
