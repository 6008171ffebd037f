import { expect, test } from 'vitest'
import { readRateHints } from '../../../core/adapters/zivver/rate-hints.ts'

const now = new Date('2026-01-05T01:00:00Z')
const read = (status: number, headers: Record<string, string> = {}, body: unknown = '') =>
  readRateHints({ status, headers: new Headers(headers), text: JSON.stringify(body) }, now)
const bucket = {
  code: 429,
  message: 'Too Many Requests',
  emptiedBucketDetails: { limiterId: 'cab', budget: 50, windowSeconds: 10 },
}

test('an answer without hints has none', () => {
  expect(read(200)).toEqual({ quotas: [], remaining: null, waitSeconds: null })
})

test('the limit counts with its window, and the rest until its reset', () => {
  const headers = {
    'RateLimit-Limit': '50, 10;window=1, 50;w=60',
    'RateLimit-Remaining': '7',
    'RateLimit-Reset': '3',
  }
  expect(read(200, headers)).toEqual({
    quotas: [
      { requests: 10, seconds: 1 },
      { requests: 50, seconds: 60 },
    ],
    remaining: { calls: 7, resetSeconds: 3 },
    waitSeconds: null,
  })
  expect(read(200, { 'RateLimit-Remaining': '7' }).remaining).toBeNull()
})

test.each([
  [{ 'Retry-After': '4', 'RateLimit-Reset': '6' }, bucket, 4],
  [{ 'Retry-After': 'Mon, 05 Jan 2026 01:02:00 GMT' }, bucket, 120],
  [{ 'RateLimit-Reset': '6' }, bucket, 6],
  [{}, bucket, 10],
  [{ 'Retry-After': 'soon' }, 'text', null],
])(
  'a 429 waits by Retry-After, else by the reset, else by the window in its body: %j',
  (headers, body, seconds) => {
    expect(read(429, headers, body).waitSeconds).toBe(seconds)
  },
)

test('the bucket in the body of a 429 is a limit', () => {
  expect(read(429, {}, bucket).quotas).toEqual([{ requests: 50, seconds: 10 }])
  expect(read(429, {}, { emptiedBucketDetails: { budget: -1 } }).quotas).toEqual([])
})
