import { SyncError } from '../errors.ts'
import type { FullAccessReading } from '../model/mailbox.ts'
import type { IdentifiedMailbox } from '../source/scope.ts'
import type { SnapshotContext, SnapshotOptions, SnapshotPorts } from './options.ts'
import { ReadingBuffer } from './reading-buffer.ts'
import { ReusableReadings } from './reusable-readings.ts'
import { TaskGroup } from './task-group.ts'

/** When so many mailboxes are left, about a second of a busy tenant, what follows may get a head start. */
const lastOnes = 128

/**
 * Reads Full Access of the mailboxes it is offered, while more are still being offered: batches side by side, as many
 * and as large as the source likes best at that moment. A reading of this run is never made twice, in whatever slice
 * it was made; one of a user mailbox may be as old as the settings allow. Every slice makes at least one round.
 */
export class FullAccessReader {
  readonly #ports: SnapshotPorts
  readonly #options: SnapshotOptions
  readonly #batches: TaskGroup
  readonly #buffer: ReadingBuffer
  readonly #readings = new Map<string, FullAccessReading>()
  readonly #seen = new Set<string>()
  /** Offered, and not yet compared with what is stored. */
  #offered: IdentifiedMailbox[] = []
  /** To be read; those before `#next` are read or being read. */
  readonly #unread: IdentifiedMailbox[] = []
  #next = 0
  #reusable: ReusableReadings
  #made = 0
  #batchesBegun = 0
  #batchesGoing = 0
  #isClosed = false
  #isStopped = false
  #wake = Promise.withResolvers<void>()
  readonly #nearEnd = Promise.withResolvers<void>()

  constructor({ ports, options, tasks }: SnapshotContext) {
    this.#ports = ports
    this.#options = options
    this.#batches = new TaskGroup(tasks)
    tasks.onFailure(() => this.#stop())
    this.#buffer = new ReadingBuffer(ports, options.runId)
    this.#reusable = new ReusableReadings(new Map(), ports.clock, options)
  }

  /** By identifier: what is known so far. */
  get readings(): ReadonlyMap<string, FullAccessReading> {
    return this.#readings
  }

  /** How many readings of earlier runs stand in for new ones, and the age in hours of the oldest. */
  get reused(): { readonly count: number; readonly oldestHours: number } {
    return this.#reusable.fromEarlierRuns
  }

  /** Resolves when only the last mailboxes are left to be read, or the slice is over. */
  get nearEnd(): Promise<void> {
    return this.#nearEnd.promise
  }

  /** Number of readings made in this slice. */
  get made(): number {
    return this.#made
  }

  /** Hands mailboxes in; one that came before is not read again. */
  offer(mailboxes: readonly IdentifiedMailbox[]): void {
    for (const mailbox of mailboxes) {
      if (this.#seen.has(mailbox.identifier)) continue
      this.#seen.add(mailbox.identifier)
      this.#offered.push(mailbox)
    }
    this.#wake.resolve()
  }

  /** No mailbox will come any more. */
  close(): void {
    this.#isClosed = true
    this.#wake.resolve()
  }

  /**
   * Reads until it is closed and everything is read, until the deadline, or until something fails. What was read is
   * stored in each case; only a checkpoint that threw forbids further writes.
   * @throws the first failure of a call or of the checkpoint, once no call is going on any more
   */
  async run(): Promise<void> {
    try {
      await this.#readAll()
    } finally {
      this.#nearEnd.resolve()
    }
  }

  async #readAll(): Promise<void> {
    const stored = await this.#ports.readings.list()
    this.#reusable = new ReusableReadings(stored, this.#ports.clock, this.#options)
    void this.#batches.start(() => this.#beginAll())
    try {
      await this.#batches.end()
    } catch (error) {
      // The first failure says what happened; one of this last write would hide it.
      await this.#buffer.flush().catch(() => undefined)
      throw error
    }
    await this.#buffer.flush()
  }

  async #beginAll(): Promise<void> {
    while (!this.#isOver()) {
      this.#wake = Promise.withResolvers<void>()
      this.#reuseStored()
      await this.#checkpoint()
      while (this.#mayBegin()) {
        void this.#batches.start(() => this.#readBatch())
        await this.#checkpoint()
      }
      if (!this.#isOver()) await this.#wake.promise
    }
  }

  /** True once nothing more can begin. */
  #isOver(): boolean {
    const allBegun = this.#offered.length === 0 && this.#next === this.#unread.length
    return !this.#hasTime() || (this.#isClosed && allBegun)
  }

  #hasTime(): boolean {
    if (this.#isStopped) return false
    // A slice that began late still moves the run on.
    const isFirstRound = this.#batchesBegun < this.#slots()
    return isFirstRound || this.#ports.clock.monotonic() < this.#options.deadline
  }

  #mayBegin(): boolean {
    const isFree = this.#batchesGoing < this.#slots()
    return isFree && this.#next < this.#unread.length && this.#hasTime()
  }

  #slots(): number {
    return Math.max(1, this.#ports.source.parallelBatches())
  }

  #stop(): void {
    this.#isStopped = true
    this.#wake.resolve()
  }

  async #checkpoint(): Promise<void> {
    try {
      await this.#options.checkpoint()
    } catch (error) {
      this.#buffer.seal()
      throw error
    }
  }

  #reuseStored(): void {
    for (const mailbox of this.#offered) {
      const reading = this.#reusable.take(mailbox)
      if (reading === null) this.#unread.push(mailbox)
      else this.#readings.set(mailbox.identifier, reading)
    }
    this.#offered = []
    this.#tellProgress()
  }

  async #readBatch(): Promise<void> {
    const size = Math.max(1, this.#ports.source.preferredBatch())
    const batch = this.#unread.slice(this.#next, this.#next + size)
    this.#next += batch.length
    if (this.#isClosed && this.#unread.length - this.#next <= lastOnes) this.#nearEnd.resolve()
    this.#batchesBegun += 1
    this.#batchesGoing += 1
    try {
      const readings = oneForEach(batch, await this.#ports.source.readFullAccess(batch))
      for (const reading of readings) this.#readings.set(reading.identifier, reading)
      this.#made += readings.length
      this.#tellProgress()
      await this.#buffer.keep(readings)
    } finally {
      this.#batchesGoing -= 1
      this.#wake.resolve()
    }
  }

  #tellProgress(): void {
    const isIdle = this.#batchesGoing === 0 && this.#next === this.#unread.length
    this.#options.onProgress({
      done: this.#readings.size,
      total: this.#seen.size,
      waitingFor: isIdle && !this.#isClosed ? 'the list of mailboxes' : null,
    })
  }
}

/** The readings asked for. A mailbox left out of the answer was not read, which is never "no delegates". */
function oneForEach(
  batch: readonly IdentifiedMailbox[],
  answer: readonly FullAccessReading[],
): readonly FullAccessReading[] {
  const byIdentifier = new Map(answer.map((reading) => [reading.identifier, reading]))
  return batch.map(({ identifier }) => {
    const reading = byIdentifier.get(identifier)
    if (reading !== undefined) return reading
    throw new SyncError(
      'SOURCE_INCOMPLETE',
      `Exchange gave no answer about the permissions of mailbox ${identifier} in a batch of ${batch.length}`,
    )
  })
}
