import type { TransactionAction } from '@azure/data-tables'
import type { RunRecord, RunStatus } from '../../model/run.ts'
import type { Logger, RunRequestAnswer, RunStore } from '../../ports.ts'
import { encodeKey } from './keys.ts'
import { isFinalRow, RunHistory, writeAttempts } from './run-history.ts'
import { isRunId } from './run-id.ts'
import { decodeRuns } from './run-row.ts'
import {
  freeActive,
  occupyActive,
  occupyWaiting,
  readSlots,
  type Slots,
  waitingSlot,
} from './run-slots.ts'
import { nextRepair, type SlotRepair } from './slot-repair.ts'
import type { Table, TableRow } from './table.ts'
import { deletionOf } from './transactions.ts'

/** `CloudSyncRuns` of one tenant: its history and its two slots (see `run-slots.ts`). */
export class TableRunStore implements RunStore {
  readonly #table: Table
  readonly #partition: string
  readonly #history: RunHistory
  readonly #logger: Logger

  constructor(table: Table, tenantPartition: string, logger: Logger) {
    this.#table = table
    this.#partition = encodeKey(tenantPartition)
    this.#history = new RunHistory(table, this.#partition, logger)
    this.#logger = logger
  }

  async request(run: RunRecord): Promise<RunRequestAnswer> {
    if (!isRunId(run.id)) throw new RangeError(`not a run id: ${run.id}`)
    const row = await this.#history.prepareRow(run.id, run)
    const create: TransactionAction = ['create', { partitionKey: this.#partition, ...row }]
    for (let attempt = 0; attempt < writeAttempts; attempt++) {
      const { active, waiting } = await this.#readSlots()
      // Ours already: the answer to an earlier attempt got lost.
      if (active?.runId === run.id || waiting?.runId === run.id) return { status: 'queued', run }
      const obstacle = run.trigger === 'schedule' ? waiting : (active ?? waiting)
      if (obstacle !== null) return { status: 'conflict', activeRun: obstacle.runId }
      const slot =
        active === null
          ? occupyActive(this.#partition, run.id)
          : occupyWaiting(this.#partition, run.id, active)
      const answer = await this.#table.submit([create, ...slot])
      if (answer.status === 'done') return { status: 'queued', run }
      // An active slot without its run would refuse every run behind it.
      if (answer.reason === 'missing') await this.unfinished()
    }
    throw this.#history.tooManyAttempts('requested')
  }

  get(id: string): Promise<RunRecord | null> {
    return this.#history.get(id)
  }

  list(
    limit: number,
    continuation?: string,
  ): Promise<{ runs: readonly RunRecord[]; continuation?: string }> {
    return this.#history.list(limit, continuation)
  }

  claim(id: string, fence: number): Promise<RunRecord | null> {
    return this.#history.claim(id, fence)
  }

  update(id: string, properties: Partial<RunRecord>, fence: number): Promise<void> {
    return this.#history.update(id, properties, fence)
  }

  async finish(
    run: RunRecord & { readonly status: RunStatus },
  ): Promise<{ promoted: string | null }> {
    const row = await this.#history.prepareRow(run.id, run)
    this.#history.forget(run.id)
    for (let attempt = 0; attempt < writeAttempts; attempt++) {
      const stored = await this.#history.readRow(run.id)
      const slots = await this.#readSlots()
      if (stored === null || isFinalRow(stored)) return { promoted: nextAfter(run.id, slots) }
      const entity = { partitionKey: this.#partition, ...row }
      const answer = await this.#table.submit([
        ['update', entity, 'Replace', { etag: stored.etag }],
        ...this.#leave(run.id, slots),
      ])
      if (answer.status === 'done') {
        const wasActive = slots.active?.runId === run.id
        return { promoted: wasActive ? (slots.waiting?.runId ?? null) : null }
      }
    }
    throw this.#history.tooManyAttempts(`run ${run.id} finished`)
  }

  async slots(): Promise<{ readonly active: string | null; readonly waiting: string | null }> {
    const { active, waiting } = await this.#readSlots()
    return { active: active?.runId ?? null, waiting: waiting?.runId ?? null }
  }

  /** The run in the active slot comes first, the others follow by age. */
  async unfinished(): Promise<readonly RunRecord[]> {
    for (let attempt = 0; attempt < writeAttempts; attempt++) {
      // Slots first: a run whose slot was seen has a row by then, or has ended since.
      const slots = await this.#readSlots()
      const rows = await this.#history.unfinishedRows()
      const candidates = rows.map((row) => ({ id: row.rowKey, etag: row.etag }))
      const repair = nextRepair(this.#partition, slots, candidates)
      if (repair === null) {
        const isActive = (row: TableRow): boolean => row.rowKey === slots.active?.runId
        const others = rows.filter((row) => !isActive(row))
        return decodeRuns(this.#table, [...rows.filter(isActive), ...others])
      }
      await this.#repair(repair)
    }
    throw this.#history.tooManyAttempts('healed')
  }

  finishedBefore(before: string): Promise<readonly string[]> {
    return this.#history.finishedBefore(before)
  }

  remove(id: string): Promise<void> {
    return this.#history.remove(id)
  }

  #readSlots(): Promise<Slots> {
    return readSlots(this.#table, this.#partition)
  }

  #leave(runId: string, { active, waiting }: Slots): TransactionAction[] {
    if (active?.runId === runId) return freeActive(this.#partition, active, waiting)
    return waiting?.runId === runId ? [deletionOf(this.#partition, waitingSlot)] : []
  }

  async #repair(repair: SlotRepair): Promise<void> {
    const answer =
      'free' in repair
        ? await this.#table.remove(this.#partition, repair.free, repair.etag)
        : await this.#table.submit(repair.actions)
    if (answer.status === 'done') this.#logger.log('WARNING', `slot healed: ${repair.why}`)
  }
}

// The run has ended already (a lost answer, another host). Whoever is active now may still wait for a message; one
// message too many is dropped by the lease.
function nextAfter(runId: string, { active }: Slots): string | null {
  return active === null || active.runId === runId ? null : active.runId
}
