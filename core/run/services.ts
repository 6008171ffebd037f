import type { Settings, SettingsFault } from '../config.ts'
import type {
  AccountTarget,
  AccountWriter,
  Clock,
  Directory,
  JournalStore,
  Logger,
  MailboxSource,
  MappingStore,
  ReadingStore,
  ReportSender,
  RunQueue,
  RunStore,
} from '../ports.ts'

/** What requesting, cancelling and resuming runs needs: storage only. Works with invalid settings too. */
export interface RunServices {
  readonly runs: RunStore
  readonly journal: JournalStore
  readonly mappings: MappingStore
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
  /** The log lines of this run, for the attachment at DEBUG; `null` at other levels. */
  debugLog(): string | null
}

/** What executing a run needs. */
export interface ExecutionServices extends RunServices {
  readonly settings: Settings
  readonly source: MailboxSource
  readonly directory: Directory
  readonly target: AccountTarget
  /** Only a sync run opens the writer: a preview has none, so a forgotten `if` cannot write. */
  openWriter(): AccountWriter
  readonly readings: ReadingStore
  /** Calls made so far by this process for this tenant; a slice subtracts what was before it. */
  usage(): { exchangeCalls: number; graphCalls: number; zivverCalls: number }
  /** Names what the adapters wait for; `null` ends it. */
  onWaiting(listener: (waitingFor: string | null) => void): void
}

/** Execution with valid settings, or the faults that forbid it. */
export type Execution =
  | { readonly ok: true; readonly services: ExecutionServices; readonly report: ReportServices }
  | {
      readonly ok: false
      readonly services: RunServices
      readonly report: ReportServices
      readonly faults: readonly SettingsFault[]
    }
