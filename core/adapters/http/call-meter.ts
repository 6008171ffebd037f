import type { Logger } from '../../ports.ts'
import type { CallObserver, CallRecord, Upstream, WaitRecord } from './call-observer.ts'

/** Who follows the calls of the run that goes on in this process. */
export interface CallListener {
  readonly logger: Logger
  onWait(wait: { readonly seconds: number; readonly reason: string }): void
}

/** Counts the calls of a process, and passes them on to the run that is going on. */
export class CallMeter implements CallObserver {
  readonly #counts: Record<Upstream, number> = { exchange: 0, graph: 0, zivver: 0, mail: 0 }
  #listener: CallListener | null = null

  listen(listener: CallListener | null): void {
    this.#listener = listener
  }

  /** Calls since the process began. */
  usage(): { exchangeCalls: number; graphCalls: number; zivverCalls: number } {
    const { exchange, graph, zivver } = this.#counts
    return { exchangeCalls: exchange, graphCalls: graph, zivverCalls: zivver }
  }

  onCall(call: CallRecord): void {
    this.#counts[call.upstream]++
    this.#listener?.logger.log('DEBUG', 'call', { ...call })
  }

  onWait(wait: WaitRecord): void {
    this.#listener?.logger.log('DEBUG', 'wait', { ...wait })
    this.#listener?.onWait(wait)
  }
}
