import { resumeRuns } from '../../../core/run/resume-runs.ts'
import type { Random } from '../../simulators/shared/random.ts'
import { SimProcess } from '../process.ts'
import { Scheduler } from '../scheduler.ts'
import type { SimHost } from '../sim-host.ts'
import { SimQueue } from '../sim-queue.ts'
import { SimWorld, type WorldOptions } from '../sim-world.ts'

const lockMs = 600_000
const resumeEveryMs = 60_000

/** One process and the tenants it has met; it works on one message at a time. */
interface Worker {
  readonly process: SimProcess
  readonly hosts: Map<SimWorld, SimHost>
  isBusy: boolean
}

/**
 * A provider that serves many tenants: one queue, and workers that each take the next message, whoever's it is. Nothing
 * but the message tells a worker which tenant it works for.
 */
export class Provider {
  readonly scheduler = new Scheduler()
  readonly queue = new SimQueue(this.scheduler)
  readonly worlds = new Map<string, SimWorld>()
  /** Queue messages that were worked on. */
  delivered = 0
  #workers: Worker[] = []
  #named = 0

  constructor(workers: number) {
    for (let count = 0; count < workers; count++) this.#hire()
    void this.#resumeEachMinute(this.#newWorker('timer'))
  }

  /** Takes a tenant on. */
  add(options: Omit<WorldOptions, 'hosts' | 'provider'>): SimWorld {
    const world = new SimWorld({ ...options, hosts: 0, provider: this })
    this.worlds.set(world.settings.tenantId, world)
    for (const worker of this.#workers) hostOf(worker, world)
    return world
  }

  /** Lets time go on until no message is left and nobody works. @returns false when that takes too long */
  untilQuiet(limitMs: number): Promise<boolean> {
    return this.scheduler.runUntil(() => this.#isQuiet(), limitMs)
  }

  /** Kills a worker, busy or not; another takes its place a little later. */
  killOne(random: Random): void {
    const worker = random.pick(this.#workers)
    worker.process.kill()
    this.#workers = this.#workers.filter((other) => other !== worker)
    this.scheduler.after(random.integer(500, 5_000), () => this.#hire())
  }

  #isQuiet(): boolean {
    if (!this.queue.isEmpty || this.#workers.some(({ isBusy }) => isBusy)) return false
    for (const { shared, network } of this.worlds.values()) {
      if (shared.runs.active !== null || network.inFlight > 0) return false
    }
    return true
  }

  #hire(): void {
    const worker = this.#newWorker(`worker-${++this.#named}`)
    this.#workers.push(worker)
    for (const world of this.worlds.values()) hostOf(worker, world)
    void this.#listen(worker)
  }

  #newWorker(name: string): Worker {
    return {
      process: new SimProcess(this.scheduler, name, 0),
      hosts: new Map(),
      isBusy: false,
    }
  }

  async #listen(worker: Worker): Promise<void> {
    for (;;) {
      const delivery = worker.process.isDead ? null : this.queue.take(lockMs)
      const world = delivery && this.worlds.get(delivery.message.tenant)
      if (!delivery || !world) {
        await this.queue.news(worker.process)
        continue
      }
      worker.isBusy = true
      this.delivered += 1
      await hostOf(worker, world).deliver(delivery)
      worker.isBusy = false
    }
  }

  async #resumeEachMinute(timer: Worker): Promise<void> {
    for (;;) {
      await timer.process.clock.sleep(resumeEveryMs)
      const worlds = [...this.worlds.values()]
      await Promise.all(worlds.map((world) => resumeRuns(hostOf(timer, world).execution())))
    }
  }
}

function hostOf(worker: Worker, world: SimWorld): SimHost {
  const known = worker.hosts.get(world)
  if (known !== undefined) return known
  const host = world.servedBy(worker.process)
  worker.hosts.set(world, host)
  return host
}
