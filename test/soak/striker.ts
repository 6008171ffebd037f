import { setTimeout as sleep } from 'node:timers/promises'
import type { HostSlot } from './hosts.ts'
import type { SoakWorld } from './soak-world.ts'
import type { Strike } from './strikes.ts'
import type { Counts } from './tally.ts'

/** Another value of a setting that every run pins, and that changes nothing about what a run should do. */
const changedSetting = { CLOUD_SYNC__LARGE_SYNC_PERCENT: '11' }

/** Carries out strikes, and mends what they left. */
export class Striker {
  readonly #world: SoakWorld
  readonly #done: Counts
  /** What goes on after a strike by itself: restarts and wakes. */
  readonly #open = new Set<Promise<void>>()

  /** @param done counts the strikes that really happened */
  constructor(world: SoakWorld, done: Counts) {
    this.#world = world
    this.#done = done
  }

  /** Carries a strike out. @param runId the run that was requested last */
  async strike(strike: Strike, runId: string | null): Promise<void> {
    const hasHappened = await this.#carryOut(strike, runId)
    if (hasHappened) this.#done.add(strike.kind)
  }

  async #carryOut(strike: Strike, runId: string | null): Promise<boolean> {
    const { queue, clients, client } = this.#world
    const message = (content: object) =>
      queue.sendMessage(Buffer.from(JSON.stringify(content)).toString('base64'))
    switch (strike.kind) {
      case 'kill':
        return this.#kill([await this.#target(strike)], strike.ms)
      case 'kill both':
        return this.#kill(this.#world.hosts, strike.ms)
      case 'pause':
      case 'pause past the lease':
        return this.#pause(await this.#target(strike), strike.ms)
      case 'storage stands still':
        return this.#stopStorage(strike.ms)
      case 'setting changed':
        return this.#startAnew(await this.#target(strike), changedSetting)
      case 'orderly restart':
        return this.#startAnew(await this.#target(strike), {})
      case 'health asked':
        await Promise.all(clients.map((each) => each.askHealth()))
        return clients.length > 0
      case 'message lost':
        await queue.clearMessages()
        return true
      case 'message that is none':
        await message({ runId: 'no-such-run' })
        await message(['nothing'])
        return true
      case 'message doubled':
        if (runId === null) return false
        await Promise.all([message({ runId }), message({ runId })])
        return true
      case 'cancel':
        if (runId === null || client === null) return false
        return (await client.cancel(runId)) !== null
    }
  }

  /** The host that holds a lease, or the other one; any one that runs when nobody does. */
  async #target({ target }: Strike): Promise<HostSlot> {
    const holders = await this.#world.table.holders()
    const isHolder = ({ pid }: HostSlot) => pid !== null && holders.includes(pid)
    const { hosts } = this.#world
    const wanted = hosts.find((host) => host.isRunning && isHolder(host) === (target === 'holder'))
    const [any] = hosts
    if (any === undefined) throw new Error('a world has hosts')
    return wanted ?? hosts.find(({ isRunning }) => isRunning) ?? any
  }

  async #kill(hosts: readonly HostSlot[], restartMs: number): Promise<boolean> {
    const alive = hosts.filter(({ pid }) => pid !== null)
    await Promise.all(alive.map((host) => host.kill()))
    for (const host of alive) this.#later(restartMs, () => host.start())
    return alive.length > 0
  }

  #pause(host: HostSlot, ms: number): boolean {
    const isPaused = host.pause()
    if (isPaused) this.#later(ms, async () => this.#wake(host))
    return isPaused
  }

  #wake(host: HostSlot): void {
    // Before it: its request may be there at once.
    this.#world.noteWake()
    host.wake()
  }

  #stopStorage(ms: number): boolean {
    const { storagePid } = this.#world
    if (storagePid === null) return false
    process.kill(storagePid, 'SIGSTOP')
    this.#later(ms, async () => void process.kill(storagePid, 'SIGCONT'))
    return true
  }

  async #startAnew(host: HostSlot, changed: Readonly<Record<string, string>>): Promise<boolean> {
    if (!host.isRunning) return false
    await host.stop()
    await host.start(changed)
    return true
  }

  #later(ms: number, work: () => Promise<void>): void {
    const going = sleep(ms).then(work)
    this.#open.add(going)
    void going.finally(() => this.#open.delete(going)).catch(() => undefined)
  }

  /** Everything runs again, with the world's own settings. */
  async mend(): Promise<void> {
    await Promise.all(this.#open)
    for (const host of this.#world.hosts) {
      if (host.isChanged) await host.stop()
      await host.start()
    }
  }
}
