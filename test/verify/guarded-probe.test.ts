import { beforeEach, expect, test } from 'vitest'
import { guardedProbe } from '../../core/verify/guarded-probe.ts'
import { verifyTenant } from '../../core/verify/verify.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { SilentProbe } from './silent-probe.ts'

let clock: FakeClock
let probe: SilentProbe
let activeRun: string | null
beforeEach(() => {
  clock = new FakeClock()
  probe = new SilentProbe()
  activeRun = null
})

const guarded = () =>
  guardedProbe(probe, { clock, beginsUntil: 130_000, activeRun: async () => activeRun })

/** Asks everything. @returns ids of the questions that were stopped, by what stopped them */
async function stopped(writeTo: string | null = null): Promise<Record<string, string[]>> {
  const ids: Record<string, string[]> = {}
  for (const { id, verdict, evidence } of await verifyTenant(guarded(), writeTo)) {
    const by = evidence['stopped_by']
    if (verdict === 'unclear' && typeof by === 'string') (ids[by] ??= []).push(id)
  }
  return ids
}

test('with time left and no run nothing stops it; of services that never answer nothing is concluded', async () => {
  expect(await stopped()).toEqual({})
  const verdicts = await verifyTenant(guarded(), null)
  expect(verdicts.filter(({ verdict }) => verdict === 'fails')).toEqual([])
  expect(new Set(probe.asked)).toEqual(new Set(['rights', 'graph', 'exchange', 'zivver GET']))
})

test('when the time is up no further call is begun, and every question still has its verdict', async () => {
  // The first call of Exchange is one that takes long.
  probe.onAsked = (what) => {
    if (what === 'exchange') void clock.advance(130_001)
  }
  const { OUT_OF_TIME: late = [] } = await stopped()
  expect(probe.asked.filter((what) => what === 'exchange')).toHaveLength(1)
  expect(probe.asked).not.toContain('zivver GET')
  expect(late).toContain('exchange.trustee_text')
  expect(late).toContain('zivver.totals.users')
})

test('a run that begins meanwhile has Zivver for itself; Exchange and Graph are asked on', async () => {
  probe.onAsked = (what) => {
    if (what === 'zivver GET') activeRun = 'run-1'
  }
  const { RUN_ACTIVE: left = [] } = await stopped()
  expect(probe.asked.filter((what) => what === 'zivver GET')).toHaveLength(1)
  expect(left).toEqual([
    'zivver.totals.groups',
    'zivver.paging',
    'zivver.rate_headers',
    'zivver.unknown_id',
  ])
})

test('what a write question has begun is taken back, also while a run is active', async () => {
  activeRun = 'run-1'
  await guarded().zivver('PUT', '/Users/u1', {})
  expect(probe.asked).toEqual(['zivver PUT'])
  expect((await stopped('throw-away@contoso.example'))['RUN_ACTIVE']).toContain('write.identifier')
  expect(probe.asked.filter((what) => what.startsWith('zivver'))).toEqual(['zivver PUT'])
})
