import type { ChangeOutcome, JournalChange } from '../../core/model/change.ts'
import { type Clock, type Lease, LeaseLost, type OpenJournal } from '../../core/ports.ts'
import type { MemoryJournalData, MemoryLease, MemoryPartition } from './memory-journal-store.ts'
import type { PortCalls } from './port-calls.ts'

/** What a host has at hand. */
export interface MemoryHost {
  readonly clock: Clock
  readonly leaseMs: number
  readonly data: MemoryJournalData
  readonly calls: PortCalls
  readonly isFenced: boolean
}

/** The journal of one run in memory, in the hands of its lease holder. */
export class MemoryOpenJournal implements OpenJournal {
  readonly lease: Lease
  readonly #host: MemoryHost
  readonly #holder: number
  #touchedMs: number
  #begunThrough: number
  #cancelRequested: boolean
  #isOver = false

  constructor(
    host: MemoryHost,
    taken: { readonly runId: string; readonly lease: MemoryLease; readonly touchedMs: number },
  ) {
    this.lease = { runId: taken.runId, fence: taken.lease.fence }
    this.#host = host
    this.#holder = taken.lease.holder
    this.#touchedMs = taken.touchedMs
    this.#begunThrough = taken.lease.begunThrough
    this.#cancelRequested = taken.lease.cancelRequested
  }

  get begunThrough(): number {
    return this.#begunThrough
  }

  get cancelRequested(): boolean {
    return this.#cancelRequested
  }

  remainingMs(): number {
    if (this.#isOver) return 0
    return Math.max(0, this.#touchedMs + this.#host.leaseMs - this.#host.clock.monotonic())
  }

  async renew(): Promise<{ cancelRequested: boolean }> {
    const { cancelRequested } = await this.#commit('renew', [], (_, lease) => lease)
    return { cancelRequested }
  }

  async check(): Promise<{ cancelRequested: boolean }> {
    const { cancelRequested } = await this.#answer('check', [], () => this.#own())
    this.#cancelRequested = cancelRequested
    return { cancelRequested }
  }

  async storePlan(changes: readonly JournalChange[]): Promise<void> {
    await this.#commit('storePlan', [], (partition, lease) => {
      partition.changes.clear()
      for (const change of changes) partition.changes.set(change.sequence, change)
      return lease
    })
  }

  async record(outcomes: readonly ChangeOutcome[], begunThrough?: number): Promise<void> {
    const about = outcomes.map(({ sequence }) => String(sequence))
    const lease = await this.#commit('record', about, (partition, current) => {
      for (const outcome of outcomes) applyOutcome(partition, outcome)
      return { ...current, begunThrough: begunThrough ?? current.begunThrough }
    })
    this.#begunThrough = lease.begunThrough
  }

  async release(): Promise<void> {
    await this.#commit('release', [], (_, lease) => ({ ...lease, state: 'released' }))
    this.#isOver = true
  }

  async close(): Promise<void> {
    await this.#commit('close', [], (partition) => {
      partition.lease = null
      return null
    })
    this.#isOver = true
  }

  // One transaction: refused as a whole when the lease is another's by now.
  async #commit(
    method: string,
    about: readonly string[],
    effect: (partition: MemoryPartition, lease: MemoryLease) => MemoryLease | null,
  ): Promise<MemoryLease> {
    const startedMs = this.#host.clock.monotonic()
    const lease = await this.#answer(method, about, () => {
      const own = this.#own()
      const partition = this.#host.data.partition(this.lease.runId)
      const next = effect(partition, own)
      if (next !== null && partition.lease?.holder === this.#holder) {
        partition.lease = { ...next, beat: this.#host.data.next() }
      }
      return next ?? own
    })
    this.#touchedMs = startedMs
    this.#cancelRequested = lease.cancelRequested
    return lease
  }

  #own(): MemoryLease {
    const { lease } = this.#host.data.partition(this.lease.runId)
    const isOurs = lease?.holder === this.#holder || (!this.#host.isFenced && lease !== null)
    if (this.#isOver || lease === null || !isOurs) {
      this.#isOver = true
      throw new LeaseLost(this.lease.runId)
    }
    return lease
  }

  #answer<Result>(method: string, about: readonly string[], effect: () => Result): Promise<Result> {
    const { runId } = this.lease
    return this.#host.calls.answer({ name: `journal.${method}`, about: [runId, ...about] }, effect)
  }
}

function applyOutcome({ changes }: MemoryPartition, outcome: ChangeOutcome): void {
  const change = changes.get(outcome.sequence)
  if (change === undefined) throw new Error(`no change ${outcome.sequence} is stored`)
  const { status, stepsDone, scimId, error } = outcome
  changes.set(outcome.sequence, {
    ...change,
    status,
    stepsDone,
    scimId: scimId ?? change.scimId,
    error,
  })
}
