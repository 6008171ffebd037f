/** The two implementations that one suite must hold for: the tables on the emulator, and the twin of the simulation. */
import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { createStorage, type Storage } from '../../core/adapters/tables/storage.ts'
import { defaultTiming } from '../../core/adapters/tables/storage-clients.ts'
import type { Clock, FailureStore, JournalStore, MappingStore, RunStore } from '../../core/ports.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { MemoryFailureStore } from '../fakes/memory-failure-store.ts'
import { MemoryJournalStore } from '../fakes/memory-journal-store.ts'
import { MemoryMappingStore } from '../fakes/memory-mapping-store.ts'
import { MemoryRunStore } from '../fakes/memory-run-store.ts'

export const leaseSeconds = 60

/** A tenant without any row yet, on the suite's emulator. */
export interface TestStorage {
  readonly connectionString?: string
  readonly partition?: string
  readonly clock?: Clock
  readonly namePrefix?: string
}

export function openStorage(options: TestStorage = {}): Storage {
  const connectionString = options.connectionString ?? inject('azuriteConnectionString')
  return createStorage({
    storage: { kind: 'connectionString', connectionString },
    partition: options.partition ?? randomUUID(),
    clock: options.clock ?? new FakeClock(undefined, { isAutomatic: true }),
    leaseSeconds,
    namePrefix: options.namePrefix ?? 'Contract',
    timing: { ...defaultTiming, retryDelayMs: 5, maxRetryDelayMs: 20 },
  })
}

/** Stores of a fresh tenant, as two hosts see them: each has its own, on the same storage. */
export const runStores: Readonly<Record<string, () => readonly [RunStore, RunStore]>> = {
  memory: () => {
    const store = new MemoryRunStore()
    return [store, store]
  },
  tables: () => {
    const partition = randomUUID()
    return [openStorage({ partition }).runs, openStorage({ partition }).runs]
  },
}

/** The mapping rows of a fresh tenant. */
export const mappingStores: Readonly<Record<string, () => MappingStore>> = {
  memory: () => new MemoryMappingStore(),
  tables: () => openStorage().mappings,
}

/** The standing failures of a fresh tenant. */
export const failureStores: Readonly<Record<string, () => FailureStore>> = {
  memory: () => new MemoryFailureStore(),
  tables: () => openStorage().failures,
}

/** Journals as two hosts see them, each with its own clock. */
export const journalStores: Readonly<
  Record<string, (first: Clock, second: Clock) => readonly [JournalStore, JournalStore]>
> = {
  memory: (first, second) => {
    const store = new MemoryJournalStore({ clock: first, leaseSeconds })
    return [store, new MemoryJournalStore({ clock: second, leaseSeconds, data: store.data })]
  },
  tables: (first, second) => [
    openStorage({ clock: first }).journal,
    openStorage({ clock: second }).journal,
  ],
}
