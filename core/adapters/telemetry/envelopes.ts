/** Spans and metrics as Application Insights takes them: pure. The names are those of its ingestion schema. */
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

type HrTime = ReadableSpan['startTime']
type Properties = Readonly<Record<string, string>>

export interface Envelope {
  readonly ver: 1
  readonly name: string
  /** ISO 8601 UTC. */
  readonly time: string
  readonly sampleRate: 100
  readonly iKey: string
  readonly tags: Properties
  readonly data: { readonly baseType: string; readonly baseData: Readonly<Record<string, unknown>> }
}

export interface EnvelopeOrigin {
  readonly instrumentationKey: string
  readonly sdkVersion: string
}

/** A span and its events. The run is a request, so that a failed one is a failed request; slices and phases are below it. */
export function spanEnvelopes(span: ReadableSpan, origin: EnvelopeOrigin): Envelope[] {
  const { traceId, spanId } = span.spanContext()
  const own = {
    ...tagsOf(span.resource, origin),
    'ai.operation.id': traceId,
    'ai.operation.name': 'run',
  }
  const parent = span.parentSpanContext
  const tags = parent === undefined ? own : { ...own, 'ai.operation.parentId': parent.spanId }
  const isRequest = span.kind === SpanKind.CONSUMER
  return [
    envelope(origin, isRequest ? 'Request' : 'RemoteDependency', span.startTime, tags, {
      id: spanId,
      name: span.name,
      duration: timeSpan(span.duration),
      success: span.status.code !== SpanStatusCode.ERROR,
      ...(isRequest
        ? { responseCode: span.status.message ?? '0' }
        : { resultCode: '0', type: 'InProc' }),
      properties: propertiesOf(span.attributes),
    }),
    ...span.events.map((event) =>
      envelope(
        origin,
        'Message',
        event.time,
        { ...own, 'ai.operation.parentId': spanId },
        {
          message: event.name,
          properties: propertiesOf(event.attributes ?? {}),
        },
      ),
    ),
  ]
}

/** One envelope for each data point: its properties are the point's attributes. */
export function metricEnvelopes(
  { resource, scopeMetrics }: ResourceMetrics,
  origin: EnvelopeOrigin,
): Envelope[] {
  const tags = tagsOf(resource, origin)
  return scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .flatMap((metric) =>
      pointsOf(metric).map(({ endTime, attributes, value }) =>
        envelope(origin, 'Metric', endTime, tags, {
          metrics: [{ name: metric.descriptor.name, kind: 'Aggregation', ...value }],
          properties: propertiesOf(attributes),
        }),
      ),
    )
}

interface Point {
  readonly endTime: HrTime
  readonly attributes: Readonly<Record<string, unknown>>
  readonly value: Readonly<Record<string, number | undefined>>
}

function pointsOf(metric: MetricData): Point[] {
  if (metric.dataPointType === DataPointType.SUM) {
    return metric.dataPoints.map(({ endTime, attributes, value }) => ({
      endTime,
      attributes,
      value: { value, count: 1 },
    }))
  }
  if (metric.dataPointType !== DataPointType.HISTOGRAM) return []
  return metric.dataPoints.map(({ endTime, attributes, value: { sum, count, min, max } }) => ({
    endTime,
    attributes,
    value: { value: sum ?? 0, count, min, max },
  }))
}

const baseTypes = {
  Request: 'RequestData',
  RemoteDependency: 'RemoteDependencyData',
  Message: 'MessageData',
  Metric: 'MetricData',
} as const

function envelope(
  { instrumentationKey }: EnvelopeOrigin,
  kind: keyof typeof baseTypes,
  time: HrTime,
  tags: Properties,
  baseData: Readonly<Record<string, unknown>>,
): Envelope {
  return {
    ver: 1,
    name: `Microsoft.ApplicationInsights.${kind}`,
    time: new Date(milliseconds(time)).toISOString(),
    sampleRate: 100,
    iKey: instrumentationKey,
    tags,
    data: { baseType: baseTypes[kind], baseData: { ver: 2, ...baseData } },
  }
}

function tagsOf({ attributes }: Resource, { sdkVersion }: EnvelopeOrigin): Properties {
  return {
    'ai.cloud.role': String(attributes['service.name']),
    'ai.cloud.roleInstance': String(attributes['service.instance.id']),
    'ai.application.ver': String(attributes['service.version']),
    'ai.internal.sdkVersion': sdkVersion,
  }
}

function propertiesOf(attributes: Readonly<Record<string, unknown>>): Properties {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, String(value)]),
  )
}

function milliseconds([seconds, nanoseconds]: HrTime): number {
  return seconds * 1000 + nanoseconds / 1_000_000
}

/** `d.hh:mm:ss.fff`, as .NET writes a TimeSpan. */
function timeSpan(duration: HrTime): string {
  const total = Math.round(milliseconds(duration))
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const days = Math.floor(total / 86_400_000)
  const rest = `${two((total / 3_600_000) % 24)}:${two((total / 60_000) % 60)}:${two((total / 1000) % 60)}`
  return `${days}.${rest}.${String(total % 1000).padStart(3, '0')}`
}
