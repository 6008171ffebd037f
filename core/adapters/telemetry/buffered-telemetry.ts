/** Telemetry that costs a run nothing: it is only kept in memory until the invocation ends, and sent then. */
import { messageOf } from '../../errors.ts'
import type { Clock } from '../../ports.ts'
import type {
  FinishedRun,
  FinishedSpan,
  Measurement,
  Telemetry,
} from '../../telemetry/telemetry.ts'

/** What is sent at once. */
export interface TelemetryBatch {
  readonly measurements: readonly Measurement[]
  readonly slices: readonly { readonly runId: string; readonly slice: FinishedSpan }[]
  readonly runs: readonly FinishedRun[]
}

/** Brings a batch to where it belongs. @throws when a part of it did not arrive */
export type SendTelemetry = (batch: TelemetryBatch) => Promise<void>

/** An invocation ends this much later at most. */
const flushTimeoutMs = 5_000
/** A slice of a large tenant makes some 30,000 calls, with two measurements each. */
const measurementsAtMost = 200_000

/**
 * @param open makes the sender when something is sent for the first time: the OpenTelemetry SDK is not loaded before
 */
export function bufferedTelemetry(open: () => Promise<SendTelemetry>, clock: Clock): Telemetry {
  let opened: Promise<SendTelemetry> | null = null
  let batch = emptyBatch()

  const send = async (): Promise<void> => {
    const taken = batch
    batch = emptyBatch()
    opened ??= open()
    await (await opened)(taken)
  }
  return {
    measure: (measurement) => {
      if (batch.measurements.length < measurementsAtMost) batch.measurements.push(measurement)
    },
    addSlice: (runId, slice) => void batch.slices.push({ runId, slice }),
    addRun: (run) => void batch.runs.push(run),
    flush: async () => {
      if (batch.measurements.length + batch.slices.length + batch.runs.length === 0) return null
      return withinTime(send(), clock)
    },
  }
}

function emptyBatch() {
  return {
    measurements: [] as Measurement[],
    slices: [] as { runId: string; slice: FinishedSpan }[],
    runs: [] as FinishedRun[],
  }
}

/** @returns why it failed, `null` when it did not */
async function withinTime(work: Promise<void>, clock: Clock): Promise<string | null> {
  const timer = new AbortController()
  const tooLate = clock
    .sleep(flushTimeoutMs, timer.signal)
    .then(() => `not sent within ${flushTimeoutMs / 1000} s`)
    .catch(() => null)
  const sent = work.then(() => null, messageOf)
  const outcome = await Promise.race([sent, tooLate])
  timer.abort()
  return outcome
}
