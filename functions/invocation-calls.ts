import type { Logger } from '../core/ports.ts'
import type { ExecutionServices } from '../core/run/services.ts'
import type { CallObserver, CallRecord, Upstream, WaitRecord } from '../core/telemetry/calls.ts'

/** The calls of one invocation: counted, logged at DEBUG, and passed on. */
export class InvocationCalls implements CallObserver {
  /** Where calls are logged; a run puts one here that names it. */
  logger: Logger
  readonly #next: CallObserver
  readonly #counts: Record<Upstream, number> = {
    exchange: 0,
    graph: 0,
    zivver: 0,
    mail: 0,
    identity: 0,
  }
  /** The run that wants to hear of waits; `null` = none. */
  waitListener: Parameters<ExecutionServices['onWait']>[0] = null

  /** @param next hears of everything too */
  constructor(logger: Logger, next: CallObserver) {
    this.logger = logger
    this.#next = next
  }

  usage(): ReturnType<ExecutionServices['usage']> {
    const { exchange, graph, zivver } = this.#counts
    return { exchangeCalls: exchange, graphCalls: graph, zivverCalls: zivver }
  }

  onCall(call: CallRecord): void {
    const { upstream, operation, status, durationMs, requestId, attempt } = call
    this.#counts[upstream] += 1
    this.logger.log('DEBUG', `call: ${upstream} ${operation}`, {
      status,
      durationMs: Math.round(durationMs),
      requestId,
      ...(attempt > 1 && { attempt }),
    })
    this.#next.onCall(call)
  }

  onWait(wait: WaitRecord): void {
    const { upstream, seconds, reason } = wait
    this.logger.log('DEBUG', `wait: ${Math.ceil(seconds)} s for ${reason}`, { upstream })
    this.#next.onWait(wait)
    this.waitListener?.(wait)
  }
}
