import { isFinal, type RunRecord, type RunStatus } from '../../core/model/run.ts'
import type { Expected } from '../oracle/model.ts'
import { createRandom } from '../simulators/shared/random.ts'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { Tenant } from '../simulators/tenant/tenant.ts'
import { calmWorld } from './calm-world.ts'
import { expectedOf } from './expectation.ts'
import { type Fault, Faults } from './faults.ts'
import { judgeState } from './judge.ts'
import type { SimWorld } from './sim-world.ts'
import { Witness } from './witness.ts'

const original = buildTenant({
  seed: 11,
  mailboxes: 72,
  existingAccounts: 0.2,
  delegatedUsers: 0.3,
})

const longestMs = 3_600_000

/** A sync of 60 accounts in which the host dies at one moment, is started again, and goes on. */
export class KilledSync {
  readonly world: SimWorld
  /** The faults that were in wait during the sync, and how often each class of calls was made. */
  faults = new Faults([])
  readonly #witness = new Witness()

  constructor() {
    const random = createRandom(11)
    const built = { ...original, tenant: new Tenant(structuredClone(original.tenant.toJSON())) }
    this.world = calmWorld({
      random,
      built,
      settings: {
        writeIdentifiers: true,
        delegates: true,
        leaseSeconds: 60,
        sliceSeconds: 480,
        performSync: true,
        zivverRateLimit: { requests: 50, seconds: 10 },
      },
      sendsMail: false,
      witness: this.#witness.see,
    })
  }

  /** Plays the sync and a second one. @returns what is wrong afterwards, in words */
  async play(faults: readonly Fault[]): Promise<readonly string[]> {
    const expected = this.#expect()
    const first = await this.#sync(faults)
    this.faults = this.world.network.faults
    return [...this.#judge(first, expected), ...(await this.#planAgain())]
  }

  /**
   * Plays the sync, which does not come to a good end, one that does the rest, and one more.
   * @param end how the first one ends; it is cancelled right after the fault, and after a crash as soon as a host is back
   */
  async playInTwo(
    fault: Fault,
    end: 'cancelled' | 'completed_with_errors',
  ): Promise<readonly string[]> {
    const expected = this.#expect()
    const first = await this.#sync([fault], end)
    this.faults = this.world.network.faults
    const second = await this.#sync([])
    return [
      ...(first?.status === end ? [] : [`the run ended ${first?.status}`]),
      ...this.#judge(second, expected),
      ...(await this.#planAgain()),
    ]
  }

  #expect(): Expected {
    const expected = expectedOf(this.world, [])
    this.#witness.expected = expected
    return expected
  }

  #judge(run: RunRecord | null, expected: Expected): string[] {
    const { world } = this
    return [
      ...(run?.status === 'succeeded' ? [] : [`the run ended ${run?.status}`]),
      ...judgeState(world, expected),
      ...this.#creates(),
      ...world.violations,
    ]
  }

  async #planAgain(): Promise<string[]> {
    const again = await this.#sync([])
    const { journal } = this.world.shared
    const planned = again === null ? -1 : journal.partition(again.id).changes.size
    return planned === 0 ? [] : [`the last run plans ${planned} changes`]
  }

  async #sync(faults: readonly Fault[], end?: RunStatus): Promise<RunRecord | null> {
    const { world } = this
    const known = new Set(world.shared.runs.rows.keys())
    world.meet(faults)
    void world.request({ perform_sync: true, allow_large_sync: true })
    if (end === 'cancelled') {
      const [first] = world.hosts
      const isBack = () => world.hosts.some((host) => host !== first && host.process.isRunning)
      const isCrash = faults.some(({ kind }) => kind === 'crash')
      const hasFired = () => world.network.faults.fired.length > 0
      if (!(await world.scheduler.runUntil(isCrash ? isBack : hasFired, longestMs))) return null
      void world.cancel()
    }
    if (!(await world.untilQuiet(longestMs))) return null
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
