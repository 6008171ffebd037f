import { expect, test } from 'vitest'
import { tableOf } from './page.ts'
import { failuresOf, mostSeconds, resultOf } from './results.ts'
import { processLine } from './row.ts'

const results = [
  resultOf(
    {
      name: 'reading',
      title: 'Reading, 50 ms per call',
      load: { before: 0, after: 1 },
      seconds: 70,
    },
    [
      {
        work: 'read all',
        calls: 10_213,
        bound: { seconds: 62.5, formula: '10,000 cmdlets × 50 ms ÷ 8 in flight' },
        seconds: 64.7,
        refused: 0,
        peakMiB: 123.4,
        bytes: 1e6,
        checks: [
          { text: 'efficiency 0.966 ≥ 0.95', ok: true },
          { text: 'memory 123 ≤ 100 MiB', ok: false },
        ],
      },
      processLine({ work: 'other strategy', seconds: 99.9, checks: [] }),
    ],
  ),
]

test('the page shows what does not depend on the machine: calls, formula, efficiency, what must hold', () => {
  expect(tableOf(results).split('\n').slice(2)).toEqual([
    '| **Reading, 50 ms per call** | | | | | |',
    '| read all | 10,213 | 10,000 cmdlets × 50 ms ÷ 8 in flight | 0.966 | 0 | ✓ efficiency 0.966 ≥ 0.95<br>✗ memory 123 ≤ 100 MiB |',
    '| other strategy | – | – | – | – | – |',
  ])
})

test('what misses its bound is named with its row', () => {
  expect(failuresOf(results)).toEqual(['reading: memory 123 ≤ 100 MiB'])
})

test('rows that take too long together miss their bound too', () => {
  const [first] = results
  if (first === undefined) throw new Error('there is a row')
  const slow = [first, { ...first, lines: [], seconds: mostSeconds }]
  expect(failuresOf(slow)).toEqual([
    'reading: memory 123 ≤ 100 MiB',
    'all rows together: 670 s, 600 at most',
  ])
})
