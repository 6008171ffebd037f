/** An OpenTelemetry collector, by OTLP over HTTP with JSON. Headers come from `OTEL_EXPORTER_OTLP_HEADERS`, as everywhere. */
import { ExportResultCode } from '@opentelemetry/core'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import type { TelemetryExporter } from './open-telemetry.ts'

/** For a request with its repeats; less than an invocation waits. */
const timeoutMillis = 4_000

/** @param endpoint base address of the collector, without a slash at the end */
export function otlpExporter(endpoint: string): TelemetryExporter {
  const spans = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis })
  const metrics = new OTLPMetricExporter({ url: `${endpoint}/v1/metrics`, timeoutMillis })
  return {
    name: 'the OTLP collector',
    sendSpans: (batch) => settled((done) => spans.export([...batch], done)),
    sendMetrics: (batch) => settled((done) => metrics.export(batch, done)),
  }
}

type Done = Parameters<OTLPTraceExporter['export']>[1]

function settled(start: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start(({ code, error }) => {
      if (code === ExportResultCode.SUCCESS) resolve()
      else reject(error ?? new Error('refused'))
    })
  })
}
