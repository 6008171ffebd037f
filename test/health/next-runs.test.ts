import { expect, test } from 'vitest'
import { nextRunsText } from '../../core/health/next-runs.ts'

const amsterdam = 'Europe/Amsterdam'

test('story 28: runs keep to UTC while the local clocks go forward, and it is said', () => {
  const text = nextRunsText('0 0 1 * * *', amsterdam, new Date('2027-03-26T12:00:00Z'))
  expect(text).toBe(
    'The next 5: Sat 27 Mar 01:00 UTC (02:00 Europe/Amsterdam), Sun 28 Mar 01:00 UTC (03:00), Mon 29 Mar 01:00 UTC (03:00), Tue 30 Mar 01:00 UTC (03:00), Wed 31 Mar 01:00 UTC (03:00). The clocks of Europe/Amsterdam change in between; runs keep to UTC.',
  )
})

test('a run whose local day is another one shows that day', () => {
  const text = nextRunsText('0 30 22 * * 5', amsterdam, new Date('2027-06-01T00:00:00Z'))
  expect(text).toMatch(/^The next 5: Fri 4 Jun 22:30 UTC \(Sat 00:30 Europe\/Amsterdam\), Fri 11 /)
  expect(text).not.toContain('clocks')
})
