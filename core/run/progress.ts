import { messageOf } from '../errors.ts'
import type { RunMilestone, RunProgress, RunRecord } from '../model/run.ts'
import type { Warning } from '../model/warning.ts'
import { LeaseLost } from '../ports.ts'
import type { RunServices } from './services.ts'

const everyMs = 1000

/**
 * The run's row in the hands of its executor: whatever a slice stores there goes through here, one write after the
 * other, so that an older progress never follows a newer one. Progress is told at most once a second, and never so
 * that the run fails by it; waits are part of it, and so is their end.
 */
export class ProgressReporter {
  readonly #services: Pick<RunServices, 'runs' | 'clock' | 'logger'>
  readonly #runId: string
  readonly #fence: number
  readonly #over = new AbortController()
  #pending: Partial<RunRecord> = {}
  #done: number
  #total: number
  #isPlanned: boolean
  #reached: RunMilestone | null
  /** What the stage itself waits for. */
  #stageWaitsFor: string | null = null
  #upstreamWait = { until: 0, what: '' }
  #writtenAt = Number.NEGATIVE_INFINITY
  #isTimerSet = false
  #writing: Promise<void> = Promise.resolve()

  constructor(
    services: Pick<RunServices, 'runs' | 'clock' | 'logger'>,
    run: RunRecord,
    fence: number,
  ) {
    this.#services = services
    this.#runId = run.id
    this.#fence = fence
    this.#done = run.progress.done
    this.#total = run.progress.total
    this.#isPlanned = run.planStored
    this.#reached = run.reached
  }

  /** The farthest point that the run has reached by now. */
  get reached(): RunMilestone | null {
    return this.#reached
  }

  /** Takes note; it is stored at once, or when the last write is old enough. */
  note(done: number, total: number, waitingFor: string | null = null): void {
    this.#done = done
    this.#total = total
    this.#stageWaitsFor = waitingFor
    this.#reach(done)
    this.#tell()
  }

  /** Takes note of all warnings so far; a later executor goes on with them. */
  noteWarnings(warnings: readonly Warning[]): void {
    this.#pending = { ...this.#pending, warnings }
    this.#tell()
  }

  /** An adapter waits; shorter waits than a second are not worth a line. */
  readonly onWait = ({ seconds, reason }: { seconds: number; reason: string }): void => {
    if (seconds < 1) return
    const until = this.#services.clock.monotonic() + seconds * 1000
    this.#upstreamWait = { until, what: waitText(seconds, reason) }
    this.#tell()
    this.#after(seconds * 1000, () => this.#tell())
  }

  /**
   * Stores properties now, with whatever was noted before.
   * @throws LeaseLost, SyncError `STORAGE_UNAVAILABLE`
   */
  store(properties: Partial<RunRecord>): Promise<void> {
    const { progress, planStored } = properties
    if (planStored === true) this.#isPlanned = true
    if (progress !== undefined) {
      this.#done = progress.done
      this.#total = progress.total
      this.#stageWaitsFor = progress.waiting_for
    }
    if (planStored === true) this.#reach(this.#done)
    this.#pending = { ...this.#pending, ...properties }
    return this.#write()
  }

  /** Stores what is noted and not stored yet; nothing is written behind the caller's back after it. */
  async settle(): Promise<void> {
    this.#over.abort('the slice is over')
    await this.#flush()
  }

  // Each slice counts its readings from the start: only what no slice has reached before is a step.
  #reach(done: number): void {
    const planned = this.#isPlanned
    const before = this.#reached ?? { planned: false, done: 0 }
    if (before.planned === planned ? done <= before.done : before.planned) return
    this.#reached = { planned, done, at: this.#services.clock.now().toISOString() }
    this.#pending = { ...this.#pending, reached: this.#reached }
  }

  get #progress(): RunProgress {
    const { until, what } = this.#upstreamWait
    const waits = this.#services.clock.monotonic() < until
    return {
      done: this.#done,
      total: this.#total,
      waiting_for: waits ? what : this.#stageWaitsFor,
    }
  }

  #tell(): void {
    if (this.#over.signal.aborted) return
    this.#pending = { ...this.#pending, progress: this.#progress }
    if (this.#isTimerSet) return
    const waitMs = everyMs - (this.#services.clock.monotonic() - this.#writtenAt)
    if (waitMs <= 0) {
      void this.#flush()
      return
    }
    this.#isTimerSet = true
    this.#after(waitMs, () => {
      this.#isTimerSet = false
      void this.#flush()
    })
  }

  #after(ms: number, act: () => void): void {
    // Only the end of the slice interrupts the sleep, and then nothing is left to do.
    this.#services.clock.sleep(ms, this.#over.signal).then(act, () => undefined)
  }

  async #flush(): Promise<void> {
    try {
      await this.#write()
    } catch (error) {
      // Whoever lost the lease finds out by itself, before it writes anything else.
      if (error instanceof LeaseLost) return
      this.#services.logger.log('WARNING', 'progress could not be stored', {
        runId: this.#runId,
        reason: messageOf(error),
      })
    }
  }

  #write(): Promise<void> {
    this.#writtenAt = this.#services.clock.monotonic()
    const write = this.#writing.then(() => this.#writePending())
    this.#writing = write.catch(() => undefined)
    return write
  }

  async #writePending(): Promise<void> {
    const properties = this.#pending
    if (Object.keys(properties).length === 0) return
    this.#pending = {}
    try {
      await this.#services.runs.update(this.#runId, properties, this.#fence)
    } catch (error) {
      this.#pending = { ...properties, ...this.#pending }
      throw error
    }
  }
}

/** Completes "waiting …": `7 s for Zivver's rate limit`. */
export function waitText(seconds: number, what: string): string {
  return `${Math.ceil(seconds)} s for ${what}`
}
