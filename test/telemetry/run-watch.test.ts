import { beforeEach, expect, test } from 'vitest'
import type { RunRecord } from '../../core/model/run.ts'
import type { RunStore } from '../../core/ports.ts'
import type { CallRecord } from '../../core/telemetry/calls.ts'
import { RunWatch } from '../../core/telemetry/run-watch.ts'
import { aRun } from '../api/builders.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { RecordedTelemetry } from '../fakes/recorded-telemetry.ts'
import { MemoryStorage } from '../functions/memory-storage.ts'

let clock: FakeClock
let telemetry: RecordedTelemetry
let watch: RunWatch
let runs: RunStore
let run: RunRecord

beforeEach(() => {
  clock = new FakeClock('2026-11-23T01:00:00.000Z')
  telemetry = new RecordedTelemetry()
  watch = new RunWatch(clock, telemetry, true)
  const storage = new MemoryStorage()
  run = aRun({ id: 'r1', mode: 'sync', status: 'running', phase: 'reading' })
  storage.history.set('r1', run)
  runs = watch.watch(storage.runs)
})

function aCall(part: Partial<CallRecord> = {}): CallRecord {
  const call = { upstream: 'graph', operation: 'GET /groups', status: 200, durationMs: 40 } as const
  return { ...call, requestId: 'q1', attempt: 1, ...part }
}

test('the phases of a slice follow one another, each with its own calls', async () => {
  await runs.get('r1')
  watch.onCall(aCall())
  watch.onWait({ upstream: 'zivver', seconds: 7, reason: "Zivver's rate limit" })
  await clock.advance(2_000)
  await runs.update('r1', { phase: 'planning' }, 1)
  await clock.advance(500)
  await runs.update('r1', { phase: 'applying', planStored: true }, 1)
  watch.onCall(aCall({ upstream: 'zivver', operation: 'PUT /Users/{id}', status: null }))
  watch.end()
  expect(telemetry.slices).toMatchObject([
    {
      runId: 'r1',
      slice: {
        name: 'slice',
        startedAt: '2026-11-23T01:00:00.000Z',
        endedAt: '2026-11-23T01:00:02.500Z',
        children: [
          {
            name: 'phase reading',
            endedAt: '2026-11-23T01:00:02.000Z',
            attributes: { 'calls.graph': 1, failed_calls: 0, wait_seconds: 7 },
          },
          { name: 'phase planning', endedAt: '2026-11-23T01:00:02.500Z' },
          {
            name: 'phase applying',
            attributes: { 'calls.zivver': 1, failed_calls: 1 },
            events: [{ attributes: { operation: 'PUT /Users/{id}', status: 'none' } }],
          },
        ],
      },
    },
  ])
  expect(telemetry.runs).toEqual([])
})

test('a message too many, and calls outside of a run, are told to nobody', async () => {
  watch.onCall(aCall())
  await runs.get('r1')
  watch.end()
  expect([telemetry.slices, telemetry.measurements]).toEqual([[], []])
})

test('a thousand failed calls are all counted, and twenty of them shown', async () => {
  await runs.get('r1')
  await runs.update('r1', { phase: 'reading' }, 1)
  for (let n = 0; n < 1_000; n++) watch.onCall(aCall({ operation: '$batch of 4', status: 429 }))
  watch.end()
  const [phase] = telemetry.slices[0]?.slice.children ?? []
  expect(phase?.events).toHaveLength(20)
  expect(phase?.attributes['failed_calls']).toBe(1_000)
  expect(telemetry.measurements).toHaveLength(2_000)
  expect(telemetry.measurements[1]?.attributes).toEqual({ upstream: 'graph', operation: '$batch' })
})

test.each([
  [{ mode: 'sync', status: 'succeeded' }, 1],
  [{ mode: 'sync', status: 'completed_with_errors' }, 1],
  [{ mode: 'preview', status: 'succeeded' }, 0],
  [{ mode: 'sync', status: 'blocked' }, 0],
] as const)('where scheduled runs write, %j beats the heart %i times', async (part, beats) => {
  await runs.get('r1')
  await runs.finish({ ...run, ...part, phase: 'done' })
  const heartbeats = telemetry.measurements.filter(
    ({ metric }) => metric === 'cloud_sync.successful_run',
  )
  expect(heartbeats).toHaveLength(beats)
})
