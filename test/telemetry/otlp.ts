/** What a collector of OTLP (JSON over HTTP) and Application Insights receive, read for tests. */
import type { Received } from '../adapters/http/loopback.ts'

interface Value {
  readonly stringValue?: string
  readonly intValue?: number | string
  readonly doubleValue?: number
  readonly boolValue?: boolean
}

interface KeyValue {
  readonly key: string
  readonly value: Value
}

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: Attributes
  readonly events: readonly string[]
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number
}

export interface ReceivedPoint {
  readonly metric: string
  /** Sum of a counter; count of a histogram. */
  readonly value: number
  readonly attributes: Attributes
}

interface WithAttributes {
  readonly attributes: readonly KeyValue[]
}

interface TracesBody {
  readonly resourceSpans: readonly {
    readonly resource: WithAttributes
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ReceivedSpan, 'attributes' | 'events' | 'status'> &
        WithAttributes & {
          readonly events?: readonly { readonly name: string }[]
          readonly status?: { readonly code?: number }
        })[]
    }[]
  }[]
}

interface Points {
  readonly dataPoints: readonly (WithAttributes & {
    readonly asInt?: string
    readonly asDouble?: number
    readonly count?: string
  })[]
}

interface MetricsBody {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string
        readonly sum?: Points
        readonly histogram?: Points
      }[]
    }[]
  }[]
}

/** The spans of all requests to `/v1/traces`. */
export function spansIn(requests: readonly Received[]): ReceivedSpan[] {
  return bodies<TracesBody>(requests, '/v1/traces')
    .flatMap((body) => body.resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map(({ attributes, events = [], status, ...span }) => ({
      ...span,
      attributes: attributesOf(attributes),
      events: events.map(({ name }) => name),
      status: status?.code ?? 0,
    }))
}

/** The data points of all requests to `/v1/metrics`. */
export function pointsIn(requests: readonly Received[]): ReceivedPoint[] {
  return bodies<MetricsBody>(requests, '/v1/metrics')
    .flatMap((body) => body.resourceMetrics)
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ name, sum, histogram }) =>
      [...(sum?.dataPoints ?? []), ...(histogram?.dataPoints ?? [])].map((point) => ({
        metric: name,
        value: Number(point.asInt ?? point.asDouble ?? point.count),
        attributes: attributesOf(point.attributes),
      })),
    )
}

/** What the resource says: which app, which version. */
export function resourceOf(requests: readonly Received[]): Attributes {
  const [body] = bodies<TracesBody>(requests, '/v1/traces')
  return attributesOf(body?.resourceSpans[0]?.resource.attributes)
}

function bodies<T>(requests: readonly Received[], path: string): T[] {
  return requests
    .filter((request) => request.path === path)
    .map(({ text }) => JSON.parse(text) as T)
}

function attributesOf(list: readonly KeyValue[] = []): Attributes {
  return Object.fromEntries(
    list.map(({ key, value: { stringValue, intValue, doubleValue, boolValue } }) => [
      key,
      stringValue ??
        (intValue === undefined ? undefined : Number(intValue)) ??
        doubleValue ??
        boolValue,
    ]),
  )
}
