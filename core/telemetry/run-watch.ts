import type { RunRecord } from '../model/run.ts'
import type { Clock, RunStore } from '../ports.ts'
import type { CallObserver, CallRecord, WaitRecord } from './calls.ts'
import { operationName, Phase } from './phase.ts'
import { measurementsOf, runSpanOf } from './run-measurements.ts'
import type { FinishedSpan, Telemetry } from './telemetry.ts'

interface Slice {
  readonly run: Pick<RunRecord, 'id' | 'mode' | 'usage'>
  readonly startedAt: Date
  readonly ended: FinishedSpan[]
  phase: Phase
  /** Something was stored: the run is really worked on here. */
  worked: boolean
}

/**
 * Follows what one invocation does for a run, from the side: its calls, and what it stores in the history. The pipeline
 * does not know of it, and so cannot be disturbed by it.
 */
export class RunWatch implements CallObserver {
  readonly #clock: Clock
  readonly #telemetry: Telemetry
  readonly #performSync: boolean
  #slice: Slice | null = null
  #hasEnded = false

  /** @param performSync whether scheduled runs write: then a preview is no heartbeat */
  constructor(clock: Clock, telemetry: Telemetry, performSync: boolean) {
    this.#clock = clock
    this.#telemetry = telemetry
    this.#performSync = performSync
  }

  /** Calls that belong to no run (a look at the health) are not told. */
  onCall(call: CallRecord): void {
    if (this.#slice === null) return
    const { upstream, operation, status, durationMs } = call
    this.#slice.phase.addCall(call, this.#clock.now())
    this.#telemetry.measure({
      metric: 'cloud_sync.upstream.calls',
      value: 1,
      attributes: { upstream, status: String(status ?? 'none') },
    })
    this.#telemetry.measure({
      metric: 'cloud_sync.upstream.duration',
      value: durationMs / 1000,
      attributes: { upstream, operation: operationName(operation) },
    })
  }

  onWait(wait: WaitRecord): void {
    if (this.#slice === null) return
    const { upstream, seconds } = wait
    this.#slice.phase.addWait(wait)
    this.#telemetry.measure({
      metric: 'cloud_sync.upstream.wait',
      value: seconds,
      attributes: { upstream },
    })
  }

  /** Whether a run was really worked on here: a message too many is only looked at. */
  get hasWorked(): boolean {
    return this.#slice?.worked ?? false
  }

  /** Whether the run ended here. */
  get runHasEnded(): boolean {
    return this.#hasEnded
  }

  /** The same history, whose reads and writes are seen here. */
  watch(runs: RunStore): RunStore {
    return {
      request: (run) => runs.request(run),
      get: async (id) => this.#read(await runs.get(id)),
      list: (limit, continuation) => runs.list(limit, continuation),
      claim: (id, fence) => runs.claim(id, fence),
      update: async (id, properties, fence) => {
        await runs.update(id, properties, fence)
        this.#updated(id, properties)
      },
      finish: async (run) => {
        const answer = await runs.finish(run)
        this.#finished(run)
        return answer
      },
      slots: () => runs.slots(),
      unfinished: () => runs.unfinished(),
      finishedBefore: (before) => runs.finishedBefore(before),
      remove: (id) => runs.remove(id),
    }
  }

  /** The invocation is over: hands the slice over, if there was one. */
  end(): void {
    const slice = this.#slice
    this.#slice = null
    if (slice === null || !slice.worked) return
    const now = this.#clock.now()
    const { run, startedAt, ended, phase } = slice
    this.#telemetry.addSlice(run.id, {
      name: 'slice',
      startedAt: startedAt.toISOString(),
      endedAt: now.toISOString(),
      attributes: { run_id: run.id, mode: run.mode, slice: run.usage.slices + 1 },
      events: [],
      children: phase.phase === 'done' ? ended : [...ended, phase.end(now)],
    })
  }

  /** Work on a run begins with reading it; it may be read again after the wait for its lease. */
  #read(run: RunRecord | null): RunRecord | null {
    if (run === null || this.#slice?.worked === true) return run
    const startedAt = this.#clock.now()
    const phase = new Phase(run.phase, startedAt)
    this.#slice = { run, startedAt, ended: [], phase, worked: false }
    return run
  }

  #updated(id: string, { phase }: Partial<RunRecord>): void {
    const slice = this.#slice
    if (slice === null || slice.run.id !== id) return
    slice.worked = true
    if (phase === undefined || phase === slice.phase.phase) return
    const now = this.#clock.now()
    slice.ended.push(slice.phase.end(now))
    slice.phase = new Phase(phase, now)
  }

  #finished(run: RunRecord): void {
    this.#hasEnded = true
    this.#updated(run.id, { phase: run.phase })
    for (const measurement of measurementsOf(run, this.#performSync)) {
      this.#telemetry.measure(measurement)
    }
    this.#telemetry.addRun(runSpanOf(run))
  }
}
