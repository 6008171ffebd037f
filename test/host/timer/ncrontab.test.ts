import { expect, test } from 'vitest'
import { isSubMinute, parseNcrontab } from './ncrontab.ts'

const after = new Date('2026-11-23T10:20:30.500Z') // a Monday

test.each([
  ['* * * * * *', '2026-11-23T10:20:31.000Z'],
  ['0 0 1 * * *', '2026-11-24T01:00:00.000Z'],
  ['0 */15 * * * *', '2026-11-23T10:30:00.000Z'],
  ['0 5/20 * * * *', '2026-11-23T10:25:00.000Z'],
  ['0 0 8-10 * * MON-fri', '2026-11-24T08:00:00.000Z'],
  ['0 0 0 1 jan,Jul *', '2027-01-01T00:00:00.000Z'],
  ['0 0 0 * * 0', '2026-11-29T00:00:00.000Z'],
  ['0 0 0 29 2 *', '2028-02-29T00:00:00.000Z'],
])('%s comes next at %s', (expression, expected) => {
  expect(parseNcrontab(expression).next(after).toISOString()).toBe(expected)
})

test('day and day of week must both match: Friday the 13th', () => {
  expect(parseNcrontab('0 0 0 13 * fri').next(after).toISOString()).toBe('2027-08-13T00:00:00.000Z')
})

test('the next occurrence is never the moment itself', () => {
  const at = new Date('2026-11-24T01:00:00.000Z')
  expect(parseNcrontab('0 0 1 * * *').next(at).toISOString()).toBe('2026-11-25T01:00:00.000Z')
})

test.each([
  '@daily',
  '0 1 * * *',
  '0 0 1 * * * *',
  '0 0 1 L * *',
  '0 0 1 ? * *',
  '0 0 1 * * 5#2',
  '0 0 1 * * 7',
  '0 0 24 * * *',
  '60 0 0 * * *',
  '0 0 1 0 * *',
  '0 0 5-3 * * *',
  '0 */0 * * * *',
  '0 0 1 31 2 *',
  '0 0 1 * janvier *',
  '00:05:00',
  '',
])('"%s", which Azure refuses, is refused', (expression) => {
  expect(() => parseNcrontab(expression)).toThrow(/NCRONTAB|never occurs/)
})

test('only a schedule that recurs within a minute is not monitored', () => {
  expect(isSubMinute(parseNcrontab('*/30 * * * * *'), after)).toBe(true)
  expect(isSubMinute(parseNcrontab('0 * * * * *'), after)).toBe(false)
})
