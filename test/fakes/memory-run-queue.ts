import type { Clock, RunMessage, RunQueue } from '../../core/ports.ts'
import { PortCalls } from './port-calls.ts'

interface QueuedMessage {
  readonly message: RunMessage
  /** Milliseconds of the queue's clock from which it is visible. */
  readonly visibleAt: number
}

/** The queue in memory. As in the real one, nobody hears of a message: a host asks for it. */
export class MemoryRunQueue implements RunQueue {
  readonly calls: PortCalls
  readonly #clock: Clock
  #messages: QueuedMessage[] = []

  constructor(clock: Clock, calls = new PortCalls()) {
    this.#clock = clock
    this.calls = calls
  }

  enqueue(message: RunMessage, delaySeconds = 0): Promise<void> {
    return this.calls.answer({ name: 'queue.enqueue', about: [message.runId] }, () => {
      const visibleAt = this.#clock.monotonic() + Math.ceil(Math.max(0, delaySeconds)) * 1000
      this.#messages.push({ message, visibleAt })
    })
  }

  /** Messages that are stored, visible or not. */
  get length(): number {
    return this.#messages.length
  }

  /** Takes the next visible message off the queue; `null` = none is visible. */
  take(): RunMessage | null {
    const next = this.#messages.find(({ visibleAt }) => visibleAt <= this.#clock.monotonic())
    if (next === undefined) return null
    this.#messages = this.#messages.filter((other) => other !== next)
    return next.message
  }

  /** When the next message becomes visible, by the queue's clock in milliseconds; `null` = the queue is empty. */
  get nextVisibleAt(): number | null {
    const moments = this.#messages.map(({ visibleAt }) => visibleAt)
    return moments.length === 0 ? null : Math.min(...moments)
  }
}
