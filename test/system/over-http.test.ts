import { describe, expect, test } from 'vitest'
import { readMappings } from '../demo/mapping-rows.ts'
import { compare } from '../oracle/compare.ts'
import { type Before, healthyUpstream } from '../oracle/model.ts'
import { expectedFinalState } from '../oracle/oracle.ts'
import { applyHandEdits } from '../properties/hand-edits.ts'
import { createRandom } from '../simulators/shared/random.ts'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { randomMutations } from '../simulators/tenant/random-mutations.ts'
import { type Api, World } from './world.ts'

const rounds = 2
const mutationsPerRound = 6

async function stateOf(world: World) {
  const rows = await readMappings(world.env['AzureWebJobsStorage'] ?? '')
  return { accounts: world.zivver.state.views(), rows }
}

/** What the run begins with, as the oracle wants it. */
async function before(world: World, includedDomains: readonly string[]): Promise<Before> {
  return {
    tenant: structuredClone(world.microsoft365.tenant.toJSON()),
    ...(await stateOf(world)),
    settings: {
      includedDomains,
      ssoAccountKey: 'object_id',
      sourceFilter: [],
      nestedGroups: false,
      targetFilter: [],
      notPermitted: [],
      reactivate: 'ours',
      delegates: true,
      writeIdentifiers: true,
    },
    flags: { resetAccountMapping: false, relink: [] },
    upstream: healthyUpstream,
  }
}

/** Syncs, holds the accounts and rows against the oracle, and syncs again: nothing is left to do. */
async function syncAndCompare(api: Api, world: World, includedDomains: readonly string[]) {
  const expected = expectedFinalState(await before(world, includedDomains))
  const run = await api.sync({ perform_sync: true, allow_large_sync: true })
  expect(await api.changes(run.id, '&status=failed')).toEqual([])
  expect(run.status).toBe('succeeded')
  expect(compare(expected, await stateOf(world))).toEqual([])
  const second = await api.sync({ perform_sync: true })
  expect(await api.changes(second.id)).toEqual([])
}

describe('over HTTP the accounts end where an independent oracle says, after random mutations too', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('tenant %i', async (number) => {
    const seed = 3000 + number
    const built = buildTenant({ seed, mailboxes: 30 + number })
    await using world = await World.start(built)
    const api = await world.startHost()
    await syncAndCompare(api, world, built.includedDomains)
    const random = createRandom(seed).fork('mutations')
    for (let round = 0; round < rounds; round++) {
      const mutations = randomMutations(world.microsoft365.tenant, random, mutationsPerRound)
      applyHandEdits(world.zivver.state, mutations)
      await syncAndCompare(api, world, built.includedDomains)
    }
  })
})
