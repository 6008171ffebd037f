/** The part of a round in which faults go on: runs are asked for, one after another, and nothing is left in peace. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal } from '../../core/model/run.ts'
import type { Request, RoundDraw } from './draw.ts'
import type { Findings } from './findings.ts'
import type { HostClient, Requested } from './host-client.ts'
import type { SoakWorld } from './soak-world.ts'
import { Striker } from './striker.ts'
import type { Strike } from './strikes.ts'
import type { Tally } from './tally.ts'
import type { Watch } from './watch.ts'
import { Wire } from './wire.ts'

const turnMs = 50
const allowed = { perform_sync: true, allow_large_sync: true }

export class Storm {
  readonly #round: RoundDraw
  readonly #striker: Striker
  readonly #wire: Wire
  readonly #asker: Asker

  constructor(
    world: SoakWorld,
    round: RoundDraw,
    watch: Watch,
    findings: Findings,
    { strikes, faults }: Tally,
  ) {
    this.#round = round
    this.#striker = new Striker(world, strikes)
    this.#wire = new Wire(world, round, faults)
    this.#asker = new Asker(world, round.requests, watch, findings)
  }

  /** @param change lets more happen to the tenant; called while no run is under way */
  async rage(change: () => Promise<void>): Promise<void> {
    await this.#wire.holdWrites()
    const began = performance.now()
    let waiting: readonly Strike[] = this.#round.strikes
    const isOver = (ms: number) =>
      ms > this.#round.stormMs || (this.#asker.isDone && waiting.length === 0)
    for (let ms = 0; !isOver(ms); ms = performance.now() - began) {
      await this.#wire.turn(ms)
      await this.#asker.turn(change)
      const due = await this.#wire.due(waiting, ms)
      waiting = waiting.filter((strike) => !due.includes(strike))
      for (const strike of due) await this.#striker.strike(strike, this.#asker.lastRun)
      await sleep(turnMs)
    }
    await this.#wire.end()
    await this.#striker.mend()
  }
}

/** Asks for one run after another, as soon as the one before has ended. */
class Asker {
  readonly #world: SoakWorld
  readonly #watch: Watch
  readonly #findings: Findings
  #left: readonly Request[]
  #running = false
  /** A run may begin at any moment: a timer was fired, or a request got no answer. */
  #isUnsure = false
  /** Once before each request but the first. */
  #mayChange = false
  lastRun: string | null = null

  constructor(world: SoakWorld, requests: readonly Request[], watch: Watch, findings: Findings) {
    this.#world = world
    this.#left = requests
    this.#watch = watch
    this.#findings = findings
  }

  get isDone(): boolean {
    return this.#left.length === 0 && !this.#running
  }

  /** @param change lets something happen to the tenant */
  async turn(change: () => Promise<void>): Promise<void> {
    const { client } = this.#world
    if (client === null) return
    await this.#look(client)
    const [next, ...others] = this.#left
    if (this.#running || next === undefined) return
    if (this.#mayChange) {
      this.#mayChange = false
      if (!this.#isUnsure && this.#world.isStill) await change()
    }
    if (await this.#ask(next, client)) {
      this.#left = others
      this.#mayChange = true
      this.#isUnsure ||= next === 'tick'
    }
  }

  async #look(client: HostClient): Promise<void> {
    const [newest] = (await client.runs(1)) ?? []
    if (newest === undefined) return
    this.lastRun = newest.id
    const wasRunning = this.#running
    this.#running = !isFinal(newest.status)
    if (!wasRunning && !this.#running) return
    const applied = await client.changes(newest.id, 'applied')
    if (applied !== null) await this.#watch.judgeApplied(applied)
    const isAlone = !this.#running && !this.#isUnsure && this.#world.isStill
    if (isAlone) await this.#watch.judgeSuccess(newest)
  }

  /** @returns whether it was asked, whatever the answer */
  async #ask(request: Request, client: HostClient): Promise<boolean> {
    switch (request) {
      case 'sync':
        return this.#isQueued(await client.request(allowed))
      case 'guarded sync':
        return this.#isQueued(await client.request({ perform_sync: true }))
      case 'preview':
        return this.#isQueued(await client.request({}))
      case 'tick':
        return (await client.fire('scheduledSync')) !== null
      case 'sync twice at once':
        return this.#askTwice()
    }
  }

  #isQueued({ status }: Requested): boolean {
    this.#isUnsure ||= status === 'unanswered'
    return status === 'queued'
  }

  /** Of two simultaneous starts exactly one is accepted, whichever hosts they reach. */
  async #askTwice(): Promise<boolean> {
    const { clients } = this.#world
    const [one, other = one] = clients
    if (one === undefined || other === undefined) return false
    const answers = await Promise.all([one.request(allowed), other.request(allowed)])
    this.#isUnsure ||= answers.some(({ status }) => status === 'unanswered')
    const accepted = answers.flatMap((answer) => (answer.status === 'queued' ? answer.id : []))
    if (accepted.length > 1) {
      this.#findings.add('duplicate', [`two starts at once were both accepted: ${accepted.join()}`])
    }
    return accepted.length > 0
  }
}
