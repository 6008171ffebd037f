import type {
  AccountTarget,
  Clock,
  Directory,
  Logger,
  MailboxSource,
  MappingStore,
  MayBegin,
  ReadingStore,
} from '../ports.ts'
import type { TaskGroup } from './task-group.ts'

/** What reading needs of the world. */
export interface SnapshotPorts {
  readonly source: MailboxSource
  readonly directory: Directory
  readonly target: AccountTarget
  readonly mappings: Pick<MappingStore, 'list'>
  readonly readings: Pick<ReadingStore, 'list' | 'write'>
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly logger: Logger
}

/** What the parts of one reading share. */
export interface SnapshotContext {
  readonly ports: SnapshotPorts
  readonly options: SnapshotOptions
  /** A failure in here ends all of them. */
  readonly tasks: TaskGroup
}

export interface SnapshotOptions {
  readonly runId: string
  /** Lower case. */
  readonly includedDomains: ReadonlySet<string>
  /** Object ids of Entra groups, lower case; empty = no source filter. */
  readonly sourceFilter: readonly string[]
  readonly nestedGroups: boolean
  /** `false`: neither permissions nor trustee groups are read. */
  readonly delegates: boolean
  readonly userDelegationMaxAgeHours: number
  readonly resetAccountMapping: boolean
  /** After this moment (ms of `clock.monotonic()`) no further permission reading is begun in this slice. */
  readonly deadline: number
  /** Mailboxes whose permissions are known, of those known to be in scope so far. */
  readonly onProgress: (progress: SnapshotProgress) => void
  /** Asked right before each call to Zivver leaves: the lease must outlast it. Absent = it may. */
  readonly mayBegin?: MayBegin
  /** Awaited between calls; throws when the run was cancelled or its lease is lost. It may be called often: it limits itself. */
  readonly checkpoint: () => Promise<void>
}

export interface SnapshotProgress {
  readonly done: number
  readonly total: number
  /** In words, or `null`. */
  readonly waitingFor: string | null
}
