import { expect, test } from 'vitest'
import { chartScale } from '../../core/report/chart-scale.ts'

test.each([
  ['runs of a like size are shown in full', [3, 5, 8, 12], 12],
  ['days without a change do not count', [0, 0, 0, 9], 9],
  ['a first sync does not flatten the days after it', [2, 3, 4, 1940], 16],
  ['an empty history has a scale too', [0, 0], 1],
])('%s', (_, sizes, scale) => {
  expect(chartScale(sizes)).toBe(scale)
})
