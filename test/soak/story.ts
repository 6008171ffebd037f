import type { Expected } from '../oracle/model.ts'
import { changeByHand } from './by-hand.ts'
import type { RoundDraw } from './draw.ts'
import type { SoakWorld } from './soak-world.ts'
import type { Watch } from './watch.ts'

/** What happens to a tenant in a round, one chapter before each run, and where runs must lead from there. */
export class Story {
  /** What the oracle says since the last chapter; `null` before the first. */
  expected: Expected | null = null
  readonly #world: SoakWorld
  readonly #watch: Watch
  readonly #round: RoundDraw
  readonly #tell: (text: string) => void
  #chapters = 0

  constructor(world: SoakWorld, watch: Watch, round: RoundDraw, tell: (text: string) => void) {
    this.#world = world
    this.#watch = watch
    this.#round = round
    this.#tell = tell
  }

  /** Lets things happen, while no run is under way. */
  async next(): Promise<void> {
    await this.#watch.rest()
    const { changes, random } = this.#round
    const count = changes[this.#chapters] ?? 0
    this.#chapters += 1
    const own = random.fork(`chapter ${this.#chapters}`)
    const happened = count === 0 ? [] : await changeByHand(this.#world, own, count)
    for (const text of happened) this.#tell(text)
    this.expected = await this.#watch.follow()
  }
}
