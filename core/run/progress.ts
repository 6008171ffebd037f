import { messageOf } from '../errors.ts'
import type { RunRecord } from '../model/run.ts'
import type { RunServices } from './services.ts'

const everyMs = 1000

/**
 * Tells the history how far a run is: at most once a second, and never so that the run fails by it. Waits of the
 * adapters are part of it.
 */
export class ProgressReporter {
  readonly #services: RunServices
  readonly #runId: string
  #pending: Partial<RunRecord> = {}
  #progress: RunRecord['progress']
  #waitUntil = 0
  #writtenAt = Number.NEGATIVE_INFINITY
  #writing: Promise<void> | null = null

  constructor(services: RunServices, run: RunRecord) {
    this.#services = services
    this.#runId = run.id
    this.#progress = run.progress
  }

  get progress(): RunRecord['progress'] {
    return this.#progress
  }

  /** Takes note; it is written when the last write is old enough. */
  note(done: number, total: number, part: Partial<RunRecord> = {}): void {
    const waiting = this.#services.clock.monotonic() < this.#waitUntil
    const waiting_for = waiting ? this.#progress.waiting_for : null
    this.#set({ done, total, waiting_for }, part)
  }

  /** An adapter waits; shorter waits than a second are not worth a line. */
  readonly onWait = ({ seconds, reason }: { seconds: number; reason: string }): void => {
    if (seconds < 1) return
    this.#waitUntil = this.#services.clock.monotonic() + seconds * 1000
    this.#set({ ...this.#progress, waiting_for: `${Math.ceil(seconds)} s for ${reason}` }, {})
  }

  #set(progress: RunRecord['progress'], part: Partial<RunRecord>): void {
    this.#progress = progress
    this.#pending = { ...this.#pending, ...part, progress }
    if (this.#services.clock.monotonic() - this.#writtenAt < everyMs) return
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null
    })
  }

  /** Waits for a write that is under way; nothing is written behind the caller's back after it. */
  async settle(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    const properties = this.#pending
    this.#pending = {}
    this.#writtenAt = this.#services.clock.monotonic()
    try {
      await this.#services.runs.update(this.#runId, properties)
    } catch (error) {
      this.#services.logger.log('WARNING', 'progress could not be stored', {
        runId: this.#runId,
        reason: messageOf(error),
      })
    }
  }
}
