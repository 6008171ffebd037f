import type { RunPhase } from '../model/run.ts'
import type { CallRecord, WaitRecord } from './calls.ts'
import type { FinishedSpan, SpanEvent } from './telemetry.ts'

/** Failed calls that a span shows one by one; the metrics count them all. */
const eventsAtMost = 20

/** One phase of a run while it goes on: its calls are counted, and those that failed are kept, up to a number. */
export class Phase {
  readonly phase: RunPhase
  readonly #startedAt: Date
  readonly #calls = new Map<string, number>()
  readonly #events: SpanEvent[] = []
  #failures = 0
  #waitSeconds = 0

  constructor(phase: RunPhase, startedAt: Date) {
    this.phase = phase
    this.#startedAt = startedAt
  }

  addCall(call: CallRecord, now: Date): void {
    this.#calls.set(call.upstream, (this.#calls.get(call.upstream) ?? 0) + 1)
    if (call.status !== null && call.status < 400) return
    this.#failures += 1
    if (this.#events.length < eventsAtMost) this.#events.push(failureEvent(call, now))
  }

  addWait({ seconds }: WaitRecord): void {
    this.#waitSeconds += seconds
  }

  end(now: Date): FinishedSpan {
    const calls = [...this.#calls].map(([upstream, count]) => [`calls.${upstream}`, count] as const)
    return {
      name: `phase ${this.phase}`,
      startedAt: this.#startedAt.toISOString(),
      endedAt: now.toISOString(),
      attributes: {
        phase: this.phase,
        ...Object.fromEntries(calls),
        failed_calls: this.#failures,
        wait_seconds: Math.round(this.#waitSeconds * 10) / 10,
      },
      events: this.#events,
      children: [],
    }
  }
}

/** An answer that says no is part of the work (a mailbox that is gone is a 404), but whoever looks for a fault wants to see it. */
function failureEvent(call: CallRecord, now: Date): SpanEvent {
  return {
    name: 'call failed',
    at: now.toISOString(),
    attributes: {
      upstream: call.upstream,
      operation: operationName(call.operation),
      status: call.status ?? 'none',
      attempt: call.attempt,
      ...(call.requestId !== null && { request_id: call.requestId }),
    },
  }
}

/** The operation without what differs from call to call: `$batch of 4` is a `$batch`. */
export function operationName(operation: string): string {
  return operation.replace(/ of \d+$/, '')
}
