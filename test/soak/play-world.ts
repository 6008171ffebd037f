import { type CalmFlags, calm, comeToRest } from './calm.ts'
import { drawRound, drawWorld, type RoundDraw, type WorldDraw } from './draw.ts'
import { Findings } from './findings.ts'
import { SoakWorld, type SoakWorldOptions } from './soak-world.ts'
import { Storm } from './storm.ts'
import { Story } from './story.ts'
import type { Tally } from './tally.ts'
import { Watch } from './watch.ts'

export interface PlayOptions extends SoakWorldOptions {
  /** Asked before each round after the first: is there time for it? */
  readonly mayGoOn: () => boolean
  /** Told of what happens, for whoever replays a seed. */
  readonly tell: (text: string) => void
  /** Filled as the world goes on; runs are counted at its end. */
  readonly tally: Tally
  /** In the place of what the seed decides. */
  readonly change?: {
    readonly world?: Partial<WorldDraw>
    readonly round?: (round: RoundDraw) => RoundDraw
  }
}

/**
 * Plays the world of a seed: rounds of faults, each followed by a calm in which all must be well. A world that cannot go
 * on, because a process does not start for example, is one that did not converge.
 */
export async function playWorld(seed: number, options: PlayOptions): Promise<void> {
  const draw = { ...drawWorld(seed), ...options.change?.world }
  try {
    await using world = await SoakWorld.start(draw, options)
    await new Play(world, options).play()
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    options.tally.found(seed, [{ kind: 'not converged', text: `the world broke: ${text}` }])
  }
}

class Play {
  readonly #world: SoakWorld
  readonly #options: PlayOptions
  readonly #findings = new Findings()
  readonly #tally: Tally
  #reused: readonly string[] = []

  constructor(world: SoakWorld, options: PlayOptions) {
    this.#world = world
    this.#options = options
    this.#tally = options.tally
  }

  async play(): Promise<void> {
    this.#tally.worlds = 1
    const { draw } = this.#world
    await using watch = new Watch(this.#world, this.#findings, this.#tally)
    for (let number = 1; number <= draw.rounds; number++) {
      if (number > 1 && !this.#options.mayGoOn()) break
      await this.#playRound(this.#drawRound(number), watch)
      // What follows would only repeat it.
      if (this.#findings.list.length > 0) break
    }
    for (const { mode, status } of (await this.#world.client?.allRuns()) ?? []) {
      this.#tally.runs.add(`${mode} ${status}`)
    }
    this.#tally.found(draw.seed, this.#findings.list)
  }

  #drawRound(number: number): RoundDraw {
    const { draw, storagePid } = this.#world
    const round = drawRound(draw, number, storagePid !== null)
    return this.#options.change?.round?.(round) ?? round
  }

  async #playRound(round: RoundDraw, watch: Watch): Promise<void> {
    const { tell } = this.#options
    tell(`round: ${describe(round)}`)
    const story = new Story(this.#world, watch, round, tell)
    await story.next()
    await new Storm(this.#world, round, watch, this.#findings, this.#tally).rage(() => story.next())
    if (await comeToRest(this.#world, this.#findings)) {
      const flags = this.#drawFlags(round)
      const isPlain = !flags.reset_account_mapping && flags.relink.length === 0
      // With these flags a run may do what the oracle did not promise before.
      if (!isPlain) await watch.rest()
      const promised = isPlain ? story.expected : null
      this.#reused = await calm(this.#world, flags, promised, this.#findings)
    }
    await watch.rest()
    this.#findings.add('not converged', this.#world.crashes)
    await this.#count()
    for (const { kind, text } of this.#findings.list) tell(`${kind}: ${text}`)
  }

  /** Now and then an administrator lets accounts pass to other mailboxes, or starts afresh. */
  #drawFlags({ random }: RoundDraw): CalmFlags {
    return {
      relink: this.#reused.filter(() => random.chance(0.5)),
      reset_account_mapping: random.chance(0.05),
    }
  }

  async #count(): Promise<void> {
    const { runLines } = this.#world
    this.#tally.rounds += 1
    this.#tally.slices = runLines.slices
    this.#tally.takeovers = runLines.takeovers
    const writes = await this.#world.writes(0)
    this.#tally.writes = writes.filter(({ outcome }) => outcome === 'applied').length
  }
}

function describe({ wire, strikes, requests, changes }: RoundDraw): string {
  return JSON.stringify({ changes, requests, wire: wire.map(({ kind }) => kind), strikes })
}
