import { afterEach, describe, expect, test, vi } from 'vitest'
import { Freezer } from '../../core/plan/conflicts.ts'
import {
  allProtections,
  type Protections,
  withoutConfirmation,
  withoutFence,
  withoutStoredPlan,
} from './protections.ts'
import { playSchedule, type Verdict } from './simulation.ts'

const mostSeeds = 1_500

/** The first schedule in which something is wrong. @returns `null` when the schedules notice nothing */
async function firstFailure(protections: Protections): Promise<Verdict | null> {
  for (let seed = 1; seed <= mostSeeds; seed++) {
    const verdict = await playSchedule(seed, { protections })
    if (verdict.problems.length > 0) return verdict
  }
  return null
}

afterEach(() => vi.restoreAllMocks())

describe('the schedules notice when one protection is switched off', () => {
  test.each([
    ['the fence', withoutFence],
    ['the stored plan', withoutStoredPlan],
    ['the confirmation of absence', withoutConfirmation],
  ])(
    '%s',
    async (_, protections) => {
      const failure = await firstFailure(protections)
      expect(failure?.problems).toBeDefined()
      // The same seed with everything switched on: it was the protection.
      const { problems } = await playSchedule(failure?.seed ?? 0)
      expect(problems).toEqual([])
    },
    120_000,
  )

  test('the freeze of whatever a conflict names', async () => {
    vi.spyOn(Freezer.prototype, 'freeze').mockImplementation(() => undefined)
    const failure = await firstFailure(allProtections)
    expect(failure?.problems).toBeDefined()
    vi.restoreAllMocks()
    const { problems } = await playSchedule(failure?.seed ?? 0)
    expect(problems).toEqual([])
  }, 120_000)
})

test('a seed plays the same schedule each time', async () => {
  for (const seed of [3, 14, 159]) {
    const [once, again] = [
      await playSchedule(seed, { isTraced: true }),
      await playSchedule(seed, { isTraced: true }),
    ]
    expect(once.trace.length).toBeGreaterThan(50)
    expect(again.trace).toEqual(once.trace)
    expect(again.interleaving).toBe(once.interleaving)
  }
})
