import { expect, test } from 'vitest'
import { playMany } from './play-many.ts'

test('schedules 1 to 2500: whatever happens, the accounts end where the mailboxes say', async () => {
  const { problems, histogram } = await playMany(1, 2500)
  expect(problems).toEqual([])
  const { accounts, runs, faults } = histogram.least
  expect(accounts, 'accounts of the smallest schedule').toBeGreaterThanOrEqual(8)
  expect(runs, 'runs of the shortest schedule').toBeGreaterThanOrEqual(2)
  expect(faults, 'faults of the calmest schedule').toBeGreaterThanOrEqual(1)
}, 300_000)
