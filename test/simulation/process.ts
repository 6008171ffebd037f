import type { Clock } from '../../core/ports.ts'
import type { Scheduler } from './scheduler.ts'

/**
 * A host's process: it runs, stands still (SIGSTOP, or its whole machine is frozen), or is dead. Whatever comes for
 * it, an answer or a timer, comes through `run`: a dead process never sees it, a paused one when it wakes.
 */
export class SimProcess {
  readonly name: string
  readonly clock: Clock
  readonly #scheduler: Scheduler
  #state: 'running' | 'paused' | 'dead' = 'running'
  #waiting: (() => void)[] = []
  #frozenSince: number | null = null
  #frozenMs = 0
  /** Moment of its death. */
  diedAt: number | null = null
  /** How often it was paused. */
  pauses = 0
  /** By how much its wall clock is wrong; somebody may set it at any moment, its monotonic clock does not notice. */
  wallOffsetMs: number

  /** @param offsetMs by how much its wall clock is wrong */
  constructor(scheduler: Scheduler, name: string, offsetMs: number) {
    this.#scheduler = scheduler
    this.name = name
    this.wallOffsetMs = offsetMs
    this.clock = new ProcessClock(scheduler, this)
  }

  get isDead(): boolean {
    return this.#state === 'dead'
  }

  get isRunning(): boolean {
    return this.#state === 'running'
  }

  /** Milliseconds for which its clock stood still. */
  get frozenMs(): number {
    const since = this.#frozenSince
    return this.#frozenMs + (since === null ? 0 : this.#scheduler.now - since)
  }

  /** Lets the process take note of something: now, when it wakes, or never. */
  run(take: () => void): void {
    if (this.#state === 'running') take()
    else if (this.#state === 'paused') this.#waiting.push(take)
  }

  kill(): void {
    if (this.#state === 'dead') return
    this.#state = 'dead'
    this.diedAt = this.#scheduler.now
    this.#waiting = []
  }

  /** Stops it for a while. @param clockStops the machine stands still as a whole, its monotonic clock too */
  pause(ms: number, clockStops: boolean): void {
    if (this.#state !== 'running') return
    this.#state = 'paused'
    this.pauses += 1
    if (clockStops) this.#frozenSince = this.#scheduler.now
    this.#scheduler.after(ms, () => this.#wake())
  }

  #wake(): void {
    if (this.#state !== 'paused') return
    this.#frozenMs = this.frozenMs
    this.#frozenSince = null
    this.#state = 'running'
    const waiting = this.#waiting
    this.#waiting = []
    for (const take of waiting) this.run(take)
  }
}

const epochMs = Date.parse('2026-11-23T01:00:00.000Z')

/** The clocks of one process: its monotonic one begins with it, its wall clock may be wrong. */
class ProcessClock implements Clock {
  readonly #scheduler: Scheduler
  readonly #process: SimProcess
  readonly #bornMs: number

  constructor(scheduler: Scheduler, process: SimProcess) {
    this.#scheduler = scheduler
    this.#process = process
    this.#bornMs = scheduler.now
  }

  now(): Date {
    return new Date(epochMs + this.#process.wallOffsetMs + this.#scheduler.now)
  }

  monotonic(): number {
    return this.#scheduler.now - this.#bornMs - this.#process.frozenMs
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      const due = this.monotonic() + Math.max(0, ms)
      const ring = (): void =>
        this.#process.run(() => {
          const leftMs = due - this.monotonic()
          // The clock stood still meanwhile.
          if (leftMs > 0) appointment = this.#scheduler.after(leftMs, ring)
          else resolve()
        })
      let appointment = this.#scheduler.after(Math.max(0, ms), ring)
      signal?.addEventListener(
        'abort',
        () => {
          appointment.cancel()
          reject(signal.reason)
        },
        { once: true },
      )
    })
  }
}
