import { expect, test } from 'vitest'
import { standstill } from '../../core/run/standstill.ts'

const start = Date.parse('2026-11-23T01:00:00.000Z')
const hoursLater = (hours: number) => new Date(start + hours * 3_600_000)
const reached = { planned: true, done: 7, at: hoursLater(0).toISOString() }
const run = { reached, started_at: '2026-11-20T01:00:00.000Z' }

test.each([
  ['that got on a day ago is judged by what it would wait for next', 23, 3600, false],
  ['that would wait beyond the day is given up', 23, 3601, true],
  ['whose upstream asks for more than a day is given up at once', 0, 86_401, true],
] as const)('a run %s', (_, hours, seconds, isGivenUp) => {
  const next = { seconds, waitingFor: `${seconds} s for Zivver's rate limit` }
  const error = standstill(run, hoursLater(hours), next)
  expect(error?.code).toBe(isGivenUp ? 'RUN_STALLED' : undefined)
  if (isGivenUp) expect(error?.message).toContain(`since ${reached.at}, and the run would wait`)
})

test('a run that comes late from a wait of a day still gets its slice', () => {
  expect(standstill(run, hoursLater(24.9))).toBeNull()
  expect(standstill(run, hoursLater(25.1))?.message).toMatch(/since .*Z; a run is given up/)
})

test('a run that has reached nothing counts from its start, and one that has not begun is never late', () => {
  expect(standstill({ reached: null, started_at: reached.at }, hoursLater(26))).not.toBeNull()
  expect(standstill({ reached: null, started_at: null }, hoursLater(1000))).toBeNull()
})
