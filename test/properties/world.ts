import { applyPlan } from '../../core/apply/apply.ts'
import { policyOf } from '../../core/config/policy.ts'
import type { Settings } from '../../core/config.ts'
import { isSyncError } from '../../core/errors.ts'
import type { JournalChange } from '../../core/model/change.ts'
import type { Plan, Policy, Snapshot } from '../../core/model/plan.ts'
import type { RunFlags } from '../../core/model/run.ts'
import type { Warning } from '../../core/model/warning.ts'
import { buildPlan } from '../../core/plan/plan.ts'
import { rowsNotLinkedAgain } from '../../core/plan/upkeep.ts'
import { readSnapshot } from '../../core/snapshot/snapshot.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { FakeDirectory } from '../fakes/fake-directory.ts'
import { FakeMailboxSource } from '../fakes/fake-mailbox-source.ts'
import { MemoryJournalStore } from '../fakes/memory-journal-store.ts'
import { MemoryMappingStore } from '../fakes/memory-mapping-store.ts'
import { MemoryReadingStore } from '../fakes/memory-reading-store.ts'
import type { Actual } from '../oracle/compare.ts'
import type { Before } from '../oracle/model.ts'
import type { Random } from '../simulators/shared/random.ts'
import type { BuiltTenant } from '../simulators/tenant/build-tenant.ts'
import type { Tenant } from '../simulators/tenant/tenant.ts'
import { type Circumstances, settingsOf } from './circumstances.ts'
import { otherDivision, withHistory } from './history.ts'
import { InProcessZivver } from './in-process-zivver.ts'
import { readTenant } from './read-tenant.ts'

/** The flags that planning sees. */
export type PlanFlags = Pick<RunFlags, 'reset_account_mapping' | 'relink'>

/** How a run ended: the code of what stopped it before anything was written, or what it planned and did. */
export interface RunEnd {
  readonly error: string | null
  readonly changes: readonly JournalChange[]
  readonly warnings: readonly Warning[]
}

const logger = { log: () => undefined }

/** A tenant, a Zivver and the tables, all in this process; runs go through the real stages. */
export class World {
  readonly tenant: Tenant
  readonly zivver: InProcessZivver
  readonly circumstances: Circumstances
  readonly mappings = new MemoryMappingStore()
  /** What the last preview was made from; `null` = none, or it read nothing. */
  lastPlanned: { readonly snapshot: Snapshot; readonly policy: Policy } | null = null
  readonly #settings: Settings
  readonly #source = new FakeMailboxSource()
  readonly #directory = new FakeDirectory()
  readonly #readings = new MemoryReadingStore()
  readonly #clock = new FakeClock()
  readonly #journals = new MemoryJournalStore({ clock: this.#clock, leaseSeconds: 3600 })
  #runs = 0

  constructor(random: Random, built: BuiltTenant, circumstances: Circumstances) {
    const { guests, outsideOrganization } = circumstances.upstream
    this.tenant = built.tenant
    this.circumstances = circumstances
    this.#settings = settingsOf(circumstances.settings, built.tenant.id)
    this.zivver = new InProcessZivver(random.fork('zivver'), {
      guests,
      outsideOrganization,
      divisions: [otherDivision],
    })
    const history = random.fork('history')
    this.zivver.organisation.seed(built.accounts.map((account) => withHistory(account, history)))
  }

  /** Reads and plans; the account writer is not even at hand. */
  preview(flags: PlanFlags): Promise<RunEnd> {
    return this.#run(async () => {
      const policy = await this.#nextPolicy(flags)
      const snapshot = await this.#readSnapshot(flags)
      this.lastPlanned = { snapshot, policy }
      const { changes, warnings } = buildPlan(snapshot, policy)
      return { error: null, changes: changes.map(planned), warnings }
    })
  }

  /** Reads, plans and applies, as a run does that the guard lets pass. */
  sync(flags: PlanFlags): Promise<RunEnd> {
    return this.#run(async () => {
      const policy = await this.#nextPolicy(flags)
      const plan = buildPlan(await this.#readSnapshot(flags), policy)
      const { rows, removeRows } = plan.upkeep
      await this.mappings.write({ upsert: rows, remove: removeRows })
      return this.#apply(plan, policy)
    })
  }

  /** Reads what a plan is made from; the tenant as it is now. */
  async #readSnapshot({ reset_account_mapping: reset }: PlanFlags): Promise<Snapshot> {
    this.#readTenant()
    const settings = this.#settings
    const outcome = await readSnapshot(
      {
        source: this.#source,
        directory: this.#directory,
        target: this.zivver,
        mappings: this.mappings,
        readings: this.#readings,
        clock: this.#clock,
        logger,
      },
      {
        runId: String(this.#runs),
        includedDomains: new Set(settings.includedDomains),
        sourceFilter: settings.sourceFilter,
        nestedGroups: settings.nestedGroups,
        delegates: settings.delegates,
        userDelegationMaxAgeHours: 0,
        resetAccountMapping: reset,
        deadline: Number.POSITIVE_INFINITY,
        checkpoint: async () => undefined,
        onProgress: () => undefined,
      },
    )
    if (outcome.status !== 'complete') throw new Error('there is no deadline')
    return outcome.snapshot
  }

  /** What the oracle is given. */
  before(flags: PlanFlags): Before {
    return {
      tenant: this.tenant.toJSON(),
      ...this.actual(),
      ...this.circumstances,
      flags: { resetAccountMapping: flags.reset_account_mapping, relink: flags.relink },
    }
  }

  /** What is really there. */
  actual(): Actual {
    return {
      accounts: this.zivver.organisation.views(),
      rows: [...this.mappings.rows.values()],
    }
  }

  async #run(work: () => Promise<RunEnd>): Promise<RunEnd> {
    this.lastPlanned = null
    try {
      return await work()
    } catch (error) {
      if (!isSyncError(error)) throw error
      return { error: error.code, changes: [], warnings: [] }
    }
  }

  async #nextPolicy(flags: PlanFlags): Promise<Policy> {
    this.#runs += 1
    await this.#clock.advance(3_600_000)
    const run = { now: this.#clock.now().toISOString(), runId: String(this.#runs) }
    return policyOf(this.#settings, flags, run)
  }

  async #apply(plan: Plan, { runId, resetAccountMapping }: Policy): Promise<RunEnd> {
    const warnings = [...plan.warnings]
    const journal = await this.#journals.acquire(runId, 'test', await this.#journals.sight(runId))
    if (journal === null) throw new Error('nobody else works on the run')
    const changes = plan.changes.map(planned)
    await journal.storePlan(changes)
    const result = await applyPlan(
      { writer: this.zivver, journal, mappings: this.mappings, clock: this.#clock, logger },
      changes,
      {
        deadline: Number.POSITIVE_INFINITY,
        concurrency: 16,
        mayBegin: async () => () => undefined,
        onProgress: () => undefined,
        onWarning: (warning) => warnings.push(warning),
      },
    )
    if (resetAccountMapping) {
      const remove = rowsNotLinkedAgain(await this.mappings.list(), result.changes, runId)
      await this.mappings.write({ upsert: [], remove })
    }
    return { error: null, changes: result.changes, warnings }
  }

  #readTenant(): void {
    const { unreadableMailboxes, readsHiddenMembers } = this.circumstances.upstream
    const options = { unreadable: unreadableMailboxes, readsHiddenMembers }
    const reading = readTenant(this.tenant, options)
    const { mailboxes, permissions, recipients, groups, objects } = reading
    Object.assign(this.#source, { mailboxes, permissions, recipients })
    Object.assign(this.#directory, { groups, objects })
  }
}

const planned = (change: Plan['changes'][number]): JournalChange => ({ ...change, stepsDone: 0 })
