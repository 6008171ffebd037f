/** The part of a round in which faults go on: runs are asked for, one after another, and nothing is left in peace. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal } from '../../core/model/run.ts'
import type { Request, RoundDraw } from './draw.ts'
import type { Findings } from './findings.ts'
import type { HostClient } from './host-client.ts'
import type { SoakWorld } from './soak-world.ts'
import { Striker } from './striker.ts'
import type { Strike } from './strikes.ts'
import type { Tally } from './tally.ts'
import type { Watch } from './watch.ts'
import { Wire } from './wire.ts'

const turnMs = 50
const allowed = { perform_sync: true, allow_large_sync: true }

export async function storm(
  world: SoakWorld,
  round: RoundDraw,
  watch: Watch,
  findings: Findings,
  tally: Tally,
): Promise<void> {
  const striker = new Striker(world, tally.strikes)
  const wire = new Wire(world, round, tally.faults)
  await wire.holdWrites()
  const asker = new Asker(world, round.requests, watch, findings)
  const began = performance.now()
  let waiting: readonly Strike[] = round.strikes
  while (performance.now() - began < round.stormMs && !(asker.isDone && waiting.length === 0)) {
    const ms = performance.now() - began
    await wire.turn(ms)
    await asker.turn()
    const due = await wire.due(waiting, ms)
    waiting = waiting.filter((strike) => !due.includes(strike))
    for (const strike of due) await striker.strike(strike, asker.lastRun)
    await sleep(turnMs)
  }
  await wire.end()
  await striker.mend()
}

/** Asks for one run after another, as soon as the one before has ended. */
class Asker {
  readonly #world: SoakWorld
  readonly #watch: Watch
  readonly #findings: Findings
  #left: readonly Request[]
  #running = false
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

  async turn(): Promise<void> {
    const { client } = this.#world
    if (client === null) return
    await this.#look(client)
    const [next, ...others] = this.#left
    if (this.#running || next === undefined) return
    if (await this.#ask(next, client)) this.#left = others
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
  }

  /** @returns whether it was asked, whatever the answer */
  async #ask(request: Request, client: HostClient): Promise<boolean> {
    switch (request) {
      case 'sync':
        return (await client.request(allowed)).status === 'queued'
      case 'guarded sync':
        return (await client.request({ perform_sync: true })).status === 'queued'
      case 'preview':
        return (await client.request({})).status === 'queued'
      case 'tick':
        return (await client.fire('scheduledSync')) !== null
      case 'sync twice at once':
        return this.#askTwice()
    }
  }

  /** Of two simultaneous starts exactly one is accepted, whichever hosts they reach. */
  async #askTwice(): Promise<boolean> {
    const { clients } = this.#world
    const [one, other = one] = clients
    if (one === undefined || other === undefined) return false
    const answers = await Promise.all([one.request(allowed), other.request(allowed)])
    const accepted = answers.flatMap((answer) => (answer.status === 'queued' ? answer.id : []))
    if (accepted.length > 1) {
      this.#findings.add('duplicate', [`two starts at once were both accepted: ${accepted.join()}`])
    }
    return accepted.length > 0
  }
}
