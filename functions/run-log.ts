import { messageOf } from '../core/errors.ts'
import type { RunLogStore } from '../core/ports.ts'
import type { RunWatch } from '../core/telemetry/run-watch.ts'
import type { InvocationLogger } from './invocation-logger.ts'

/** The log of a run at DEBUG, over its slices: each invocation has only its own lines in memory. */
export class RunLog {
  readonly #logger: InvocationLogger
  readonly #openStore: () => RunLogStore

  constructor(logger: InvocationLogger, openStore: () => RunLogStore) {
    this.#logger = logger
    this.#openStore = openStore
  }

  /** The lines of earlier slices, and those of this one so far; `null` unless the level is DEBUG. */
  async read(runId: string): Promise<string | null> {
    const own = this.#logger.debugLog()
    if (own === null) return null
    const earlier = await this.#tried('read', (store) => store.read(runId))
    return (earlier ?? '') + own
  }

  /** Keeps the lines of an invocation that worked on the run, or forgets all of them once the run has ended. */
  async settle(runId: string, { hasWorked, runHasEnded }: RunWatch): Promise<void> {
    const own = this.#logger.debugLog()
    if (own === null || !hasWorked) return
    if (runHasEnded) await this.#tried('purged', (store) => store.purge(runId))
    else await this.#tried('kept', (store) => store.append(runId, own))
  }

  // The log is a help: a run does not fail for it.
  async #tried<T>(what: string, work: (store: RunLogStore) => Promise<T>): Promise<T | null> {
    try {
      return await work(this.#openStore())
    } catch (error) {
      this.#logger.log('WARNING', `the debug log of earlier slices could not be ${what}`, {
        reason: messageOf(error),
      })
      return null
    }
  }
}
