import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../../core/ports.ts'

const epoch = Date.parse('2026-01-05T01:00:00Z')

interface Timer {
  readonly at: number
  fire(): void
}

/** A clock whose time passes only when `run` lets it: sleeps end in order, with all that follows from them between. */
export class VirtualClock implements Clock {
  #now = 0
  #timers: Timer[] = []

  now(): Date {
    return new Date(epoch + this.#now)
  }

  monotonic(): number {
    return this.#now
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timers.push({ at: this.#now + Math.max(0, ms), fire: resolve })
    })
  }

  /** Lets time pass, from sleep to sleep, until `work` has ended. */
  async run<T>(work: Promise<T>): Promise<T> {
    let ended = false
    void work.then(
      () => (ended = true),
      () => (ended = true),
    )
    for (;;) {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
      if (ended) return work
      const next = this.#timers.reduce<Timer | undefined>(
        (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
        undefined,
      )
      if (next === undefined) throw new Error('everything waits and nothing sleeps')
      this.#timers = this.#timers.filter((timer) => timer !== next)
      this.#now = next.at
      next.fire()
    }
  }
}

/** A clock for real calls: every sleep ends at once, and its time has passed all the same. */
export function instantClock(): Clock & { readonly sleeps: number[] } {
  let now = 0
  const sleeps: number[] = []
  return {
    sleeps,
    now: () => new Date(epoch + now),
    monotonic: () => now,
    sleep: async (ms) => {
      sleeps.push(ms)
      now += ms
    },
  }
}

/** The time that passes. */
export const realClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal && { signal }),
}
