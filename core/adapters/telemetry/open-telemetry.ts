/** The OpenTelemetry SDK and its exporters: loaded only when something is to be sent (see `create-telemetry.ts`). */
import { randomUUID } from 'node:crypto'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationTemporality, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { messageOf } from '../../errors.ts'
import type { TokenProvider } from '../identity/token-provider.ts'
import { applicationInsightsExporter } from './application-insights.ts'
import type { SendTelemetry } from './buffered-telemetry.ts'
import { Instruments, OnDemandReader } from './instruments.ts'
import { otlpExporter } from './otlp.ts'
import { SpanMaker } from './spans.ts'
import type { TelemetryTargets } from './telemetry-targets.ts'

/** One place that telemetry goes to. Both throw when it did not take what it was sent. */
export interface TelemetryExporter {
  /** For messages. */
  readonly name: string
  sendSpans(spans: readonly ReadableSpan[]): Promise<void>
  sendMetrics(metrics: ResourceMetrics): Promise<void>
}

export interface OpenTelemetryOptions {
  readonly targets: TelemetryTargets
  readonly version: string
  /** Tokens for `https://monitor.azure.com`, where Application Insights asks for them. */
  readonly monitorTokens: () => TokenProvider
}

/** Opens the exporters of all targets. */
export function openTelemetry(options: OpenTelemetryOptions): SendTelemetry {
  const { version } = options
  const resource = defaultResource().merge(
    resourceFromAttributes({
      'service.name': options.targets.serviceName,
      'service.version': version,
      'service.instance.id': randomUUID(),
    }),
  )
  // Each invocation sends what it did, and processes come and go: sums since the start of a process would mean nothing.
  const destinations = exportersOf(options).map((exporter) => ({
    exporter,
    reader: new OnDemandReader(AggregationTemporality.DELTA),
  }))
  const instruments = new Instruments(
    resource,
    version,
    destinations.map(({ reader }) => reader),
  )
  const maker = new SpanMaker(resource, version)

  return async (batch) => {
    for (const measurement of batch.measurements) instruments.record(measurement)
    const spans = maker.spansOf(batch)
    const sent = await Promise.allSettled(
      destinations.map(async ({ exporter, reader }) => {
        const metrics = await reader.take()
        const sends = [exporter.sendMetrics(metrics)]
        if (spans.length > 0) sends.push(exporter.sendSpans(spans))
        await Promise.all(sends).catch((error: unknown) => {
          throw new Error(`${exporter.name}: ${messageOf(error)}`, { cause: error })
        })
      }),
    )
    const failures = sent.flatMap((end) =>
      end.status === 'rejected' ? [messageOf(end.reason)] : [],
    )
    if (failures.length > 0) throw new Error(failures.join('; '))
  }
}

function exportersOf({
  targets,
  version,
  monitorTokens,
}: OpenTelemetryOptions): TelemetryExporter[] {
  const { otlpEndpoint, applicationInsights } = targets
  return [
    ...(otlpEndpoint === null ? [] : [otlpExporter(otlpEndpoint)]),
    ...(applicationInsights === null
      ? []
      : [
          applicationInsightsExporter({
            target: applicationInsights,
            version,
            tokens: applicationInsights.withIdentity ? monitorTokens() : null,
          }),
        ]),
  ]
}
