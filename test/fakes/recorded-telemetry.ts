import type {
  FinishedRun,
  FinishedSpan,
  Measurement,
  Telemetry,
} from '../../core/telemetry/telemetry.ts'

/** Telemetry that keeps what it was told. */
export class RecordedTelemetry implements Telemetry {
  readonly measurements: Measurement[] = []
  readonly slices: { runId: string; slice: FinishedSpan }[] = []
  readonly runs: FinishedRun[] = []
  flushes = 0
  /** What `flush` says. */
  failure: string | null = null

  measure(measurement: Measurement): void {
    this.measurements.push(measurement)
  }

  addSlice(runId: string, slice: FinishedSpan): void {
    this.slices.push({ runId, slice })
  }

  addRun(run: FinishedRun): void {
    this.runs.push(run)
  }

  async flush(): Promise<string | null> {
    this.flushes += 1
    return this.failure
  }
}
