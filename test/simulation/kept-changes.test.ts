import { describe, expect, test } from 'vitest'
import { createRandom } from '../simulators/shared/random.ts'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { calmWorld } from './calm-world.ts'
import { expectedOf } from './expectation.ts'
import type { Fault } from './faults.ts'
import { judgeState } from './judge.ts'
import type { SimProcess } from './process.ts'
import type { SimWorld } from './sim-world.ts'

/**
 * Plays a first sync in slices that make some twenty writes each, and notes who took its lease and who read its changes
 * back.
 * @param leaseLostAfter number of the slice after which somebody deletes the row of its lease
 */
async function playInSlices({
  hosts = 1,
  faults = [],
  leaseLostAfter,
}: {
  readonly hosts?: number
  readonly faults?: readonly Fault[]
  readonly leaseLostAfter?: number
} = {}) {
  const random = createRandom(11)
  const built = buildTenant({
    seed: 11,
    mailboxes: 240,
    existingAccounts: 0.2,
    delegatedUsers: 0.3,
  })
  const seen: { readonly call: string; readonly by: SimProcess }[] = []
  const world: SimWorld = calmWorld({
    random,
    built,
    settings: {
      writeIdentifiers: true,
      delegates: false,
      leaseSeconds: 60,
      sliceSeconds: 2,
      zivverRateLimit: { requests: 2, seconds: 1 },
    },
    hosts,
    witness: (_, { name, about: [runId = ''] }, by) => {
      seen.push({ call: name, by })
      const released = seen.filter(({ call }) => call === 'journal.release').length
      if (name === 'journal.release' && released === leaseLostAfter) {
        world.shared.journal.partition(runId).lease = null
      }
    },
  })
  const expected = expectedOf(world, [])
  world.meet(faults)
  void world.request({ perform_sync: true, allow_large_sync: true })
  expect(await world.untilQuiet(3_600_000)).toBe(true)
  const [run] = world.shared.runs.rows.values()
  expect(run?.status).toBe('succeeded')
  expect([...judgeState(world, expected), ...world.violations]).toEqual([])
  return { slices: run?.usage.slices ?? 0, seen }
}

/** By whom the slices that found a stored plan were worked on, and whether each read the changes back. */
function slicesWithPlan(seen: Awaited<ReturnType<typeof playInSlices>>['seen']) {
  const slices: { by: SimProcess; hasPlan: boolean; readBack: boolean }[] = []
  let planStored = false
  for (const { call, by } of seen) {
    if (call === 'journal.acquire') slices.push({ by, hasPlan: planStored, readBack: false })
    if (call === 'journal.storePlan') planStored = true
    const slice = slices.at(-1)
    if (call === 'journal.eachChange' && slice !== undefined) slice.readBack = true
  }
  return slices.flatMap(({ by, hasPlan, readBack }, index) =>
    hasPlan ? [{ readBack, isHandedOver: slices[index - 1]?.by !== by }] : [],
  )
}

describe('the changes of a run in many slices', () => {
  test('are never read back by the one process that works on all of them', async () => {
    const { slices, seen } = await playInSlices()
    expect(slices).toBeGreaterThan(5)
    expect(seen.filter(({ call }) => call === 'journal.eachChange')).toEqual([])
  })

  test('are read back by each process that goes on where another one was', async () => {
    // Right after a slice has sent the message for the next one: the other process is there first.
    const pauses = [6, 8, 11].map(
      (nth): Fault => ({
        kind: 'pause',
        at: { call: 'queue', nth },
        moment: 'after',
        ms: 5_000,
      }),
    )
    const slices = slicesWithPlan((await playInSlices({ hosts: 2, faults: pauses })).seen)
    expect(slices.filter(({ isHandedOver }) => isHandedOver)).toHaveLength(pauses.length)
    expect(slices.length).toBeGreaterThan(2 * pauses.length)
    expect(slices.map(({ readBack }) => readBack)).toEqual(
      slices.map(({ isHandedOver }) => isHandedOver),
    )
  })

  test('are read back after a process was killed', async () => {
    const crash: Fault = {
      kind: 'crash',
      at: { call: 'zivver_write', nth: 20 },
      moment: 'during',
      restartMs: 1_000,
    }
    const { seen } = await playInSlices({ faults: [crash] })
    const slices = slicesWithPlan(seen)
    expect(slices.filter(({ readBack }) => readBack)).toHaveLength(1)
    expect(slices.map(({ readBack }) => readBack)).toEqual(
      slices.map(({ isHandedOver }) => isHandedOver),
    )
  })

  test('are read back where the row of the lease is gone: the others may be gone as well', async () => {
    const slices = slicesWithPlan((await playInSlices({ leaseLostAfter: 4 })).seen)
    expect(slices.filter(({ readBack }) => readBack)).toHaveLength(1)
    expect(slices.every(({ isHandedOver }) => !isHandedOver)).toBe(true)
  })
})
