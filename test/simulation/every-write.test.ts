import { describe, expect, test } from 'vitest'
import { updateAttempts } from '../../core/adapters/zivver/attempts.ts'
import type { Write } from '../simulators/zivver/write-log.ts'
import type { CallClass, Fault, Moment, Trigger } from './faults.ts'
import { KilledSync } from './killed-sync.ts'

/** How many calls of a class an undisturbed sync makes. */
async function countCalls(call: CallClass): Promise<number> {
  const sync = new KilledSync()
  expect(await sync.play([])).toEqual([])
  return sync.faults.countOf(call)
}

/** Plays a sync for every call of a class, disturbed there. @returns what went wrong, by the call's number */
async function disturbEach(
  call: CallClass,
  play: (sync: KilledSync, at: Trigger) => Promise<readonly string[]>,
): Promise<string[]> {
  const calls = await countCalls(call)
  const problems: string[] = []
  for (let nth = 1; nth <= calls; nth++) {
    const sync = new KilledSync()
    const found = await play(sync, { call, nth })
    if (sync.faults.fired.length === 0) problems.push(`${call} ${nth}: nothing happened`)
    problems.push(...found.map((problem) => `${call} ${nth}: ${problem}`))
  }
  return problems
}

function crashAt(at: Trigger, moment: Moment): Fault {
  return { kind: 'crash', at, moment, restartMs: 1_000 }
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
      const play = (sync: KilledSync, at: Trigger) => sync.play([crashAt(at, moment)])
      expect(await disturbEach('zivver_write', play)).toEqual([])
    },
    60_000,
  )

  test.each<CallClass>(['mappings', 'journal', 'runs'])(
    'when storage has taken each transaction of %s and nobody knows it',
    async (call) => {
      const play = (sync: KilledSync, at: Trigger) => sync.play([crashAt(at, 'during')])
      expect(await disturbEach(call, play)).toEqual([])
    },
    60_000,
  )

  test.each<Moment>(['during', 'during_lost', 'after'])(
    'also when it is cancelled before anybody goes on with it, and the next sync does the rest: killed %s each write',
    async (moment) => {
      const play = (sync: KilledSync, at: Trigger) =>
        sync.playInTwo(crashAt(at, moment), 'cancelled')
      expect(await disturbEach('zivver_write', play)).toEqual([])
    },
    60_000,
  )

  test('also when the answer to any write is lost, and it is cancelled before the write is tried again', async () => {
    const play = (sync: KilledSync, at: Trigger) =>
      sync.playInTwo({ kind: 'answer_lost', at, times: 1 }, 'cancelled')
    expect(await disturbEach('zivver_write', play)).toEqual([])
  }, 60_000)

  test('also when Zivver suspends and every answer is lost: the accounts are ours to reactivate', async () => {
    const undisturbed = new KilledSync()
    await undisturbed.play([])
    const { writes } = undisturbed.world.zivver
    const isSuspension = ({ body }: Write) => (body as { active?: boolean }).active === false
    const first = writes.findIndex(isSuspension)
    const times = writes.filter(isSuspension).length * updateAttempts.unclear
    expect(times).toBeGreaterThan(0)
    const sync = new KilledSync()
    const lost: Fault = { kind: 'answer_lost', at: { call: 'zivver_write', nth: first + 1 }, times }
    expect(await sync.playInTwo(lost, 'completed_with_errors')).toEqual([])
  })
})
