import { RateLimiter } from '../../core/adapters/zivver/pacing.ts'
import { createZivver } from '../../core/adapters/zivver/zivver.ts'
import type { Settings } from '../../core/config.ts'
import { executeRun } from '../../core/run/execute-run.ts'
import { KeptChanges } from '../../core/run/kept-changes.ts'
import { failPoisonedRun } from '../../core/run/poisoned-run.ts'
import { resumeRuns } from '../../core/run/resume-runs.ts'
import type { Execution, ExecutionServices, ReportServices } from '../../core/run/services.ts'
import { FakeDirectory } from '../fakes/fake-directory.ts'
import { FakeMailboxSource } from '../fakes/fake-mailbox-source.ts'
import { MemoryFailureStore } from '../fakes/memory-failure-store.ts'
import { MemoryJournalStore } from '../fakes/memory-journal-store.ts'
import { MemoryMappingStore } from '../fakes/memory-mapping-store.ts'
import { MemoryReadingStore } from '../fakes/memory-reading-store.ts'
import { MemoryRunStore } from '../fakes/memory-run-store.ts'
import type { PortCalls } from '../fakes/port-calls.ts'
import type { Random } from '../simulators/shared/random.ts'
import type { SimProcess } from './process.ts'
import { type Delivery, SimRunQueue } from './sim-queue.ts'
import type { SimWorld } from './sim-world.ts'
import { zivverKey, zivverUrl } from './sim-zivver.ts'

const lockMs = 600_000
const retryMs = 5_000
const mostDeliveries = 5
const callTimeoutMs = 30_000

/** One Functions host of one tenant: its process, its own view of everything shared, its timers and its queue listener. */
export class SimHost {
  readonly process: SimProcess
  readonly #world: SimWorld
  readonly #calls: PortCalls
  readonly #random: Random
  readonly #parts: Omit<ExecutionServices, 'settings' | 'version'>
  readonly #keptChanges = new KeptChanges()
  #working = 0

  constructor(world: SimWorld, process: SimProcess, random: Random) {
    this.#world = world
    this.process = process
    this.#random = random
    this.#calls = world.network.callsOf(process)
    this.#parts = this.#openParts()
  }

  /** True while it works on a message or a timer. */
  get isBusy(): boolean {
    return this.#working > 0
  }

  /** Starts what a host does by itself. */
  start(): void {
    void this.#listen()
    void this.#resumeEachMinute()
  }

  /** What one invocation works with: the settings are those of the moment. */
  execution(): Extract<Execution, { ok: true }> {
    const { settings, version } = this.#world
    return {
      ok: true,
      services: { ...this.#parts, settings, version },
      report: this.#report(settings),
      owner: this.process.name,
      leaseSeconds: settings.leaseSeconds,
      sliceSeconds: settings.sliceSeconds,
      keptChanges: this.#keptChanges,
    }
  }

  #openParts(): Omit<ExecutionServices, 'settings' | 'version'> {
    const { shared, tenant, network, settings, zivver } = this.#world
    const { process } = this
    const calls = this.#calls
    const { clock } = process
    const source = Object.assign(new FakeMailboxSource(calls), this.#world.readings)
    const directory = new FakeDirectory(calls)
    tenant.showTo(source, directory)
    const silent = { onCall: () => undefined, onWait: () => undefined }
    const limiter = new RateLimiter(settings.zivverRateLimit, clock)
    const adapter = createZivver({
      baseUrl: zivverUrl,
      apiKey: zivverKey,
      limiter,
      clock,
      observer: silent,
      random: () => this.#random.next(),
      timeoutMs: Math.min(callTimeoutMs, (settings.leaseSeconds * 1000) / 2),
      send: (request) => network.send(process, request, (fault) => zivver.serve(request, fault)),
    })
    const { leaseSeconds } = settings
    const { isFenced } = this.#world.protections
    return {
      runs: this.#world.protections.runs(new MemoryRunStore(calls, shared.runs, isFenced)),
      journal: new MemoryJournalStore({
        clock,
        leaseSeconds,
        calls,
        data: shared.journal,
        isFenced,
      }),
      mappings: new MemoryMappingStore(calls, shared.mappings),
      readings: new MemoryReadingStore(calls, shared.readings),
      failures: new MemoryFailureStore(calls, shared.failures),
      queue: new SimRunQueue(shared.queue, calls, settings.tenantId),
      clock,
      logger: {
        log: (level, message, fields) => this.#world.note(process, level, message, fields),
      },
      source: this.#world.protections.source(source),
      directory,
      target: adapter.target,
      openWriter: () => adapter.openWriter(),
      zivverPace: limiter,
      usage: () => ({ exchangeCalls: 0, graphCalls: 0, zivverCalls: 0 }),
      onWait: () => undefined,
      zivverCallTimeoutMs: Math.min(callTimeoutMs, (leaseSeconds * 1000) / 2),
    }
  }

  #report(settings: Settings): ReportServices {
    const { language, timeZone, schedule, performSync, environment, retentionDays } = settings
    return {
      reportSender: {
        ...(!this.#world.sendsMail && { skips: 'no mail service is configured' }),
        send: (_mail, operationId) =>
          this.#calls.answer({ name: 'mail.send', about: [operationId] }, () => ({
            email: 'sent',
          })),
      },
      language,
      timeZone,
      schedule,
      performSync,
      environment,
      retentionDays,
      debugLog: () => null,
      lastUpdate: null,
    }
  }

  async #resumeEachMinute(): Promise<void> {
    const { clock } = this.process
    for (;;) {
      await this.#work(() => resumeRuns(this.execution()))
      await clock.sleep(60_000 - (clock.now().getTime() % 60_000))
    }
  }

  async #listen(): Promise<void> {
    const { queue } = this.#world.shared
    for (;;) {
      const delivery = await this.#take()
      if (delivery !== null) await this.deliver(delivery)
      else if (queue.poison.length > 0) await this.#failPoisoned()
      else {
        await queue.news(this.process)
        // An idle queue is asked every two seconds.
        await this.process.clock.sleep(this.#random.integer(10, 2_000))
      }
    }
  }

  #take(): Promise<Delivery | null> {
    const { queue } = this.#world.shared
    const call = { name: 'listener.take', about: [] }
    return this.#calls.answer(call, () => queue.take(lockMs)).catch(() => null)
  }

  /** Works on a message as the Functions host does: hidden meanwhile, removed when it is done, shown again when it failed. */
  async deliver(delivery: Delivery): Promise<void> {
    const renewal = new AbortController()
    void this.#keepHidden(delivery, renewal.signal)
    const isDone = await this.#work(() => executeRun(this.execution(), delivery.message))
    renewal.abort('settled')
    const settle = (): void => {
      if (isDone) delivery.remove()
      else if (delivery.count >= mostDeliveries) this.#world.shared.queue.giveUp(delivery)
      else delivery.hideFor(retryMs)
    }
    await this.#calls.answer({ name: 'listener.settle', about: [] }, settle).catch(() => undefined)
  }

  async #keepHidden(delivery: Delivery, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const slept = await this.process.clock.sleep(lockMs / 2, signal).then(
        () => true,
        () => false,
      )
      if (slept) delivery.hideFor(lockMs)
    }
  }

  async #failPoisoned(): Promise<void> {
    const { poison } = this.#world.shared.queue
    const take = () => poison.shift() ?? null
    const message = await this.#calls
      .answer({ name: 'listener.take', about: [] }, take)
      .catch(() => null)
    if (message === null) return
    const isDone = await this.#work(async () => {
      await failPoisonedRun(this.execution(), message)
    })
    if (!isDone) poison.push(message)
  }

  /** Does one piece of work. @returns false when it threw, which the host writes to its log */
  async #work(task: () => Promise<void>): Promise<boolean> {
    this.#working += 1
    try {
      await task()
      return true
    } catch (error) {
      this.#world.noteFailure(this.process, error)
      return false
    } finally {
      this.#working -= 1
    }
  }
}
