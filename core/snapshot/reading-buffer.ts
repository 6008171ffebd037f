import type { FullAccessReading } from '../model/mailbox.ts'
import type { StoredReading } from '../ports.ts'
import type { SnapshotPorts } from './options.ts'

/** As many as a row of storage holds, a few hundred bytes each. */
const readingsAtOnce = 100
/** A crash forgets the readings of a few seconds at most. */
const longestWaitMs = 5_000

/** Stores new readings as they come, many at once: never one write per reading. */
export class ReadingBuffer {
  readonly #ports: Pick<SnapshotPorts, 'readings' | 'clock'>
  readonly #runId: string
  #unstored: StoredReading[] = []
  #lastFlush: number
  #isSealed = false

  constructor(ports: Pick<SnapshotPorts, 'readings' | 'clock'>, runId: string) {
    this.#ports = ports
    this.#runId = runId
    this.#lastFlush = ports.clock.monotonic()
  }

  /** Keeps readings made just now; stores when enough have gathered or waited long enough. */
  async keep(readings: readonly FullAccessReading[]): Promise<void> {
    const readAt = this.#ports.clock.now().toISOString()
    for (const reading of readings) this.#unstored.push({ reading, runId: this.#runId, readAt })
    const waited = this.#ports.clock.monotonic() - this.#lastFlush
    if (this.#unstored.length >= readingsAtOnce || waited >= longestWaitMs) await this.flush()
  }

  /** Stores what has gathered. @throws SyncError `STORAGE_UNAVAILABLE` */
  async flush(): Promise<void> {
    const readings = this.#unstored
    this.#unstored = []
    this.#lastFlush = this.#ports.clock.monotonic()
    if (readings.length > 0 && !this.#isSealed) await this.#ports.readings.write(readings)
  }

  /** Writes nothing any more: the run was cancelled, or it belongs to another host now. */
  seal(): void {
    this.#isSealed = true
  }
}
