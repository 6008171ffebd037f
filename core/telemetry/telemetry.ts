/**
 * What Cloud Sync tells about its runs to those who watch from outside (contract, `CLOUD_SYNC__TELEMETRY`): numbers, and
 * words of closed lists. Never an address, a name, a key, or a text that somebody else wrote.
 */
import type { MetricName } from './metrics.ts'

type Attributes = Readonly<Record<string, string | number | boolean>>

/** A number that was seen: what a counter goes up by, or what a histogram takes. */
export interface Measurement {
  readonly metric: MetricName
  readonly value: number
  readonly attributes: Attributes
}

/** Something that happened within a span, at a moment. */
export interface SpanEvent {
  readonly name: string
  /** ISO 8601 UTC. */
  readonly at: string
  readonly attributes: Attributes
}

/** A piece of work that has ended, with the pieces it was made of. */
export interface FinishedSpan {
  readonly name: 'slice' | `phase ${string}`
  /** ISO 8601 UTC, both. */
  readonly startedAt: string
  readonly endedAt: string
  readonly attributes: Attributes
  readonly events: readonly SpanEvent[]
  readonly children: readonly FinishedSpan[]
}

/** A whole run, over all its slices and the instances that worked on it. */
export interface FinishedRun {
  readonly runId: string
  readonly startedAt: string
  readonly endedAt: string
  readonly attributes: Attributes
  /** Code of the error that ended it, from the closed list; `null` = none. */
  readonly errorCode: string | null
}

/**
 * Takes what is told, and sends it when the invocation ends. The spans of a run form one trace, whichever instance
 * worked on it.
 */
export interface Telemetry {
  measure(measurement: Measurement): void
  addSlice(runId: string, slice: FinishedSpan): void
  addRun(run: FinishedRun): void
  /**
   * Sends what was taken since the last time, within seconds. Never throws: telemetry must not fail a run.
   * @returns why something could not be sent; `null` = all is sent
   */
  flush(): Promise<string | null>
}

/** Telemetry that is switched off, or has nowhere to go. */
export const noTelemetry: Telemetry = {
  measure: () => undefined,
  addSlice: () => undefined,
  addRun: () => undefined,
  flush: async () => null,
}
