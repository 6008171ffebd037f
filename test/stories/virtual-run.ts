/** Runs of the real core and the real Zivver adapter in virtual time, on storage and a tenant in memory. */
import type { Settings } from '../../core/config.ts'
import { isFinal, type RunPhase, type RunRecord } from '../../core/model/run.ts'
import { calmWorld } from '../simulation/calm-world.ts'
import type { Fault } from '../simulation/faults.ts'
import type { SimWorld } from '../simulation/sim-world.ts'
import { createRandom } from '../simulators/shared/random.ts'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { Tenant } from '../simulators/tenant/tenant.ts'

const original = buildTenant({ seed: 31, mailboxes: 24, existingAccounts: 0.3 })
const longestMs = 24 * 3_600_000

/** A tenant of 24 mailboxes and its installation: one host, which starts again when it dies. */
export class VirtualWorld {
  readonly world: SimWorld
  /** Operation ids of the mails that left, in order. */
  readonly mails: string[] = []
  /** Phase of the active run at the last call before the first fault struck. */
  phaseBefore: RunPhase | null = null

  constructor(settings: Partial<Settings> = {}) {
    const random = createRandom(31)
    const built = { ...original, tenant: new Tenant(structuredClone(original.tenant.toJSON())) }
    this.world = calmWorld({
      random,
      built,
      settings: {
        writeIdentifiers: true,
        performSync: true,
        leaseSeconds: 60,
        sliceSeconds: 480,
        zivverRateLimit: { requests: 50, seconds: 10 },
        ...settings,
      },
      witness: (world, { name, about }) => {
        if (name === 'mail.send') this.mails.push(about[0] ?? '')
        const active = world.shared.runs.rows.get(world.shared.runs.active ?? '')
        if (world.network.faults.fired.length === 0) this.phaseBefore = active?.phase ?? null
      },
    })
  }

  /**
   * Plays a sync to its end, with these faults on its way.
   * @throws Error when it does not end within a day, or something happened that must never be
   */
  async sync(...faults: readonly Fault[]): Promise<RunRecord> {
    const { world } = this
    const known = new Set(world.shared.runs.rows.keys())
    this.phaseBefore = null
    world.meet(faults)
    void world.request({ perform_sync: true, allow_large_sync: true })
    const isQuiet = await world.untilQuiet(longestMs)
    const runs = [...world.shared.runs.rows.values()]
    const run = runs.find(({ id, status }) => !known.has(id) && isFinal(status))
    if (!isQuiet || run === undefined) throw new Error('the run did not come to its end')
    if (world.violations.length > 0) throw new Error(world.violations.join('\n'))
    return run
  }

  /** Changes that a run planned, by what became of them. */
  statuses({ id }: RunRecord): Readonly<Record<string, number>> {
    const changes = [...this.world.shared.journal.partition(id).changes.values()]
    const byStatus = Object.groupBy(changes, ({ status }) => status)
    return Object.fromEntries(
      Object.entries(byStatus).map(([status, of]) => [status, of?.length ?? 0]),
    )
  }
}
