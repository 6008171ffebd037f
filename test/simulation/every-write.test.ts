import { describe, expect, test } from 'vitest'
import type { CallClass, Moment } from './faults.ts'
import { KilledSync } from './killed-sync.ts'

/** How many calls of a class an undisturbed sync makes. */
async function countCalls(call: CallClass): Promise<number> {
  const sync = new KilledSync()
  expect(await sync.play([])).toEqual([])
  return sync.faults.countOf(call)
}

/** Kills the host at every call of a class, each in a sync of its own. @returns what went wrong, by the call's number */
async function killAtEach(call: CallClass, moment: Moment): Promise<string[]> {
  const calls = await countCalls(call)
  const problems: string[] = []
  for (let nth = 1; nth <= calls; nth++) {
    const sync = new KilledSync()
    const found = await sync.play([{ kind: 'crash', at: { call, nth }, moment, restartMs: 1_000 }])
    if (sync.faults.fired.length === 0) problems.push(`${call} ${nth}: nothing was killed`)
    problems.push(...found.map((problem) => `${call} ${nth}, ${moment}: ${problem}`))
  }
  return problems
}

describe('story 15: a sync of 60 accounts whose host is killed at any write ends as if nothing had happened', () => {
  test('it makes at least 60 writes', async () => {
    const sync = new KilledSync()
    await sync.play([])
    expect(sync.world.zivver.accounts().length).toBeGreaterThanOrEqual(60)
    expect(sync.faults.countOf('zivver_write')).toBeGreaterThanOrEqual(60)
  })

  test.each<[Moment, string]>([
    ['before', 'just before each write'],
    ['during', 'when Zivver has made each write and nobody knows it'],
    ['during_lost', 'while each write is on its way, and is lost'],
    ['after', 'when the answer to each write is there and nothing is stored'],
  ])(
    '%s: %s',
    async (moment) => {
      expect(await killAtEach('zivver_write', moment)).toEqual([])
    },
    60_000,
  )

  test.each<CallClass>(['mappings', 'journal', 'runs'])(
    'when storage has taken each transaction of %s and nobody knows it',
    async (call) => {
      expect(await killAtEach(call, 'during')).toEqual([])
    },
    60_000,
  )
})
