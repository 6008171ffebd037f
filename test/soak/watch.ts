import { setTimeout as sleep } from 'node:timers/promises'
import type { Write } from '../simulators/zivver/write-log.ts'
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

const lookEveryMs = 150

/** Looks at Zivver and at the mapping table all through a round, and holds what is there against the oracle. */
export class Watch {
  /** Calls in the fullest window of the world so far, as a share of the rate limit. */
  fullest = 0
  readonly #world: SoakWorld
  readonly #findings: Findings
  readonly #round: Round
  /** Sequence of the last write that earlier rounds saw. */
  readonly #since: number
  #writes: readonly Write[] = []
  #stopped = false
  readonly #looking: Promise<void>
  /** Why it could not look any more. */
  #failure: { readonly error: unknown } | null = null

  constructor(world: SoakWorld, findings: Findings, round: Round, since: number) {
    this.#world = world
    this.#findings = findings
    this.#round = round
    this.#since = since
    this.#looking = this.#lookOn().catch((error: unknown) => {
      this.#failure = { error }
    })
  }

  /** All writes of the round so far. */
  get writes(): readonly Write[] {
    return this.#writes
  }

  /** Looks for the last time; once. @throws what kept it from looking */
  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    await this.#looking
    if (this.#failure !== null) throw this.#failure.error
    await this.look()
    await this.#judgePace()
  }

  async #lookOn(): Promise<void> {
    while (!this.#stopped) {
      await this.look()
      await sleep(lookEveryMs)
    }
  }

  async look(): Promise<void> {
    // Writes first: what they did shows in what is read after them.
    const writes = await this.#world.writes(this.#since)
    const [{ accounts, violations }, rows] = await Promise.all([
      this.#world.zivverState(),
      this.#world.table.rows(),
    ])
    this.#writes = writes
    const sight = { writes, accounts, rows }
    const { wakes } = this.#world
    this.#findings.add('wrong suspension', wrongSuspensions(this.#round, sight))
    this.#findings.add('duplicate', duplicates(this.#round, sight, strayAfter(wakes)))
    this.#findings.add('lost mapping', lostMappings(this.#round, rows, []))
    const met = violations.filter((violation) => !strayAfter(wakes)(violation))
    this.#findings.add(
      'duplicate',
      met.map(({ message }) => message),
    )
    const broken = accounts.filter(({ ssoBroken }) => ssoBroken)
    if (this.#world.draw.settings.ssoAccountKey === 'object_id') {
      this.#findings.add(
        'not converged',
        broken.map(({ address }) => `${address} can no longer log in by SSO`),
      )
    }
  }

  /** Each change that a run tells as applied has its row by now. */
  async judgeApplied(applied: readonly AppliedChange[]): Promise<void> {
    const rows = await this.#world.table.rows()
    this.#findings.add('lost mapping', lostMappings(this.#round, rows, applied))
  }

  async #judgePace(): Promise<void> {
    const { services, draw, wakes } = this.#world
    const arrivals = (await services.zivver.entries(0)).map(({ at }) => at)
    this.#findings.add('rate violation', rateViolations(arrivals, draw.rateLimit, wakes))
    this.fullest = fullestWindow(arrivals, draw.rateLimit) / draw.rateLimit.requests
  }
}
