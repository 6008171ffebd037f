import { expect, test } from 'vitest'
import { parseNcrontab } from './ncrontab.ts'
import {
  checkPastDue,
  formatStatus,
  initialStatus,
  parseStatus,
  statusAfter,
} from './schedule-status.ts'

const nightly = parseNcrontab('0 0 1 * * *')
const at = (text: string) => new Date(`2026-11-${text}Z`)
const yesterday = {
  last: at('22T01:00:00'),
  next: at('23T01:00:00'),
  lastUpdated: at('22T01:00:00'),
}

test('a stored next that went by is past due, one to come is not', () => {
  expect(checkPastDue(yesterday, nightly, at('23T00:59:59')).isPastDue).toBe(false)
  expect(checkPastDue(yesterday, nightly, at('24T09:00:00')).isPastDue).toBe(true)
})

test('a timer that never ran is past due as well, by the moment its status was made', () => {
  const status = initialStatus(nightly, at('22T12:00:00'))
  expect(status).toEqual({ last: null, next: at('23T01:00:00'), lastUpdated: at('22T12:00:00') })
  expect(checkPastDue(status, nightly, at('23T02:00:00')).isPastDue).toBe(true)
})

test('a status that another schedule left is computed anew and is not past due', () => {
  const left = { ...yesterday, next: at('22T02:00:00') }
  const { status, isPastDue } = checkPastDue(left, nightly, at('23T09:00:00'))
  expect(isPastDue).toBe(false)
  expect(status).toEqual({ last: null, next: at('24T01:00:00'), lastUpdated: at('23T09:00:00') })
})

test('a tick that comes some milliseconds early counts as the tick, a run at start does not', () => {
  const early = at('23T00:59:59.997')
  expect(statusAfter(yesterday, nightly, early, 'schedule').next).toEqual(at('24T01:00:00'))
  expect(statusAfter(yesterday, nightly, early, 'startup').next).toEqual(at('23T01:00:00'))
})

test('several missed ticks collapse into the one that is made up for', () => {
  expect(statusAfter(yesterday, nightly, at('26T08:00:00'), 'past_due')).toEqual({
    last: at('26T08:00:00'),
    next: at('27T01:00:00'),
    lastUpdated: at('26T08:00:00'),
  })
})

test('what is stored is read back, also as .NET writes it; anything else is no status', () => {
  const never = { ...yesterday, last: null }
  expect(parseStatus(JSON.stringify(formatStatus(yesterday)))).toEqual(yesterday)
  expect(parseStatus(JSON.stringify(formatStatus(never)))).toEqual(never)
  const byAzure =
    '{"Last":"2026-11-22T01:00:00.0000000+00:00","Next":"2026-11-23T02:00:00+01:00","LastUpdated":"2026-11-22T01:00:00+00:00"}'
  expect(parseStatus(byAzure)).toEqual(yesterday)
  for (const text of ['', 'null', '{}', '{"Last":"soon","Next":"x","LastUpdated":"y"}']) {
    expect(parseStatus(text)).toBeNull()
  }
})
