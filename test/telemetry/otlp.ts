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

/** The spans of all requests to `/v1/traces`. */
export function spansIn(requests: readonly Received[]): ReceivedSpan[] {
  return bodies(requests, '/v1/traces')
    .flatMap((body) => body.resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map(({ attributes, events = [], status, ...span }) => ({
      ...span,
      attributes: attributesOf(attributes),
      events: events.map(({ name }: { name: string }) => name),
      status: status?.code ?? 0,
    }))
}

/** The data points of all requests to `/v1/metrics`. */
export function pointsIn(requests: readonly Received[]): ReceivedPoint[] {
  return bodies(requests, '/v1/metrics')
    .flatMap((body) => body.resourceMetrics)
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ name, sum, histogram }) =>
      (sum ?? histogram).dataPoints.map(
        (point: { asInt?: string; asDouble?: number; count?: string; attributes: KeyValue[] }) => ({
          metric: name,
          value: Number(point.asInt ?? point.asDouble ?? point.count),
          attributes: attributesOf(point.attributes),
        }),
      ),
    )
}

/** What the resource says: which app, which version. */
export function resourceOf(requests: readonly Received[]): Attributes {
  const [body] = bodies(requests, '/v1/traces')
  return attributesOf(body.resourceSpans[0].resource.attributes)
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
function bodies(requests: readonly Received[], path: string): any[] {
  return requests.filter((request) => request.path === path).map(({ text }) => JSON.parse(text))
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
