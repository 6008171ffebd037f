import { setTimeout as sleep } from 'node:timers/promises'
import type { RunJson } from '../../core/api/run.ts'
import { compare } from '../oracle/compare.ts'
import type { Expected } from '../oracle/model.ts'
import { expectedFinalState } from '../oracle/oracle.ts'
import type { Findings } from './findings.ts'
import {
  type AppliedChange,
  duplicates,
  fullestWindow,
  lostMappings,
  type Round,
  rateViolations,
  strayAfter,
  wrongSuspensions,
} from './judge.ts'
import type { SoakWorld } from './soak-world.ts'
import type { Tally } from './tally.ts'

const lookEveryMs = 150

/** Warnings that say what a run could not bring to its end, though nothing failed. */
const leavesSomething: ReadonlySet<string> = new Set(['DELEGATES_UNKNOWN', 'DELEGATE_LEFT_OUT'])

/** Looks at Zivver and at the mapping table all the time, and holds what is there against the oracle. */
export class Watch implements AsyncDisposable {
  readonly #world: SoakWorld
  readonly #findings: Findings
  readonly #tally: Tally
  readonly #looking: Promise<void>
  /** What the world is held to; `null` while nothing is expected of it. */
  #round: Round | null = null
  /** Sequence of the last write before it. */
  #since = 0
  /** Every call that Zivver got. */
  readonly #arrivals: number[] = []
  #lastCall = 0
  #look: Promise<void> = Promise.resolve()
  #isOver = false
  /** Why it could not look any more. */
  #failure: { readonly error: unknown } | null = null

  constructor(world: SoakWorld, findings: Findings, tally: Tally) {
    this.#world = world
    this.#findings = findings
    this.#tally = tally
    this.#looking = this.#lookOn().catch((error: unknown) => {
      this.#failure = { error }
    })
  }

  /** Holds the world to another end from now on. @returns that end */
  async follow(): Promise<Expected> {
    const before = await this.#world.before({ resetAccountMapping: false, relink: [] })
    const expected = expectedFinalState(before)
    this.#since = (await this.#world.writes(0)).at(-1)?.sequence ?? 0
    this.#round = { before, expected }
    return expected
  }

  /** Looks once more, and then no longer until there is something to follow. @throws what kept it from looking */
  async rest(): Promise<void> {
    await this.#look
    if (this.#failure !== null) throw this.#failure.error
    if (this.#round === null) return
    await this.#lookAt(this.#round)
    this.#round = null
    await this.#judgePace()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    await this.#looking
  }

  async #lookOn(): Promise<void> {
    while (!this.#isOver) {
      this.#look = this.#round === null ? Promise.resolve() : this.#lookAt(this.#round)
      await this.#look
      await sleep(lookEveryMs)
    }
  }

  async #lookAt(round: Round): Promise<void> {
    // Writes first: what they did shows in what is read after them.
    const writes = await this.#world.writes(this.#since)
    const [{ accounts, violations }, rows] = await Promise.all([
      this.#world.zivverState(),
      this.#world.table.rows(),
    ])
    const sight = { writes, accounts, rows }
    const mayBeStray = strayAfter(this.#world.wakes)
    const met = violations.filter((violation) => !mayBeStray(violation))
    const broken = this.#world.draw.settings.ssoAccountKey === 'object_id' ? accounts : []
    this.#findings.add('wrong suspension', wrongSuspensions(round, sight))
    this.#findings.add('lost mapping', lostMappings(round, rows, []))
    this.#findings.add('duplicate', [
      ...duplicates(round, sight, mayBeStray),
      ...met.map(({ message }) => message),
    ])
    this.#findings.add(
      'not converged',
      broken.flatMap((account) =>
        account.ssoBroken ? [`${account.address} can no longer log in by SSO`] : [],
      ),
    )
  }

  /** Each change that a run tells as applied has its row by now. */
  async judgeApplied(applied: readonly AppliedChange[]): Promise<void> {
    if (this.#round === null) return
    const rows = await this.#world.table.rows()
    this.#findings.add('lost mapping', lostMappings(this.#round, rows, applied))
  }

  /**
   * A sync that says it succeeded has left what the oracle wants, but for what it warned of, and for writes that Zivver
   * only said it had made.
   */
  async judgeSuccess({ id, status, mode, warnings }: RunJson): Promise<void> {
    const round = this.#round
    const isExcused = warnings.some(({ code }) => leavesSomething.has(code))
    if (round === null || status !== 'succeeded' || mode !== 'sync' || isExcused) return
    const writes = await this.#world.writes(this.#since)
    if (writes.some(({ outcome }) => outcome === 'ignored')) return
    const actual = { accounts: await this.#world.accounts(), rows: await this.#world.table.rows() }
    const differences = compare(round.expected, actual)
    this.#findings.add(
      'not converged',
      differences.map((text) => `run ${id} says that it succeeded: ${text}`),
    )
  }

  async #judgePace(): Promise<void> {
    const { services, draw, wakes } = this.#world
    const entries = await services.zivver.entries(this.#lastCall)
    this.#lastCall = entries.at(-1)?.sequence ?? this.#lastCall
    this.#arrivals.push(...entries.map(({ at }) => at))
    const { rateLimit } = draw
    this.#findings.add('rate violation', rateViolations(this.#arrivals, rateLimit, wakes))
    const fullest = fullestWindow(this.#arrivals, rateLimit) / rateLimit.requests
    this.#tally.fullest = Math.max(this.#tally.fullest, fullest)
  }
}
