import type { Clock } from '../../core/ports.ts'

interface Timer {
  readonly due: number
  readonly resolve: () => void
}

/**
 * A clock that a test or a simulation owns. Time stands still until `advance` moves it; with `isAutomatic` it jumps to the next
 * timer whenever nothing else is left to do, so that hours of waiting take no time.
 */
export class FakeClock implements Clock {
  isAutomatic: boolean
  #wall: number
  #monotonic = 0
  #timers: Timer[] = []
  #jump: NodeJS.Immediate | null = null

  constructor(start = '2026-11-23T01:00:00.000Z', { isAutomatic = false } = {}) {
    this.#wall = Date.parse(start)
    this.isAutomatic = isAutomatic
  }

  now(): Date {
    return new Date(this.#wall)
  }

  monotonic(): number {
    return this.#monotonic
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = { due: this.#monotonic + Math.max(0, ms), resolve }
    const abort = (): void => {
      this.#timers = this.#timers.filter((other) => other !== timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
    this.#timers.push(timer)
    if (this.isAutomatic) this.#jumpWhenIdle()
    await promise.finally(() => signal?.removeEventListener('abort', abort))
  }

  /** Moves both clocks, and wakes sleepers in the order of their moments (then of their begin). */
  async advance(ms: number): Promise<void> {
    const until = this.#monotonic + ms
    for (let next = this.#earliest(); next !== undefined; next = this.#earliest()) {
      if (next.due > until) break
      this.#wake(next)
      await idle()
    }
    this.#moveTo(until)
  }

  /** Somebody sets the wall clock; durations do not notice. */
  jumpWallClock(ms: number): void {
    this.#wall += ms
  }

  #jumpWhenIdle(): void {
    if (this.#jump !== null) return
    // An immediate runs after every pending promise: by then all others sleep too, or have ended.
    this.#jump = setImmediate(() => {
      this.#jump = null
      const next = this.#earliest()
      if (next !== undefined) this.#wake(next)
      if (this.#timers.length > 0) this.#jumpWhenIdle()
    })
  }

  #earliest(): Timer | undefined {
    return this.#timers.reduce<Timer | undefined>(
      (earliest, timer) => (earliest === undefined || timer.due < earliest.due ? timer : earliest),
      undefined,
    )
  }

  #wake(timer: Timer): void {
    this.#timers = this.#timers.filter((other) => other !== timer)
    this.#moveTo(timer.due)
    timer.resolve()
  }

  #moveTo(moment: number): void {
    const ms = Math.max(0, moment - this.#monotonic)
    this.#wall += ms
    this.#monotonic += ms
  }
}

/** Resolves once every promise that could settle by itself has settled. */
export function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
