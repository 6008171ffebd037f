import type { RunRecord } from '../../core/model/run.ts'
import type { Expected } from '../oracle/model.ts'
import { applyHandEdits } from '../properties/hand-edits.ts'
import { createRandom } from '../simulators/shared/random.ts'
import { drawGuests, drawRound, drawSettings, drawTenant, earlyFault, type Round } from './draw.ts'
import { expectedOf } from './expectation.ts'
import type { Fault } from './faults.ts'
import { finishedRuns, judgeRound, judgeState } from './judge.ts'
import { allProtections, type Protections } from './protections.ts'
import { SimTenant } from './sim-tenant.ts'
import { SimWorld } from './sim-world.ts'
import { Witness } from './witness.ts'

/** How one schedule went. */
export interface Verdict {
  readonly seed: number
  /** What must not be, in words; none = all is well. */
  readonly problems: readonly string[]
  readonly fired: readonly Fault[]
  readonly runs: readonly RunRecord[]
  readonly interleaving: number
  readonly accounts: number
  readonly takeovers: number
  readonly virtualMs: number
  readonly trace: readonly string[]
}

const roundLimitMs = 4 * 3_600_000
/** Storage calls, and the wait for the queue. */
const slackMs = 10_000
const calm: Round = {
  mutations: 0,
  flags: { perform_sync: true, allow_large_sync: true },
  trigger: 'manual',
  second: 'none',
  faults: [],
}

/** Plays the schedule of a seed. The same seed plays the same schedule, on every machine. */
export async function playSchedule(
  seed: number,
  {
    protections = allProtections,
    isTraced = false,
  }: { protections?: Protections; isTraced?: boolean } = {},
): Promise<Verdict> {
  const schedule = new Schedule(seed, protections)
  if (isTraced) schedule.world.network.trace = []
  return schedule.play()
}

class Schedule {
  readonly world: SimWorld
  readonly #seed: number
  readonly #random
  readonly #witness = new Witness()
  readonly #guests: readonly string[]
  readonly #fired: Fault[] = []
  readonly #runs: RunRecord[] = []
  readonly #problems: string[] = []

  constructor(seed: number, protections: Protections) {
    const random = createRandom(seed)
    const built = drawTenant(random)
    this.#seed = seed
    this.#random = random
    this.#guests = drawGuests(random, built)
    this.world = new SimWorld({
      random: random.fork('world'),
      tenant: new SimTenant(built.tenant),
      accounts: built.accounts,
      settings: drawSettings(random, built),
      hosts: random.pick([1, 2, 2]),
      sendsMail: seed % 400 === 0,
      clocksAgree: random.chance(0.7),
      protections,
      guests: this.#guests,
      witness: this.#witness.see,
    })
  }

  async play(): Promise<Verdict> {
    const { world } = this
    const rounds = this.#random.integer(1, 2)
    for (let number = 1; number <= rounds && this.#problems.length === 0; number++) {
      const isLast = number === rounds
      const round = drawRound(this.#random, number === 1, number === 1)
      const hasFired = this.#fired.length > 0 || !isLast
      const faults = hasFired ? round.faults : [earlyFault(this.#random), ...round.faults]
      await this.#playRound({ ...round, faults })
    }
    await this.#playCalm()
    return {
      seed: this.#seed,
      problems: [...this.#problems, ...world.violations],
      fired: this.#fired,
      runs: this.#runs,
      interleaving: world.network.interleaving,
      accounts: world.zivver.organisation.accounts.size,
      takeovers: this.#witness.takeovers,
      virtualMs: world.scheduler.now,
      trace: world.network.trace ?? [],
    }
  }

  /** After all that went wrong, one undisturbed run mends everything, and the next has nothing to do. */
  async #playCalm(): Promise<void> {
    if (this.#problems.length > 0 || this.world.violations.length > 0) return
    const expected = await this.#playRound(calm)
    if (this.#problems.length > 0) return
    this.#problems.push(...judgeState(this.world, expected))
    const known = new Set(this.world.shared.runs.rows.keys())
    await this.#playRound(calm, expected)
    for (const { id } of finishedRuns(this.world, known)) {
      const { changes } = this.world.shared.journal.partition(id)
      const again = [...changes.values()].filter(({ status }) => status !== 'deferred')
      for (const { action, address, reason } of again) {
        this.#problems.push(`a second run plans to ${action} ${address}: ${reason}`)
      }
    }
  }

  /** @param unchanged what the accounts must stay, where nothing happened since; else it is worked out */
  async #playRound(round: Round, unchanged?: Expected): Promise<Expected> {
    const { world } = this
    if (round.mutations > 0) {
      const done = world.tenant.mutate(this.#random, round.mutations)
      applyHandEdits(world.zivver.organisation, done)
      for (const { text } of done) world.network.trace?.push(text)
    }
    world.tenant.hide(null)
    const expected = unchanged ?? expectedOf(world, this.#guests)
    this.#witness.expected = expected
    this.#witness.longestGapMs = 0
    const known = new Set(world.shared.runs.rows.keys())
    const writesBefore = world.zivver.writes.length
    world.meet(round.faults)
    void world.request(round.flags, round.trigger)
    if (round.second !== 'none') void world.request(round.flags, round.second)
    if (!(await world.untilQuiet(roundLimitMs))) {
      this.#problems.push('the round did not come to its end')
    }
    const { fired } = world.network.faults
    const runs = finishedRuns(world, known)
    this.#fired.push(...fired)
    this.#runs.push(...runs)
    this.#problems.push(...judgeRound(world, runs, fired, expected, writesBefore))
    this.#problems.push(...this.#judgeTakeover(fired))
    return expected
  }

  /** A run whose host was killed moves on within its lease and a minute, once a host runs (contract, section 9). */
  #judgeTakeover(fired: readonly Fault[]): string[] {
    const [only, ...others] = fired
    if (only?.kind !== 'crash' || others.length > 0) return []
    const { leaseSeconds } = this.world.settings
    const mostMs = leaseSeconds * 1000 + 60_000 + only.restartMs + slackMs
    const { longestGapMs } = this.#witness
    return longestGapMs <= mostMs ? [] : [`after a kill the run stood still for ${longestGapMs} ms`]
  }
}
