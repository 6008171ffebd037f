import { isLongWait, isSyncError, SyncError } from '../errors.ts'
import type { AccountWrite, ChangeOutcome, JournalChange, WriteStep } from '../model/change.ts'
import type { MappingRow, RefusedAlias } from '../model/mapping.ts'
import type { Warning } from '../model/warning.ts'
import {
  type AccountWriter,
  type Clock,
  type Logger,
  type MappingStore,
  type MayBegin,
  type OpenJournal,
  type ResolvedWrite,
  RunCancelled,
} from '../ports.ts'
import { aliasRefused, aliasStillHeld, delegateLeftOut } from './apply-warnings.ts'
import { Begun } from './begun.ts'
import { Committer } from './committer.ts'
import { HeldAddresses } from './held-addresses.ts'
import { rowOfOpenSuspension } from './open-suspensions.ts'
import { References } from './references.ts'
import { rowAfter } from './row-after.ts'
import { disturb, remainingUnits, type Unit } from './schedule.ts'
import { type StepResult, writeStep } from './write-step.ts'

export interface ApplyPorts {
  readonly writer: AccountWriter
  readonly journal: OpenJournal
  readonly mappings: MappingStore
  readonly clock: Clock
  readonly logger: Logger
}

export interface ApplyOptions {
  /** Monotonic moment after which no further change is begun. */
  readonly deadline: number
  /** Most writes under way at once; the rate limit paces them, this only bounds what a crash leaves open. */
  readonly concurrency: number
  /** Asked right before each request leaves; throws when the run must stop. */
  readonly mayBegin: MayBegin
  readonly onProgress: (progress: ApplyProgress) => void
  readonly onWarning: (warning: Warning) => void
}

interface ApplyProgress {
  readonly done: number
  readonly total: number
}

export interface ApplyResult {
  /** `false` = the slice is over and changes are left. */
  readonly finished: boolean
  readonly changes: readonly JournalChange[]
}

/** So many writes without any answer, one after the other, end the run. */
const mostUnanswered = 16

/** Changes that write only a row touch no upstream: many share one commit. */
const rowsAtOnce = 180

/**
 * Applies a stored plan: in order, a few at a time, each with its mapping row and outcome stored right after it. One
 * rejected change does not stop the others. What stops the run (a lost lease, a cancel, a refused key, a long wait)
 * is thrown after everything under way has ended and is stored.
 */
export async function applyPlan(
  ports: ApplyPorts,
  changes: readonly JournalChange[],
  options: ApplyOptions,
): Promise<ApplyResult> {
  return new Applier(ports, changes, options).run()
}

class Applier {
  readonly #ports: ApplyPorts
  readonly #options: ApplyOptions
  readonly #changes: Map<number, JournalChange>
  readonly #references: References
  readonly #committer: Committer
  readonly #ended = new Map<number, Promise<void>>()
  /** By sequence: aliases that the writes of a change so far were refused for; its last write stores them. */
  readonly #refused = new Map<number, readonly RefusedAlias[]>()
  readonly #underWay = new Map<Promise<void>, Unit>()
  readonly #begun: Begun
  readonly #held: HeldAddresses
  #unansweredInARow = 0
  #done: number
  readonly #total: number
  #stop: { readonly error: unknown } | null = null

  constructor(ports: ApplyPorts, changes: readonly JournalChange[], options: ApplyOptions) {
    this.#ports = ports
    this.#options = options
    this.#changes = new Map(changes.map((change) => [change.sequence, change]))
    this.#references = new References(changes)
    this.#committer = new Committer(ports.journal, ports.mappings)
    this.#begun = new Begun(ports.journal)
    this.#held = new HeldAddresses(changes)
    this.#total = changes.filter((change) => change.status !== 'deferred').length
    this.#done = changes.filter(
      (change) => change.status === 'applied' || change.status === 'failed',
    ).length
  }

  async run(): Promise<ApplyResult> {
    const units = remainingUnits(this.#changes.values())
    let begun = 0
    for (const unit of units) {
      if (unit.stage === 'suspend') await this.#settle()
      while (this.#mustWait(unit)) await Promise.race(this.#underWay.keys())
      if (this.#stop !== null || this.#isOver(begun)) break
      begun += 1
      this.#begin(unit)
    }
    await this.#settle()
    await this.#declareCertain(units)
    if (this.#stop !== null) throw this.#stop.error
    return {
      finished: begun === units.length,
      changes: [...this.#changes.values()],
    }
  }

  #mustWait(unit: Unit): boolean {
    return (
      this.#underWay.size >= this.#limitOf(unit) ||
      [...this.#underWay.values()].some((other) => disturb(unit, other))
    )
  }

  // What an executor left uncertain is settled one by one, each looked up and then made: looked up all at once, they
  // could use up the rate limit's window before any of them is made, slice after slice.
  #limitOf(unit: Unit): number {
    if (unit.stage === 'link') return rowsAtOnce
    const isUncertain = unit.steps.some(
      ({ call, position }) => call === 'create' && this.#begun.isUncertain(position),
    )
    return isUncertain ? 1 : this.#options.concurrency
  }

  // At least one change per slice, so that a run with tiny slices still gets on.
  #isOver(begun: number): boolean {
    return begun > 0 && this.#ports.clock.monotonic() >= this.#options.deadline
  }

  async #settle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.keys())
  }

  #begin(unit: Unit): void {
    const work = this.#runUnit(unit)
      .catch((error: unknown) => this.#stopFor(error))
      .finally(() => {
        this.#underWay.delete(work)
      })
    this.#underWay.set(work, unit)
    if (unit.position > 0) this.#ended.set(unit.position, work)
  }

  // The gravest reason counts: after one outcome that could not be stored, the stop for a wait is no clean one.
  #stopFor(error: unknown): void {
    if (this.#stop === null || graveness(error) > graveness(this.#stop.error)) {
      this.#stop = { error }
    }
  }

  async #runUnit(unit: Unit): Promise<void> {
    for (const position of unit.after) await this.#ended.get(position)
    if (this.#stop !== null) return
    if (this.#change(unit).status !== 'planned') return
    for (const [offset, step] of unit.steps.entries()) {
      const isLast = unit.isLast && offset === unit.steps.length - 1
      await this.#runStep(unit, step, unit.firstStep + offset, isLast)
      if (this.#change(unit).status !== 'planned') return
    }
    if (unit.steps.length === 0) await this.#commitRowOnly(unit)
  }

  #change(unit: Unit): JournalChange {
    const change = this.#changes.get(unit.sequence)
    if (change === undefined) throw new Error(`no change ${unit.sequence} in the plan`)
    return change
  }

  async #runStep(unit: Unit, step: WriteStep, index: number, isLast: boolean): Promise<void> {
    const change = this.#change(unit)
    const { position } = step
    const holder = this.#held.holderOf(step.write.address ?? '')
    if (holder !== undefined) {
      await this.#fail(change, index, stillHeld(step.write.address ?? '', holder))
      return
    }
    await this.#begun.declare(position)
    // What ends it between two tries leaves it open whether it was made.
    if (change.action === 'suspend') this.#begun.unanswered(position)
    const write = this.#resolve(change, step.write)
    const result = await writeStep(change, step, write, this.#begun.isUncertain(position), {
      writer: this.#ports.writer,
      mayBegin: this.#options.mayBegin,
      now: () => this.#ports.clock.now().toISOString(),
      onUnanswered: () => this.#begun.unanswered(position),
    })
    this.#begun.answered(position)
    this.#countUnanswered(result)
    if (!result.ok) {
      const row = result.isUnanswered ? rowOfOpenSuspension(change) : null
      await this.#fail(change, index, result.error, row)
      return
    }
    this.#references.written(change, result.scimId, write.address)
    for (const refusal of result.refused) this.#options.onWarning(aliasRefused(change, refusal))
    const refused = [...(this.#refused.get(change.sequence) ?? []), ...result.refused]
    this.#refused.set(change.sequence, refused)
    const isStored = isLast || step.call === 'create'
    await this.#commit({
      outcome: {
        sequence: change.sequence,
        status: isLast ? 'applied' : 'planned',
        stepsDone: index + 1,
        scimId: result.scimId,
        error: null,
      },
      row: isStored ? rowAfter(change, result.scimId, step.write, refused) : null,
      removeRows: isLast ? change.work.removeRows : [],
    })
  }

  /** What goes over the wire: delegates as they are by now, and no alias that another account still has. */
  #resolve(change: JournalChange, planned: AccountWrite): ResolvedWrite {
    const { write, leftOut } = this.#references.resolve(planned)
    for (const address of leftOut) this.#options.onWarning(delegateLeftOut(change, address))
    if (write.extension === undefined) return write
    const aliases = write.extension.aliases.filter((alias) => {
      const holder = this.#held.holderOf(alias)
      if (holder !== undefined) this.#options.onWarning(aliasStillHeld(change, alias, holder))
      return holder === undefined
    })
    return { ...write, extension: { ...write.extension, aliases } }
  }

  // An upstream that never answers would hold a run for hours, one deadline after the other.
  #countUnanswered(result: StepResult): void {
    this.#unansweredInARow = !result.ok && result.isUnanswered ? this.#unansweredInARow + 1 : 0
    if (this.#unansweredInARow < mostUnanswered) return
    this.#stopFor(
      new SyncError(
        'TARGET_UNREACHABLE',
        `Zivver left ${mostUnanswered} writes in a row without an answer; the rest was not begun`,
      ),
    )
  }

  async #commitRowOnly(unit: Unit): Promise<void> {
    const change = this.#change(unit)
    await this.#options.mayBegin()
    await this.#commit({
      outcome: {
        sequence: change.sequence,
        status: 'applied',
        stepsDone: change.work.steps.length,
        scimId: change.scimId,
        error: null,
      },
      row: change.scimId === null ? null : rowAfter(change, change.scimId, {}, []),
      removeRows: change.work.removeRows,
    })
  }

  async #fail(
    change: JournalChange,
    stepsDone: number,
    error: NonNullable<ChangeOutcome['error']>,
    row: MappingRow | null = null,
  ): Promise<void> {
    if (isParked(change, stepsDone)) await this.#unpark(change)
    this.#held.failed(change)
    await this.#commit({
      outcome: {
        sequence: change.sequence,
        status: 'failed',
        stepsDone,
        scimId: change.scimId,
        error,
      },
      row,
      removeRows: [],
    })
  }

  // An account that was parked and cannot get its new address gets its old one back where that is still free: nobody
  // should find the parking address in the morning. What Zivver answers changes nothing about the failure.
  async #unpark(change: JournalChange): Promise<void> {
    if (change.scimId === null) return
    const answer = await this.#ports.writer.update(
      change.kind,
      change.scimId,
      { address: change.address },
      this.#options.mayBegin,
    )
    if (answer.status !== 'done') {
      this.#ports.logger.log('WARNING', 'a parked account could not get its address back', {
        sequence: change.sequence,
      })
    }
  }

  async #commit(commit: {
    readonly outcome: ChangeOutcome
    readonly row: MappingRow | null
    readonly removeRows: readonly string[]
  }): Promise<void> {
    const { outcome } = commit
    await this.#committer.commit(commit)
    const change = this.#changes.get(outcome.sequence)
    if (change !== undefined) this.#changes.set(outcome.sequence, { ...change, ...outcome })
    if (outcome.status === 'applied' || outcome.status === 'failed') this.#done += 1
    this.#options.onProgress({ done: this.#done, total: this.#total })
  }

  // Everything that had begun has ended and is stored, unless storage or the lease itself made it stop.
  async #declareCertain(units: readonly Unit[]): Promise<void> {
    if (this.#stop !== null && graveness(this.#stop.error) > 1) return
    const left = units.filter((unit) => this.#change(unit).status === 'planned')
    await this.#begun.settle(left.map(({ position }) => position))
  }
}

/** 2 = what happened may not be stored, 1 = the run ends, 0 = the slice ends. */
function graveness(error: unknown): number {
  if (isLongWait(error)) return 0
  const isStored = isSyncError(error) && error.code !== 'STORAGE_UNAVAILABLE'
  return isStored || error instanceof RunCancelled ? 1 : 2
}

function isParked(change: JournalChange, stepsDone: number): boolean {
  return stepsDone > 0 && change.work.steps[stepsDone - 1]?.purpose === 'park'
}

function stillHeld(address: string, holder: string): NonNullable<ChangeOutcome['error']> {
  return {
    code: 'DEPENDENCY_FAILED',
    message: `${address} still belongs to ${holder}, whose own change failed; nothing was sent, and the next run tries both again`,
  }
}
