import { expect, test } from 'vitest'
import { createRandom } from '../../simulators/shared/random.ts'
import { buildTenant } from '../../simulators/tenant/build-tenant.ts'
import { drawSettings } from '../draw.ts'
import { expectedOf } from '../expectation.ts'
import { finishedRuns, judgeState } from '../judge.ts'
import { allProtections } from '../protections.ts'
import { SimTenant } from '../sim-tenant.ts'
import type { SimWorld } from '../sim-world.ts'
import { Witness } from '../witness.ts'
import { Provider } from './provider.ts'

const tenants = 8
const workers = 3
const kills = 12
const dayMs = 24 * 3_600_000
const flags = { perform_sync: true, allow_large_sync: true }

/** Tenants that differ in everything: mailboxes, accounts, settings, slices, rate limits. */
function takeTenantsOn(provider: Provider, seed: number): Map<SimWorld, Witness> {
  const witnesses = new Map<SimWorld, Witness>()
  for (let number = 1; number <= tenants; number++) {
    const random = createRandom(seed * tenants + number)
    const built = buildTenant({ seed: number, mailboxes: 20, existingAccounts: 0.4 })
    const witness = new Witness()
    const world = provider.add({
      random: random.fork('world'),
      tenant: new SimTenant(built.tenant),
      accounts: built.accounts,
      settings: drawSettings(random, built),
      sendsMail: false,
      clocksAgree: true,
      protections: allProtections,
      guests: [],
      witness: witness.see,
    })
    witnesses.set(world, witness)
  }
  return witnesses
}

test.each([1, 2, 3])(
  'a few workers serve many tenants from one queue, and die now and then: every tenant ends where its own mailboxes and settings say, touched by nobody else (seed %i)',
  async (seed) => {
    const random = createRandom(seed)
    const provider = new Provider(workers)
    const witnesses = takeTenantsOn(provider, seed)
    const expected = new Map([...witnesses.keys()].map((world) => [world, expectedOf(world, [])]))
    for (const [world, witness] of witnesses) {
      witness.expected = expected.get(world) ?? null
      void world.request(flags)
    }
    for (let kill = 0; kill < kills; kill++) {
      provider.scheduler.after(random.integer(100, 60_000), () => provider.killOne(random))
    }

    expect(await provider.untilQuiet(dayMs)).toBe(true)

    for (const [world, wanted] of expected) {
      expect(world.violations).toEqual([])
      expect(judgeState(world, wanted)).toEqual([])
    }
    for (const world of witnesses.keys()) void world.request(flags)
    expect(await provider.untilQuiet(dayMs)).toBe(true)
    for (const world of witnesses.keys()) {
      const runs = finishedRuns(world, new Set())
      expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
      expect(world.shared.journal.partition(runs[1]?.id ?? '').changes.size).toBe(0)
    }
    const takeovers = [...witnesses.values()].reduce((sum, witness) => sum + witness.takeovers, 0)
    expect(takeovers).toBeGreaterThan(0)
  },
)
