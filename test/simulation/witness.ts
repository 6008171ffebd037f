import { isFinal } from '../../core/model/run.ts'
import type { PortCall } from '../fakes/port-calls.ts'
import type { Expected } from '../oracle/model.ts'
import type { Write } from '../simulators/zivver/write-log.ts'
import type { SimProcess } from './process.ts'
import type { SimWorld } from './sim-world.ts'

/** Requests that a machine may send after it stood still as a whole: what it had looked at just before. */
const strayAfterFreeze = 16

/** Looks at every effect in the moment it takes place, and says what must never be. */
export class Witness {
  /** What the run under way must leave: whoever it suspends otherwise is suspended wrongly. */
  expected: Expected | null = null
  takeovers = 0
  /** Longest time from a holder's death to the next holder. */
  longestGapMs = 0
  wrongSuspensions = 0
  doubledCreates = 0
  readonly #holders = new Map<string, { process: SimProcess; holder: number }>()
  readonly #strays = new Map<SimProcess, number>()
  #writesSeen = 0
  #arrivals: number[] = []

  readonly see = (world: SimWorld, call: PortCall, process: SimProcess): void => {
    switch (call.name) {
      case 'journal.acquire':
        return this.#acquired(world, call, process)
      case 'journal.record':
        return this.#recorded(world, call)
      case 'mappings.write':
        return this.#mapped(world, call)
      case 'runs.update':
        return this.#told(world, call)
      default:
        if (call.name.startsWith('zivver.')) this.#called(world, process)
    }
  }

  #acquired(world: SimWorld, { about }: PortCall, process: SimProcess): void {
    const [runId = ''] = about
    const { lease } = world.shared.journal.partition(runId)
    const known = this.#holders.get(runId)
    if (lease === null || known?.holder === lease.holder) return
    if (known !== undefined && known.process !== process) this.takeovers += 1
    const diedAt = known?.process.diedAt ?? null
    if (diedAt !== null) {
      this.longestGapMs = Math.max(this.longestGapMs, world.scheduler.now - diedAt)
    }
    this.#holders.set(runId, { process, holder: lease.holder })
  }

  /** An outcome is stored after its mapping row. */
  #recorded(world: SimWorld, { about }: PortCall): void {
    const [runId = '', ...sequences] = about
    const { changes } = world.shared.journal.partition(runId)
    for (const sequence of sequences) {
      const change = changes.get(Number(sequence))
      const row = change?.work.row ?? null
      if (change?.status !== 'applied' || row === null) continue
      if (world.shared.mappings.get(row.key)?.scimId === change.scimId) continue
      world.violations.push(`change ${sequence} of run ${runId} is applied without its mapping row`)
    }
  }

  #mapped(world: SimWorld, { about }: PortCall): void {
    for (const key of about) {
      const row = world.shared.mappings.get(key)
      if (row === undefined || row.active || this.expected === null) continue
      const wanted = this.expected.rows.find((each) => each.key.toLowerCase() === key.toLowerCase())
      if (wanted?.active === false) continue
      this.wrongSuspensions += 1
      world.violations.push(`the row of ${row.address} says suspended, wrongly`)
    }
  }

  /** Progress never runs ahead of what is stored. */
  #told(world: SimWorld, { about }: PortCall): void {
    const run = world.shared.runs.rows.get(about[0] ?? '')
    if (run === undefined || run.phase !== 'applying' || isFinal(run.status)) return
    const { changes } = world.shared.journal.partition(run.id)
    const ended = [...changes.values()].filter(
      ({ status }) => status === 'applied' || status === 'failed',
    )
    if (run.progress.done <= ended.length) return
    world.violations.push(
      `run ${run.id} tells of ${run.progress.done} changes, ${ended.length} are stored`,
    )
  }

  #called(world: SimWorld, process: SimProcess): void {
    const isStray = this.#judgeHolder(world, process)
    // What a paused process had begun comes on top.
    if (!isStray) this.#judgePace(world)
    const { writes } = world.zivver
    for (const write of writes.slice(this.#writesSeen)) this.#judgeWrite(world, write, isStray)
    this.#writesSeen = writes.length
  }

  /** Never more calls than the limit in any window of its length, whichever process makes them. */
  #judgePace(world: SimWorld): void {
    if (!world.clocksAgree) return
    const { requests, seconds } = world.settings.zivverRateLimit
    const { now } = world.scheduler
    this.#arrivals = [...this.#arrivals.slice(-requests), now]
    const first = this.#arrivals.at(-1 - requests)
    if (first === undefined || now - first >= seconds * 1000) return
    world.violations.push(`${requests + 1} calls to Zivver within ${now - first} ms`)
  }

  /** Only the executor calls Zivver; a process that was paused may send the one request that it had begun. */
  #judgeHolder(world: SimWorld, process: SimProcess): boolean {
    const { active } = world.shared.runs
    const holder = active === null ? undefined : this.#holders.get(active)
    if (holder?.process === process) return false
    const strays = (this.#strays.get(process) ?? 0) + 1
    this.#strays.set(process, strays)
    const allowed = process.frozenMs > 0 ? strayAfterFreeze : process.pauses
    if (strays > allowed) {
      world.violations.push(`${process.name} sent ${strays} requests after it lost the run`)
    }
    return true
  }

  #judgeWrite(world: SimWorld, write: Write, isStray: boolean): void {
    const body = write.body as { active?: boolean }
    const isRefused = write.outcome === 'refused' && /already taken/i.test(write.message ?? '')
    if (write.method === 'POST' && isRefused && !isStray) {
      this.doubledCreates += 1
      world.violations.push(`an account is created again: ${write.message}`)
    }
    if (write.outcome !== 'applied' || body.active !== false || this.expected === null) return
    if (this.expected.accounts.find(({ id }) => id === write.id)?.active === false) return
    this.wrongSuspensions += 1
    world.violations.push(`${write.id} is suspended, wrongly`)
  }
}
