import type { StandingFailure } from '../../core/model/failure.ts'
import type { FailureStore } from '../../core/ports.ts'
import { PortCalls } from './port-calls.ts'

/** Standing failures in memory. */
export class MemoryFailureStore implements FailureStore {
  readonly calls: PortCalls
  readonly rows: Map<string, StandingFailure>

  /** @param rows shared by the stores of several hosts */
  constructor(calls = new PortCalls(), rows = new Map<string, StandingFailure>()) {
    this.calls = calls
    this.rows = rows
  }

  list(): Promise<readonly StandingFailure[]> {
    return this.#answer('list', [], () => [...this.rows.values()])
  }

  write(change: {
    readonly upsert: readonly StandingFailure[]
    readonly remove: readonly string[]
  }): Promise<void> {
    const about = [...change.upsert.map(({ key }) => key), ...change.remove]
    return this.#answer('write', about, () => {
      for (const failure of change.upsert) this.rows.set(failure.key, failure)
      for (const key of change.remove) this.rows.delete(key)
    })
  }

  purge(before: string): Promise<void> {
    return this.#answer('purge', [before], () => {
      for (const [key, { lastSeen }] of this.rows) if (lastSeen < before) this.rows.delete(key)
    })
  }

  #answer<Result>(method: string, about: readonly string[], effect: () => Result): Promise<Result> {
    return this.calls.answer({ name: `failures.${method}`, about }, effect)
  }
}
