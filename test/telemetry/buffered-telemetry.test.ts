import { expect, test } from 'vitest'
import {
  bufferedTelemetry,
  type SendTelemetry,
  type TelemetryBatch,
} from '../../core/adapters/telemetry/buffered-telemetry.ts'
import { telemetryTargets } from '../../core/adapters/telemetry/telemetry-targets.ts'
import { FakeClock } from '../fakes/fake-clock.ts'

const aMeasurement = { metric: 'cloud_sync.runs', value: 1, attributes: {} } as const

function sender(send: SendTelemetry) {
  let opened = 0
  const clock = new FakeClock()
  const open = async () => {
    opened += 1
    return send
  }
  return { telemetry: bufferedTelemetry(open, clock), clock, opened: () => opened }
}

test('nothing is opened before there is something to send, and each thing is sent once', async () => {
  const batches: TelemetryBatch[] = []
  const { telemetry, opened } = sender(async (batch) => void batches.push(batch))
  expect(await telemetry.flush()).toBeNull()
  expect(opened()).toBe(0)
  telemetry.measure(aMeasurement)
  expect(await telemetry.flush()).toBeNull()
  telemetry.measure(aMeasurement)
  expect(await telemetry.flush()).toBeNull()
  expect(batches.map(({ measurements }) => measurements.length)).toEqual([1, 1])
  expect(opened()).toBe(1)
})

test('a flush ends after five seconds, whatever the collector does', async () => {
  const { telemetry, clock } = sender(() => new Promise(() => undefined))
  telemetry.measure(aMeasurement)
  const outcome = telemetry.flush()
  let isOver = false
  void outcome.finally(() => {
    isOver = true
  })
  await clock.advance(4_999)
  expect(isOver).toBe(false)
  await clock.advance(1)
  expect(await outcome).toBe('not sent within 5 s')
})

test('a failure is told, and not thrown', async () => {
  const { telemetry } = sender(async () => {
    throw new Error('HTTP 503')
  })
  telemetry.measure(aMeasurement)
  expect(await telemetry.flush()).toBe('HTTP 503')
})

test.each([
  ['http://collector.contoso.example:4318', null],
  ['https://collector.contoso.example/otlp/', 'https://collector.contoso.example/otlp'],
  ['http://127.0.0.1:4318', 'http://127.0.0.1:4318'],
  ['collector', null],
])('the collector %s is taken as %s', (given, taken) => {
  const targets = telemetryTargets({ OTEL_EXPORTER_OTLP_ENDPOINT: given })
  expect(targets.otlpEndpoint).toBe(taken)
  expect(targets.faults).toHaveLength(taken === null ? 1 : 0)
  expect(targets.faults.join()).not.toContain(given)
})
