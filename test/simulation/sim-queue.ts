import type { RunMessage, RunQueue } from '../../core/ports.ts'
import type { PortCalls } from '../fakes/port-calls.ts'
import type { SimProcess } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** What a message says on the wire: whose run it is, too. */
export interface TenantMessage extends RunMessage {
  readonly tenant: string
}

/** One message, as the queue keeps it. */
interface Stored {
  readonly message: TenantMessage
  visibleAt: number
  dequeueCount: number
}

/** A message in a host's hands. */
export interface Delivery {
  readonly message: TenantMessage
  /** 1 for the first delivery. */
  readonly count: number
  /** Only the latest delivery of a message can change it. */
  readonly isCurrent: () => boolean
  readonly hideFor: (ms: number) => void
  readonly remove: () => void
}

/** A storage queue as the Functions host uses it: hidden while it is worked on, shown again when its host is gone. */
export class SimQueue {
  readonly poison: TenantMessage[] = []
  readonly #scheduler: Scheduler
  #messages: Stored[] = []
  #waiting: (() => void)[] = []

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler
  }

  /** True when nothing is stored, visible or not. */
  get isEmpty(): boolean {
    return this.#messages.length === 0 && this.poison.length === 0
  }

  put(message: TenantMessage, delayMs: number): void {
    const stored = { message, visibleAt: this.#scheduler.now + delayMs, dequeueCount: 0 }
    this.#messages.push(stored)
    this.#announce(delayMs)
  }

  /** Resolves when a message may be visible, or waits in the poison queue. */
  news(process: SimProcess): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(() => process.run(resolve))
      const { now } = this.#scheduler
      const isThere = this.#messages.some(({ visibleAt }) => visibleAt <= now)
      if (isThere || this.poison.length > 0) this.#announce(0)
    })
  }

  take(hiddenMs: number): Delivery | null {
    const { now } = this.#scheduler
    const next = this.#messages.find(({ visibleAt }) => visibleAt <= now)
    if (next === undefined) return null
    next.dequeueCount += 1
    const count = next.dequeueCount
    const isCurrent = (): boolean => next.dequeueCount === count && this.#messages.includes(next)
    const hideFor = (ms: number): void => {
      if (!isCurrent()) return
      next.visibleAt = this.#scheduler.now + ms
      this.#announce(ms)
    }
    hideFor(hiddenMs)
    const remove = (): void => {
      if (isCurrent()) this.#messages = this.#messages.filter((other) => other !== next)
    }
    return { message: next.message, count, isCurrent, hideFor, remove }
  }

  giveUp(delivery: Delivery): void {
    if (!delivery.isCurrent()) return
    delivery.remove()
    this.poison.push(delivery.message)
    this.#announce(0)
  }

  #announce(ms: number): void {
    this.#scheduler.after(ms, () => {
      const waiting = this.#waiting
      this.#waiting = []
      for (const tell of waiting) tell()
    })
  }
}

/** The queue as the core of one host sees it, for one tenant. */
export class SimRunQueue implements RunQueue {
  readonly #queue: SimQueue
  readonly #calls: PortCalls
  readonly #tenant: string

  constructor(queue: SimQueue, calls: PortCalls, tenant: string) {
    this.#queue = queue
    this.#calls = calls
    this.#tenant = tenant
  }

  enqueue(message: RunMessage, delaySeconds = 0): Promise<void> {
    return this.#calls.answer({ name: 'queue.enqueue', about: [message.runId] }, () =>
      this.#queue.put({ tenant: this.#tenant, ...message }, delaySeconds * 1000),
    )
  }
}
