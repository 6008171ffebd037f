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
import type { WireFault } from './wire-faults.ts'

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
  await beginFaults(world, round)
  const asker = new Asker(world, round.requests, watch, findings)
  const began = performance.now()
  let waiting: readonly Strike[] = round.strikes
  while (performance.now() - began < round.stormMs && !(asker.isDone && waiting.length === 0)) {
    await asker.turn()
    const due = await dueStrikes(world, waiting, performance.now() - began)
    waiting = waiting.filter((strike) => !due.includes(strike))
    for (const strike of due) await striker.strike(strike, asker.lastRun)
    await sleep(turnMs)
  }
  await endFaults(world, round.wire, tally)
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

const strikeRule = (strike: Strike) => `strike ${JSON.stringify(strike)}`

/** Faults on the wire, and in front of them a write without an answer for each strike that waits for one. */
async function beginFaults({ services }: SoakWorld, { wire, strikes }: RoundDraw): Promise<void> {
  const waits = strikes.flatMap((strike) =>
    'write' in strike.at
      ? [
          {
            id: strikeRule(strike),
            match: { tags: { access: 'write' } },
            nth: strike.at.write,
            action: { kind: 'hang' as const, processed: strike.at.processed },
          },
        ]
      : [],
  )
  await services.zivver.addFaults(waits)
  for (const [at, fault] of wire.entries()) {
    const service = services[fault.service]
    if ('rule' in fault) await service.addFaults([{ id: ruleId(fault, at), ...fault.rule }])
    else await service.act(fault.begin.action, fault.begin)
  }
}

const ruleId = ({ kind }: WireFault, at: number) => `${at} ${kind}`

async function dueStrikes({ services }: SoakWorld, waiting: readonly Strike[], ms: number) {
  const awaitsWrite = waiting.some(({ at }) => 'write' in at)
  const rules = awaitsWrite ? await services.zivver.faults() : []
  const fired = new Set(rules.filter((rule) => rule.fired > 0).map(({ id }) => id))
  return waiting.filter((strike) =>
    'write' in strike.at ? fired.has(strikeRule(strike)) : ms >= strike.at.afterMs,
  )
}

/** All faults end; each that met a call is counted, as often as it did. */
async function endFaults({ services }: SoakWorld, wire: readonly WireFault[], tally: Tally) {
  for (const service of Object.values(services)) {
    for (const { id, fired } of await service.faults()) {
      const kind = id.startsWith('strike ') ? 'Zivver: held for a strike' : id.replace(/^\d+ /, '')
      tally.faults.add(kind, fired)
    }
    await service.clearFaults()
  }
  for (const fault of wire) {
    if ('rule' in fault) continue
    tally.faults.add(fault.kind)
    if (fault.end !== undefined) await services[fault.service].act(fault.end.action, fault.end)
  }
}
