import type { JournalChange } from '../../core/model/change.ts'
import type { Clock, JournalStore, LeaseSighting, OpenJournal } from '../../core/ports.ts'
import { MemoryOpenJournal } from './memory-open-journal.ts'
import { PortCalls } from './port-calls.ts'

export interface MemoryLease {
  /** Unique for each acquisition. */
  readonly holder: number
  readonly fence: number
  readonly state: 'held' | 'released'
  /** Another number after every touch. */
  readonly beat: number
  readonly begunThrough: number
  readonly cancelRequested: boolean
}

/** The partition of one run. */
export interface MemoryPartition {
  lease: MemoryLease | null
  readonly changes: Map<number, JournalChange>
}

/** What all hosts share. */
export class MemoryJournalData {
  readonly partitions = new Map<string, MemoryPartition>()
  #last = 0

  partition(runId: string): MemoryPartition {
    const partition = this.partitions.get(runId) ?? { lease: null, changes: new Map() }
    this.partitions.set(runId, partition)
    return partition
  }

  next(): number {
    this.#last += 1
    return this.#last
  }
}

export interface MemoryJournalOptions {
  readonly clock: Clock
  readonly leaseSeconds: number
  readonly calls?: PortCalls
  /** Shared by the stores of several hosts. */
  readonly data?: MemoryJournalData
  /** `false` = storage accepts what a host that lost its lease writes: to show that the fence is what protects. */
  readonly isFenced?: boolean
}

/** `CloudSyncChanges` in memory, as one host sees it. */
export class MemoryJournalStore implements JournalStore {
  readonly calls: PortCalls
  readonly data: MemoryJournalData
  readonly #options: MemoryJournalOptions

  constructor(options: MemoryJournalOptions) {
    this.calls = options.calls ?? new PortCalls()
    this.data = options.data ?? new MemoryJournalData()
    this.#options = options
  }

  sight(runId: string): Promise<LeaseSighting> {
    return this.#answer('sight', runId, () => sightingOf(this.data.partition(runId).lease))
  }

  async acquire(
    runId: string,
    owner: string,
    sighting: LeaseSighting,
    above = 0,
  ): Promise<OpenJournal | null> {
    const touchedMs = this.#options.clock.monotonic()
    const call = { name: 'journal.acquire', about: [runId, owner] }
    const lease = await this.calls.answer(call, () => this.#take(runId, sighting, above))
    if (lease === null) return null
    const { clock, leaseSeconds, isFenced = true } = this.#options
    const { data, calls } = this
    const host = { clock, leaseMs: leaseSeconds * 1000, data, calls, isFenced }
    return new MemoryOpenJournal(host, { runId, lease, touchedMs })
  }

  requestCancel(runId: string): Promise<boolean> {
    return this.#answer('requestCancel', runId, () => {
      const partition = this.data.partition(runId)
      if (partition.lease === null) return false
      partition.lease = { ...partition.lease, cancelRequested: true }
      return true
    })
  }

  listChanges(
    runId: string,
    filter: {
      readonly action?: string
      readonly status?: string
      readonly limit: number
      readonly continuation?: string
    },
  ): Promise<{ changes: readonly JournalChange[]; continuation?: string }> {
    const { action, status, limit, continuation = '' } = filter
    return this.#answer('listChanges', runId, () => {
      const after = Number(Buffer.from(continuation, 'base64url').toString())
      const found = this.#inOrder(runId).filter(
        (change) =>
          change.sequence > after &&
          (action === undefined || change.action === action) &&
          (status === undefined || change.status === status),
      )
      const changes = found.slice(0, limit)
      const last = changes.at(-1)
      if (last === undefined || found.length <= limit) return { changes }
      return { changes, continuation: Buffer.from(String(last.sequence)).toString('base64url') }
    })
  }

  async *eachChange(runId: string): AsyncGenerator<readonly JournalChange[]> {
    const changes = await this.#answer('eachChange', runId, () => this.#inOrder(runId))
    for (let start = 0; start < changes.length; start += 1000) {
      yield changes.slice(start, start + 1000)
    }
  }

  purge(runId: string): Promise<void> {
    return this.#answer('purge', runId, () => {
      this.data.partitions.delete(runId)
    })
  }

  #take(runId: string, sighting: LeaseSighting, above: number): MemoryLease | null {
    const partition = this.data.partition(runId)
    const seen = partition.lease
    if (sightingOf(seen).mark !== sighting.mark) return null
    partition.lease = {
      holder: this.data.next(),
      fence: Math.max(seen?.fence ?? 0, above) + 1,
      state: 'held',
      beat: this.data.next(),
      begunThrough: seen?.begunThrough ?? 0,
      cancelRequested: seen?.cancelRequested ?? false,
    }
    return partition.lease
  }

  #inOrder(runId: string): JournalChange[] {
    const { changes } = this.data.partition(runId)
    return [...changes.values()].sort((left, right) => left.sequence - right.sequence)
  }

  #answer<Result>(method: string, runId: string, effect: () => Result): Promise<Result> {
    return this.calls.answer({ name: `journal.${method}`, about: [runId] }, effect)
  }
}

function sightingOf(lease: MemoryLease | null): LeaseSighting {
  if (lease === null) return { state: 'none', mark: '', cancelRequested: false }
  const { state, beat, cancelRequested } = lease
  return { state, mark: String(beat), cancelRequested }
}
