import { describe, expect, test } from 'vitest'
import {
  longestGapMs,
  nextOccurrences,
  parseSchedule,
  type Schedule,
} from '../../core/config/schedule.ts'
import { scheduleOrDefault } from '../../core/config.ts'

const monday = new Date('2026-11-23T12:00:00Z')
const hour = 3_600_000

function scheduleOf(text: string): Schedule {
  const check = parseSchedule(text)
  if (!check.ok) throw new Error(check.message)
  return check.schedule
}

function next(text: string, count = 1): string[] {
  return nextOccurrences(scheduleOf(text), monday, count).map((moment) => moment.toISOString())
}

describe('NCRONTAB', () => {
  test.each([
    ['0 0 1 * * *', '2026-11-24T01:00:00.000Z'],
    ['*/15 * * * * *', '2026-11-23T12:00:15.000Z'],
    ['0 30 9-17/4 * * 1-5', '2026-11-23T13:30:00.000Z'],
    ['0 5/20 * * * *', '2026-11-23T12:05:00.000Z'],
    ['0 0 0 1 JAN,july *', '2027-01-01T00:00:00.000Z'],
    ['0 0 6 * * Sun', '2026-11-29T06:00:00.000Z'],
    ['0 0 6 * * 0', '2026-11-29T06:00:00.000Z'],
  ])('%s fires next at %s', (text, moment) => {
    expect(next(text)).toEqual([moment])
  })

  test('day of the month and day of the week must both match', () => {
    expect(next('0 0 1 13 * 5', 2)).toEqual([
      '2027-08-13T01:00:00.000Z',
      '2028-10-13T01:00:00.000Z',
    ])
  })

  test.each([
    '',
    '@daily',
    '0 1 * * *',
    '0 0 1 * * * *',
    '60 0 1 * * *',
    '0 0 24 * * *',
    '0 0 1 0 * *',
    '0 0 1 * 13 *',
    '0 0 1 * * 7',
    '0 0 1 L * *',
    '0 0 1 * * 1#2',
    '0 0 1 ? * *',
    '0 0 1 * * mo',
    '0 0 9-8 * * *',
    '0 */0 1 * * *',
    '0 0 1,, * * *',
    '-1 0 1 * * *',
    '0 0 1 30 2 *',
    '01:00:00',
  ])('"%s" is refused', (text) => {
    expect(parseSchedule(text).ok).toBe(false)
  })

  test('the message names the field', () => {
    expect(parseSchedule('0 0 25 * * *')).toEqual({
      ok: false,
      message: 'has a wrong hour field: only numbers 0-23 and the signs * , - / are known',
    })
  })

  test.each([
    ['0 0 1 * * *', 24 * hour],
    ['0 0 8,18 * * *', 0],
    ['0 0 1 * * 1-5', 72 * hour],
    ['0 0 8-18 * * 1-5', 62 * hour],
    ['0 0 1 * * 3', 7 * 24 * hour],
    ['0 0 1 1 * *', 31 * 24 * hour],
    ['0 0 1 1 1 *', 365 * 24 * hour],
    ['*/2 * * * * *', 0],
  ])('the longest gap of %s is %d ms', (text, gap) => {
    expect(longestGapMs(scheduleOf(text), monday)).toBe(gap)
  })
})

describe('the schedule the timer is registered with', () => {
  test('is the setting', () => {
    expect(scheduleOrDefault({ CLOUD_SYNC__SCHEDULE: ' 0  30 2 * * 1 ' })).toBe('0 30 2 * * 1')
  })

  test.each([undefined, '', 'every night', '@Microsoft.KeyVault(SecretUri=x)'])(
    'is the default for %s',
    (text) => {
      expect(scheduleOrDefault({ CLOUD_SYNC__SCHEDULE: text })).toBe('0 0 1 * * *')
    },
  )
})
