import { isFinal, type RunRecord, type RunStatus } from '../../core/model/run.ts'
import type { RunRequestAnswer, RunStore } from '../../core/ports.ts'
import { PortCalls } from './port-calls.ts'

/**
 * `CloudSyncRuns` of one tenant in memory. Each method takes effect at once and whole, as the transaction of the real
 * store does, so there is no half-done slot to heal. Hosts that share a store share its storage.
 */
export class MemoryRunStore implements RunStore {
  readonly calls: PortCalls
  readonly rows = new Map<string, RunRecord>()
  active: string | null = null
  waiting: string | null = null

  constructor(calls = new PortCalls()) {
    this.calls = calls
  }

  request(run: RunRecord): Promise<RunRequestAnswer> {
    return this.#answer('request', [run.id], (): RunRequestAnswer => {
      const obstacle = run.trigger === 'schedule' ? this.waiting : (this.active ?? this.waiting)
      if (obstacle !== null) return { status: 'conflict', activeRun: obstacle }
      this.rows.set(run.id, run)
      if (this.active === null) this.active = run.id
      else this.waiting = run.id
      return { status: 'queued', run }
    })
  }

  get(id: string): Promise<RunRecord | null> {
    return this.#answer('get', [id], () => this.rows.get(id) ?? null)
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

  update(id: string, properties: Partial<RunRecord>): Promise<void> {
    return this.#answer('update', [id], () => {
      const run = this.rows.get(id)
      if (run !== undefined && !isFinal(run.status)) this.rows.set(id, { ...run, ...properties })
    })
  }

  finish(run: RunRecord & { readonly status: RunStatus }): Promise<{ promoted: string | null }> {
    return this.#answer('finish', [run.id], () => {
      const stored = this.rows.get(run.id)
      if (stored === undefined || isFinal(stored.status)) {
        return { promoted: this.active === run.id ? null : this.active }
      }
      this.rows.set(run.id, run)
      return { promoted: this.#leave(run.id) }
    })
  }

  slots(): Promise<{ readonly active: string | null; readonly waiting: string | null }> {
    return this.#answer('slots', [], () => ({ active: this.active, waiting: this.waiting }))
  }

  unfinished(): Promise<readonly RunRecord[]> {
    return this.#answer('unfinished', [], () => {
      const runs = this.#newestFirst()
        .reverse()
        .filter((run) => !isFinal(run.status))
      const isActive = (run: RunRecord): boolean => run.id === this.active
      return [...runs.filter(isActive), ...runs.filter((run) => !isActive(run))]
    })
  }

  purge(before: string): Promise<readonly string[]> {
    return this.#answer('purge', [before], () => {
      const purged = this.#newestFirst().filter(
        ({ status, finished_at }) =>
          isFinal(status) && finished_at !== null && finished_at < before,
      )
      for (const { id } of purged) this.rows.delete(id)
      return purged.map(({ id }) => id)
    })
  }

  #leave(runId: string): string | null {
    if (this.waiting === runId) this.waiting = null
    if (this.active !== runId) return null
    this.active = this.waiting
    this.waiting = null
    return this.active
  }

  #newestFirst(): RunRecord[] {
    return [...this.rows.values()].sort((left, right) => (left.id < right.id ? -1 : 1))
  }

  #answer<Result>(method: string, about: readonly string[], effect: () => Result): Promise<Result> {
    return this.calls.answer({ name: `runs.${method}`, about }, effect)
  }
}
