import { expect, test } from 'vitest'
import { backoffSeconds, retryAfterSeconds } from '../../../core/adapters/http/retry-timing.ts'

test.each([
  ['7', 7],
  [' 0 ', 0],
  ['1.5', 1.5],
  ['Mon, 23 Nov 2026 01:00:30 GMT', 30],
  ['Mon, 23 Nov 2026 00:00:00 GMT', 0],
  ['soon', null],
  ['', null],
  [null, null],
])('Retry-After %j asks for %j seconds', (header, seconds) => {
  expect(retryAfterSeconds(header, new Date('2026-11-23T01:00:00Z'))).toBe(seconds)
})

test('back-off doubles up to its cap and jitter takes any part of it', () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => backoffSeconds(attempt, 1))
  expect(longest).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  expect(backoffSeconds(5, 0)).toBe(0)
  expect(backoffSeconds(5, 0.25)).toBe(4)
})
