/** From finished pieces of work to spans of the OpenTelemetry SDK. */
import {
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import { AlwaysOnSampler, type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace'
import type { FinishedRun, FinishedSpan } from '../../telemetry/telemetry.ts'
import type { TelemetryBatch } from './buffered-telemetry.ts'
import { idsOfRun, RunIdGenerator } from './run-ids.ts'

/** Makes the spans of a batch: each run and slice, and the phases below. */
export class SpanMaker {
  readonly #ids = new RunIdGenerator()
  readonly #ended: ReadableSpan[] = []
  readonly #tracer

  /** @param resource says which app and instance the spans come from */
  constructor(resource: Resource, version: string) {
    const collector = {
      onStart: () => undefined,
      onEnd: (span: ReadableSpan) => void this.#ended.push(span),
      forceFlush: async () => undefined,
      shutdown: async () => undefined,
    }
    const provider = new TracerProvider({
      resource,
      sampler: new AlwaysOnSampler(),
      idGenerator: this.#ids,
      spanProcessors: [collector],
    })
    this.#tracer = provider.getTracer('cloud-sync', version)
  }

  spansOf({ slices, runs }: TelemetryBatch): ReadableSpan[] {
    for (const { runId, slice } of slices) this.#addSlice(runId, slice)
    for (const run of runs) this.#addRun(run)
    return this.#ended.splice(0)
  }

  #addRun(run: FinishedRun): void {
    const { startedAt, endedAt, attributes, errorCode } = run
    const span = this.#ids.withIds(idsOfRun(run.runId), () =>
      this.#tracer.startSpan(
        'run',
        { kind: SpanKind.CONSUMER, startTime: new Date(startedAt), attributes, root: true },
        ROOT_CONTEXT,
      ),
    )
    span.setStatus(
      errorCode === null
        ? { code: SpanStatusCode.OK }
        : { code: SpanStatusCode.ERROR, message: errorCode },
    )
    span.end(new Date(endedAt))
  }

  #addSlice(runId: string, slice: FinishedSpan): void {
    const run = { ...idsOfRun(runId), traceFlags: TraceFlags.SAMPLED, isRemote: true }
    this.#addSpan(slice, trace.wrapSpanContext(run))
  }

  #addSpan(piece: FinishedSpan, parent: Span): void {
    const { name, startedAt, endedAt, attributes, events, children } = piece
    const context = trace.setSpan(ROOT_CONTEXT, parent)
    const span = this.#tracer.startSpan(
      name,
      { startTime: new Date(startedAt), attributes },
      context,
    )
    for (const event of events) span.addEvent(event.name, event.attributes, new Date(event.at))
    for (const child of children) this.#addSpan(child, span)
    span.end(new Date(endedAt))
  }
}
