import type { StorageSettings } from '../../config/storage-settings.ts'
import type {
  Clock,
  FailureStore,
  HealthStore,
  JournalStore,
  Logger,
  MappingStore,
  ReadingStore,
  RunLogStore,
  RunQueue,
  RunStore,
} from '../../ports.ts'
import { runQueueName, StorageRunQueue } from '../queue/storage-run-queue.ts'
import {
  defaultTiming,
  openQueueClient,
  openTableClient,
  type StorageTiming,
} from './storage-clients.ts'
import { Table } from './table.ts'
import { TableFailureStore } from './table-failure-store.ts'
import { TableHealthStore } from './table-health-store.ts'
import { TableJournalStore } from './table-journal-store.ts'
import { TableMappingStore } from './table-mapping-store.ts'
import { TableReadingStore } from './table-reading-store.ts'
import { TableRunLogStore } from './table-run-log-store.ts'
import { TableRunStore } from './table-run-store.ts'

export interface StorageOptions {
  readonly storage: StorageSettings
  /** PartitionKey of the tenant: its id, or `invalid`. */
  readonly partition: string
  readonly clock: Clock
  /** `LEASE_SECONDS`. */
  readonly leaseSeconds: number
  /** Hears of healed slots and dropped updates. */
  readonly logger?: Logger
  /** Before every table and queue name, to keep tests on one emulator apart; letters only. */
  readonly namePrefix?: string
  readonly timing?: StorageTiming
}

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

const silent: Logger = { log: () => undefined }

/**
 * Opens the storage of one tenant. Nothing is sent before the first use; tables and queue are created then.
 * @throws SyncError `CONFIG_INVALID` when the connection string is unusable
 */
export function createStorage(options: StorageOptions): Storage {
  const { partition, clock, leaseSeconds, logger = silent, namePrefix = '' } = options
  const access = { settings: options.storage, timing: options.timing ?? defaultTiming }
  const open = (name: string): Table =>
    new Table(openTableClient(access, `${namePrefix}${name}`), clock)
  const runs = open('CloudSyncRuns')
  const changes = open('CloudSyncChanges')
  const mappings = open('CloudSyncMappings')
  const readings = open('CloudSyncReadings')
  const failures = open('CloudSyncFailures')
  const health = open('CloudSyncHealth')
  const queue = new StorageRunQueue(
    openQueueClient(access, `${namePrefix.toLowerCase()}${runQueueName}`),
    partition,
  )
  return {
    runs: new TableRunStore(runs, partition, logger),
    journal: new TableJournalStore(changes, clock, leaseSeconds),
    mappings: new TableMappingStore(mappings, partition),
    readings: new TableReadingStore(readings, partition, clock),
    failures: new TableFailureStore(failures, partition),
    logs: new TableRunLogStore(changes),
    health: new TableHealthStore(health, partition, clock),
    queue,
    ensure: async () => {
      const tables = [runs, changes, mappings, readings, failures, health]
      await Promise.all([...tables.map((table) => table.create()), queue.create()])
    },
  }
}
