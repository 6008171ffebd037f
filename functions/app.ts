import type { Masker } from '../core/config/masking.ts'
import type { ParsedSettings, Settings } from '../core/config.ts'
import type { GrantedRights } from '../core/health/rights.ts'
import type {
  AccountTarget,
  AccountWriter,
  Clock,
  Directory,
  FailureStore,
  HealthStore,
  JournalStore,
  MailboxSource,
  MappingStore,
  ReadingStore,
  ReportSender,
  RunLogStore,
  RunQueue,
  RunStore,
} from '../core/ports.ts'
import type { KeptChanges } from '../core/run/kept-changes.ts'
import type { Pace } from '../core/run/services.ts'
import type { CallObserver } from '../core/telemetry/calls.ts'
import type { Telemetry } from '../core/telemetry/telemetry.ts'
import type { UpdateLog } from '../core/update/services.ts'

/** The stores of one tenant, and the queue. */
export interface Storage {
  readonly runs: RunStore
  readonly journal: JournalStore
  readonly mappings: MappingStore
  readonly readings: ReadingStore
  readonly failures: FailureStore
  readonly logs: RunLogStore
  readonly health: HealthStore
  readonly queue: RunQueue
  /** Creates what is missing, and thereby proves that every part answers. @throws SyncError `STORAGE_UNAVAILABLE` */
  ensure(): Promise<void>
}

/** Microsoft 365 and Zivver. */
export interface Upstreams {
  readonly source: MailboxSource
  readonly directory: Directory
  readonly target: AccountTarget
  openWriter(): AccountWriter
  readonly zivverCallTimeoutMs: number
  readonly zivverPace: Pace
  /** What the identity's tokens say; a token is asked for where there is none. @throws SyncError `IDENTITY_UNAVAILABLE` */
  fetchRights(): Promise<GrantedRights>
}

/** What the process holds for all invocations. The parts are opened when first asked for. */
export interface App {
  readonly settings: ParsedSettings
  readonly version: string
  readonly clock: Clock
  readonly mask: Masker
  readonly telemetry: Telemetry
  /** Does the work of an invocation; each call that it makes is told to the follower. */
  followCalls<T>(follower: CallObserver, work: () => T): T
  /** Names this process in a lease, for people who look at the table. */
  readonly owner: string
  /** Changes of a run in the middle, for its next slice. */
  readonly keptChanges: KeptChanges
  newRunId(now: Date): string
  /** @throws SyncError `CONFIG_INVALID`, `SECRET_UNRESOLVED` when the storage settings are unusable */
  storage(): Storage
  upstreams(settings: Settings): Upstreams
  readonly reportSender: ReportSender
  /** Address of the dashboard's page; `null` = unknown. */
  readonly dashboardUrl: string | null
  /** Whether the mail service lets the app in; `null` = no mail is set up. @throws when it does not */
  readonly reachMail: (() => Promise<void>) | null
  /** What came of the last look for a release; `null` = the app does not look for releases. */
  readonly lastUpdate: UpdateLog['lastAttempt'] | null
}
