/** From measurements to the metrics of the OpenTelemetry SDK. */
import type { Meter } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import {
  type AggregationTemporality,
  MeterProvider,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import { type MetricDefinition, type MetricName, metrics } from '../../telemetry/metrics.ts'
import type { Measurement } from '../../telemetry/telemetry.ts'

/** A reader that collects when it is told to, and at no other time. */
export class OnDemandReader extends MetricReader {
  constructor(temporality: AggregationTemporality) {
    super({ aggregationTemporalitySelector: () => temporality })
  }

  /** @throws when an instrument could not be read */
  async take(): Promise<ResourceMetrics> {
    const { resourceMetrics, errors } = await this.collect()
    if (errors.length > 0) throw new AggregateError(errors, 'metrics could not be collected')
    return resourceMetrics
  }

  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

type Record = (value: number, attributes: Measurement['attributes']) => void

/** All instruments of the closed list, read by these readers. */
export class Instruments {
  readonly #record: ReadonlyMap<string, Record>

  constructor(resource: Resource, version: string, readers: readonly MetricReader[]) {
    const meter = new MeterProvider({ resource, readers: [...readers] }).getMeter(
      'cloud-sync',
      version,
    )
    this.#record = new Map(
      Object.entries<MetricDefinition>(metrics).map(([name, definition]) => [
        name,
        recorderOf(meter, name, definition),
      ]),
    )
  }

  record({ metric, value, attributes }: { metric: MetricName } & Measurement): void {
    this.#record.get(metric)?.(value, attributes)
  }
}

function recorderOf(meter: Meter, name: string, definition: MetricDefinition): Record {
  const { kind, unit, description } = definition
  if (kind === 'counter') {
    const counter = meter.createCounter(name, { unit, description })
    return (value, attributes) => counter.add(value, attributes)
  }
  const advice = { explicitBucketBoundaries: [...(definition.boundaries ?? [])] }
  const histogram = meter.createHistogram(name, { unit, description, advice })
  return (value, attributes) => histogram.record(value, attributes)
}
