import type { Masker } from '../core/config/masking.ts'
import type { ParsedSettings, Settings } from '../core/config.ts'
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
} from '../core/ports.ts'
import type { ExecutionServices } from '../core/run/services.ts'

/** The stores of one tenant, and the queue. */
export interface Storage {
  readonly runs: RunStore
  readonly journal: JournalStore
  readonly mappings: MappingStore
  readonly readings: ReadingStore
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
  readonly usage: ExecutionServices['usage']
  /** Follows the calls of the run that is going on: its log, its waits. `null` = nobody does. */
  listen(
    listener: {
      readonly logger: Logger
      onWait(wait: { readonly seconds: number; readonly reason: string }): void
    } | null,
  ): void
  /** @throws SyncError `IDENTITY_UNAVAILABLE` */
  fetchTokens(): Promise<void>
}

/** What the process holds for all invocations. The parts are opened when first asked for. */
export interface App {
  readonly settings: ParsedSettings
  readonly version: string
  readonly clock: Clock
  readonly mask: Masker
  /** Names this process in a lease, for people who look at the table. */
  readonly owner: string
  newRunId(now: Date): string
  /** @throws SyncError `CONFIG_INVALID`, `SECRET_UNRESOLVED` when the storage settings are unusable */
  storage(): Storage
  upstreams(settings: Settings): Upstreams
  readonly reportSender: ReportSender
  /** Whether the mail service answers at all; `null` = no mail is set up. @throws when it does not */
  readonly reachMail: (() => Promise<void>) | null
}
