import { expect, test } from 'vitest'
import { isSubMinute, parseNcrontab } from './ncrontab.ts'

const now = new Date('2026-11-23T10:20:30.500Z')

test('the next occurrence is in UTC and never the moment itself', () => {
  const schedule = parseNcrontab('0 0 1 * * *')
  const first = schedule.next(now)
  expect(first.toISOString()).toBe('2026-11-24T01:00:00.000Z')
  expect(schedule.next(first).toISOString()).toBe('2026-11-25T01:00:00.000Z')
})

test('day and day of week must both match: Friday the 13th', () => {
  expect(parseNcrontab('0 0 0 13 * fri').next(now).toISOString()).toBe('2027-08-13T00:00:00.000Z')
})

test.each(['@daily', '0 1 * * *', '0 0 1 L * *', '0 0 1 * * 7', '0 0 1 31 2 *', '00:05:00'])(
  '"%s", which Azure refuses, is refused',
  (expression) => {
    expect(() => parseNcrontab(expression)).toThrow(`the schedule "${expression}" `)
  },
)

test('only a schedule that recurs within a minute is not monitored', () => {
  expect(isSubMinute(parseNcrontab('*/30 * * * * *'), now)).toBe(true)
  expect(isSubMinute(parseNcrontab('0 * * * * *'), now)).toBe(false)
})
