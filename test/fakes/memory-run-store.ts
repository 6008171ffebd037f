import { isFinal, type RunRecord, type RunStatus } from '../../core/model/run.ts'
import { LeaseLost, type RunRequestAnswer, type RunStore } from '../../core/ports.ts'
import { PortCalls } from './port-calls.ts'

/** What all hosts share. */
export class MemoryRunData {
  readonly rows = new Map<string, RunRecord>()
  active: string | null = null
  waiting: string | null = null
}

/**
 * `CloudSyncRuns` of one tenant in memory. Each method takes effect at once and whole, as the transaction of the real
 * store does, so there is no half-done slot to heal.
 */
export class MemoryRunStore implements RunStore {
  readonly calls: PortCalls
  readonly data: MemoryRunData

  readonly #isFenced: boolean

  /**
   * @param data shared by the stores of several hosts
   * @param isFenced `false` = storage accepts what an executor writes that lost its run
   */
  constructor(calls = new PortCalls(), data = new MemoryRunData(), isFenced = true) {
    this.calls = calls
    this.data = data
    this.#isFenced = isFenced
  }

  request(run: RunRecord): Promise<RunRequestAnswer> {
    return this.#answer('request', [run.id], (): RunRequestAnswer => {
      const obstacle =
        run.trigger === 'schedule' ? this.data.waiting : (this.data.active ?? this.data.waiting)
      if (obstacle !== null) return { status: 'conflict', activeRun: obstacle }
      this.data.rows.set(run.id, run)
      if (this.data.active === null) this.data.active = run.id
      else this.data.waiting = run.id
      return { status: 'queued', run }
    })
  }

  get(id: string): Promise<RunRecord | null> {
    return this.#answer('get', [id], () => this.data.rows.get(id) ?? null)
  }

  list(
    limit: number,
    continuation = '',
  ): Promise<{ runs: readonly RunRecord[]; continuation?: string }> {
    return this.#answer('list', [], () => {
      const after = Buffer.from(continuation, 'base64url').toString()
      const found = this.#newestFirst().filter((run) => run.id > after)
      const runs = found.slice(0, limit)
      const last = runs.at(-1)
      if (last === undefined || found.length <= limit) return { runs }
      return { runs, continuation: Buffer.from(last.id).toString('base64url') }
    })
  }

  claim(id: string, fence: number): Promise<RunRecord | null> {
    return this.#answer('claim', [id], () => {
      const run = this.data.rows.get(id)
      if (run === undefined || isFinal(run.status) || run.fence >= fence) return null
      const claimed = { ...run, fence }
      this.data.rows.set(id, claimed)
      return claimed
    })
  }

  update(id: string, properties: Partial<RunRecord>, fence: number): Promise<void> {
    return this.#answer('update', [id], () => {
      const run = this.data.rows.get(id)
      if (run === undefined || isFinal(run.status)) return
      if (this.#isFenced && run.fence > fence) throw new LeaseLost(id)
      this.data.rows.set(id, { ...run, ...properties })
    })
  }

  finish(run: RunRecord & { readonly status: RunStatus }): Promise<{ promoted: string | null }> {
    return this.#answer('finish', [run.id], () => {
      const stored = this.data.rows.get(run.id)
      if (stored === undefined || isFinal(stored.status)) {
        return { promoted: this.data.active === run.id ? null : this.data.active }
      }
      this.data.rows.set(run.id, run)
      return { promoted: this.#leave(run.id) }
    })
  }

  slots(): Promise<{ readonly active: string | null; readonly waiting: string | null }> {
    return this.#answer('slots', [], () => ({
      active: this.data.active,
      waiting: this.data.waiting,
    }))
  }

  unfinished(): Promise<readonly RunRecord[]> {
    return this.#answer('unfinished', [], () => {
      const runs = this.#newestFirst()
        .reverse()
        .filter((run) => !isFinal(run.status))
      const isActive = (run: RunRecord): boolean => run.id === this.data.active
      return [...runs.filter(isActive), ...runs.filter((run) => !isActive(run))]
    })
  }

  finishedBefore(before: string): Promise<readonly string[]> {
    return this.#answer('finishedBefore', [before], () =>
      this.#newestFirst()
        .filter(
          ({ status, finished_at }) =>
            isFinal(status) && finished_at !== null && finished_at < before,
        )
        .map(({ id }) => id),
    )
  }

  remove(id: string): Promise<void> {
    return this.#answer('remove', [id], () => {
      this.data.rows.delete(id)
    })
  }

  #leave(runId: string): string | null {
    if (this.data.waiting === runId) this.data.waiting = null
    if (this.data.active !== runId) return null
    this.data.active = this.data.waiting
    this.data.waiting = null
    return this.data.active
  }

  #newestFirst(): RunRecord[] {
    return [...this.data.rows.values()].sort((left, right) => (left.id < right.id ? -1 : 1))
  }

  #answer<Result>(method: string, about: readonly string[], effect: () => Result): Promise<Result> {
    return this.calls.answer({ name: `runs.${method}`, about }, effect)
  }
}
