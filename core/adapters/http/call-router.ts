import { AsyncLocalStorage } from 'node:async_hooks'
import type { CallObserver, CallRecord, WaitRecord } from './call-observer.ts'

/**
 * Tells each call to whoever follows the invocation that made it. Invocations of one process share its adapters, and may
 * overlap: a look at `/api/health` must not be counted as part of the run that goes on beside it.
 */
export class CallRouter implements CallObserver {
  readonly #followers = new AsyncLocalStorage<CallObserver>()

  /** Does the work; every call that it makes is told to the follower. */
  follow<T>(follower: CallObserver, work: () => T): T {
    return this.#followers.run(follower, work)
  }

  onCall(call: CallRecord): void {
    this.#followers.getStore()?.onCall(call)
  }

  onWait(wait: WaitRecord): void {
    this.#followers.getStore()?.onWait(wait)
  }
}
