import type { JournalChange } from '../../core/model/change.ts'
import { isFinal, type RunRecord } from '../../core/model/run.ts'
import type {
  HealthStore,
  JournalStore,
  OpenJournal,
  RunMessage,
  RunQueue,
  RunStore,
} from '../../core/ports.ts'
import type { Storage } from '../../functions/app.ts'
import { MemoryFailureStore } from '../fakes/memory-failure-store.ts'
import { MemoryMappingStore } from '../fakes/memory-mapping-store.ts'
import { MemoryReadingStore } from '../fakes/memory-reading-store.ts'
import { MemoryRunLogStore } from '../fakes/memory-run-log-store.ts'

/** History, journal and queue in memory: as much of the ports as the functions use. */
export class MemoryStorage implements Storage {
  readonly history = new Map<string, RunRecord>()
  readonly plans = new Map<string, JournalChange[]>()
  /** Runs that somebody works on. */
  readonly leased = new Set<string>()
  readonly cancelRequests = new Set<string>()
  readonly messages: RunMessage[] = []
  readonly mappings = new MemoryMappingStore()
  readonly readings = new MemoryReadingStore()
  readonly failures = new MemoryFailureStore()
  readonly logs = new MemoryRunLogStore()
  readonly health: HealthStore = {
    probe: async () => this.#throwIfFailing(),
    keySeenSince: async () => '2026-11-20T01:00:00.000Z',
  }
  pageSize = Number.POSITIVE_INFINITY
  /** Thrown by every read of the history. */
  failure: Error | null = null

  async ensure(): Promise<void> {
    this.#throwIfFailing()
  }

  readonly queue: RunQueue = {
    enqueue: async (message) => {
      this.messages.push(message)
    },
  }

  readonly runs: RunStore = {
    request: async (run) => {
      const active = this.#active()
      if (active !== undefined && run.trigger === 'manual') {
        return { status: 'conflict', activeRun: active.id }
      }
      const waiting = this.#unfinished()[1]
      if (waiting !== undefined) return { status: 'conflict', activeRun: waiting.id }
      this.history.set(run.id, run)
      return { status: 'queued', run }
    },
    get: async (id) => {
      this.#throwIfFailing()
      return this.history.get(id) ?? null
    },
    list: async (limit, continuation = '0') => {
      this.#throwIfFailing()
      const all = [...this.history.values()].toSorted((left, right) =>
        left.id < right.id ? -1 : 1,
      )
      const { items, next } = page(all, Math.min(limit, this.pageSize), continuation)
      return { runs: items, ...next }
    },
    claim: async (id, fence) => {
      const run = this.history.get(id)
      if (run === undefined || isFinal(run.status)) return null
      this.history.set(id, { ...run, fence })
      return { ...run, fence }
    },
    update: async (id, properties) => {
      const run = this.history.get(id)
      if (run !== undefined) this.history.set(id, { ...run, ...properties })
    },
    finish: async (run) => {
      this.history.set(run.id, run)
      return { promoted: null }
    },
    slots: async () => {
      this.#throwIfFailing()
      const [active, waiting] = this.#unfinished()
      return { active: active?.id ?? null, waiting: waiting?.id ?? null }
    },
    unfinished: async () => this.#unfinished(),
    finishedBefore: async () => [],
    remove: async () => undefined,
  }

  readonly journal: JournalStore = {
    sight: async (runId) => ({
      state: this.leased.has(runId) ? 'held' : 'none',
      mark: '1',
      cancelRequested: this.cancelRequests.has(runId),
    }),
    acquire: async (runId) => this.#openJournal(runId),
    requestCancel: async (runId) => {
      if (!this.leased.has(runId)) return false
      this.cancelRequests.add(runId)
      return true
    },
    listChanges: async (runId, { action, status, limit, continuation = '0' }) => {
      const found = (this.plans.get(runId) ?? []).filter(
        (change) =>
          (action === undefined || change.action === action) &&
          (status === undefined || change.status === status),
      )
      const { items, next } = page(found, limit, continuation)
      return { changes: items, ...next }
    },
    eachChange: (runId) => pages(this.plans.get(runId) ?? []),
    purge: async () => undefined,
  }

  #unfinished(): RunRecord[] {
    return [...this.history.values()].filter((run) => !isFinal(run.status))
  }

  #active(): RunRecord | undefined {
    return this.#unfinished()[0]
  }

  #throwIfFailing(): void {
    if (this.failure !== null) throw this.failure
  }

  #openJournal(runId: string): OpenJournal {
    const alive = async () => ({ cancelRequested: false })
    return {
      lease: { runId, fence: 1 },
      begunThrough: 0,
      cancelRequested: false,
      remainingMs: () => 60_000,
      renew: alive,
      check: alive,
      storePlan: async () => undefined,
      record: async () => undefined,
      release: async () => undefined,
      close: async () => undefined,
    }
  }
}

async function* pages(changes: readonly JournalChange[]) {
  for (const change of changes) yield [change]
}

function page<T>(all: readonly T[], limit: number, continuation: string) {
  const start = Number(continuation)
  const end = start + limit
  return {
    items: all.slice(start, end),
    next: end < all.length ? { continuation: String(end) } : {},
  }
}
