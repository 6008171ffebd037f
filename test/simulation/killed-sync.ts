import { isFinal, type RunRecord } from '../../core/model/run.ts'
import { createRandom } from '../simulators/shared/random.ts'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { Tenant } from '../simulators/tenant/tenant.ts'
import { drawSettings } from './draw.ts'
import { expectedOf } from './expectation.ts'
import { type Fault, Faults } from './faults.ts'
import { judgeState } from './judge.ts'
import { allProtections } from './protections.ts'
import { SimTenant } from './sim-tenant.ts'
import { SimWorld } from './sim-world.ts'
import { Witness } from './witness.ts'

const original = buildTenant({
  seed: 11,
  mailboxes: 72,
  existingAccounts: 0.2,
  delegatedUsers: 0.3,
})

/** A sync of 60 accounts in which the host dies at one moment, is started again, and goes on. */
export class KilledSync {
  readonly world: SimWorld
  /** The faults that were in wait during the sync, and how often each class of calls was made. */
  faults = new Faults([])
  readonly #witness = new Witness()

  constructor() {
    const random = createRandom(11)
    const built = { ...original, tenant: new Tenant(structuredClone(original.tenant.toJSON())) }
    this.world = new SimWorld({
      random,
      tenant: new SimTenant(built.tenant),
      accounts: built.accounts,
      settings: {
        ...drawSettings(random, built),
        writeIdentifiers: true,
        delegates: true,
        leaseSeconds: 60,
        sliceSeconds: 480,
        performSync: true,
        zivverRateLimit: { requests: 50, seconds: 10 },
      },
      hosts: 1,
      sendsMail: false,
      clocksAgree: true,
      protections: allProtections,
      guests: [],
      witness: this.#witness.see,
    })
  }

  /** Plays the sync and a second one. @returns what is wrong afterwards, in words */
  async play(faults: readonly Fault[]): Promise<readonly string[]> {
    const { world } = this
    const expected = expectedOf(world, [])
    this.#witness.expected = expected
    const first = await this.#sync(faults)
    this.faults = world.network.faults
    const problems = [
      ...(first?.status === 'succeeded' ? [] : [`the run ended ${first?.status}`]),
      ...judgeState(world, expected),
      ...this.#creates(),
      ...world.violations,
    ]
    const again = await this.#sync([])
    const planned = again === null ? -1 : world.shared.journal.partition(again.id).changes.size
    return planned === 0 ? problems : [...problems, `the second run plans ${planned} changes`]
  }

  async #sync(faults: readonly Fault[]): Promise<RunRecord | null> {
    const { world } = this
    const known = new Set(world.shared.runs.rows.keys())
    world.meet(faults)
    void world.request({ perform_sync: true, allow_large_sync: true })
    if (!(await world.untilQuiet(3_600_000))) return null
    const runs = [...world.shared.runs.rows.values()]
    return runs.find(({ id, status }) => !known.has(id) && isFinal(status)) ?? null
  }

  #creates(): string[] {
    const creates = new Map<string, number>()
    for (const { method, body } of this.world.zivver.writes) {
      if (method !== 'POST') continue
      const { userName, externalId } = body as { userName?: string; externalId?: string }
      const address = userName ?? externalId ?? ''
      creates.set(address, (creates.get(address) ?? 0) + 1)
    }
    return [...creates].flatMap(([address, count]) =>
      count === 1 ? [] : [`${address} was created ${count} times`],
    )
  }
}
