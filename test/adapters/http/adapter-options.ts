import type {
  CallObserver,
  CallRecord,
  WaitRecord,
} from '../../../core/adapters/http/call-observer.ts'
import type { TokenProvider } from '../../../core/adapters/identity/token-provider.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'

/** Notes what the adapters tell. */
export class NotingObserver implements CallObserver {
  readonly calls: CallRecord[] = []
  readonly waits: WaitRecord[] = []

  onCall(call: CallRecord): void {
    this.calls.push(call)
  }

  onWait(wait: WaitRecord): void {
    this.waits.push(wait)
  }
}

/** Gives `token-1`, and after each refusal the next one. */
class CountingTokens implements TokenProvider {
  #number = 1

  getToken(): Promise<string> {
    return Promise.resolve(`token-${this.#number}`)
  }

  invalidate(token: string): void {
    if (token === `token-${this.#number}`) this.#number += 1
  }
}

/** What every adapter of the source needs; waits take no time, jitter is its largest. */
export function adapterOptions() {
  return {
    tokens: new CountingTokens(),
    clock: new FakeClock('2026-11-23T01:00:00.000Z', { isAutomatic: true }),
    observer: new NotingObserver(),
    random: () => 0.999,
  }
}
