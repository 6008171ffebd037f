import type { Settings } from '../../core/config.ts'
import { isSyncError, messageOf } from '../../core/errors.ts'
import type { StandingFailure } from '../../core/model/failure.ts'
import { isMailboxRow, type MappingRow } from '../../core/model/mapping.ts'
import { isFinal, noFlags, type RunFlags, type RunRecord } from '../../core/model/run.ts'
import type { LogLevel, StoredReading } from '../../core/ports.ts'
import { cancelRun } from '../../core/run/cancel-run.ts'
import { type RunRequestResult, requestRun } from '../../core/run/request-run.ts'
import { MemoryJournalData } from '../fakes/memory-journal-store.ts'
import { MemoryRunData } from '../fakes/memory-run-store.ts'
import type { PortCall } from '../fakes/port-calls.ts'
import type { Random } from '../simulators/shared/random.ts'
import type { AccountSeed } from '../simulators/zivver/account.ts'
import { type Fault, Faults } from './faults.ts'
import { Network, type Times } from './network.ts'
import { SimProcess } from './process.ts'
import type { Protections } from './protections.ts'
import { Scheduler } from './scheduler.ts'
import { SimHost } from './sim-host.ts'
import { SimQueue } from './sim-queue.ts'
import type { SimTenant } from './sim-tenant.ts'
import { SimZivver } from './sim-zivver.ts'

/** What all hosts share. */
interface SharedStorage {
  readonly runs: MemoryRunData
  readonly journal: MemoryJournalData
  readonly mappings: Map<string, MappingRow>
  readonly readings: Map<string, StoredReading>
  readonly failures: Map<string, StandingFailure>
  readonly queue: SimQueue
}

export interface WorldOptions {
  readonly random: Random
  readonly tenant: SimTenant
  /** What Zivver holds before the first run. */
  readonly accounts: readonly AccountSeed[]
  readonly settings: Settings
  /** How many hosts of its own it has; 0 = the processes of a provider serve it. */
  readonly hosts: number
  /** Time and queue of a provider whose tenant it is; its own without. */
  readonly provider?: { readonly scheduler: Scheduler; readonly queue: SimQueue }
  /** How long calls take; see `network.ts`. */
  readonly times?: Times
  /** Full Access readings in one call, and such calls side by side. */
  readonly readings?: { readonly batch: number; readonly parallel: number }
  readonly sendsMail: boolean
  readonly protections: Protections
  /** Addresses that Zivver refuses as an alias. */
  readonly guests: readonly string[]
  /** `false` = the hosts' wall clocks are wrong, each by up to 45 seconds. */
  readonly clocksAgree: boolean
  /** Sees each call right after its effect. */
  readonly witness: (world: SimWorld, call: PortCall, process: SimProcess) => void
}

/** Hosts, storage, tenant and Zivver in virtual time. */
export class SimWorld {
  readonly scheduler: Scheduler
  readonly shared: SharedStorage
  readonly network: Network
  readonly tenant: SimTenant
  readonly zivver: SimZivver
  readonly protections: Protections
  readonly sendsMail: boolean
  readonly clocksAgree: boolean
  readonly readings: { readonly batch: number; readonly parallel: number }
  settings: Settings
  version = '1.0.0'
  /** What must never be, in words. */
  readonly violations: string[] = []
  hosts: SimHost[] = []
  readonly #random: Random
  #made = 0
  #runs = 0
  #comingBack = 0

  constructor(options: WorldOptions) {
    const { random, tenant, accounts, settings, protections, guests, witness } = options
    this.#random = random
    this.scheduler = options.provider?.scheduler ?? new Scheduler()
    this.settings = settings
    this.protections = protections
    this.sendsMail = options.sendsMail
    this.clocksAgree = options.clocksAgree
    this.readings = options.readings ?? { batch: 4, parallel: 4 }
    this.shared = {
      runs: new MemoryRunData(),
      journal: new MemoryJournalData(),
      mappings: new Map(),
      readings: new Map(),
      failures: new Map(),
      queue: options.provider?.queue ?? new SimQueue(this.scheduler),
    }
    this.tenant = tenant
    this.zivver = new SimZivver(random.integer(1, 2 ** 30), guests)
    this.zivver.organisation.seed(accounts)
    this.network = new Network(
      this.scheduler,
      random.fork('network'),
      {
        strike: (fault, process) => this.#strike(fault, process),
        happen: (fault) => this.#happen(fault),
      },
      (call, process) => witness(this, call, process),
      options.times,
    )
    for (let count = 0; count < options.hosts; count++) this.#startHost()
  }

  /** The host that answers an administrator: any one that runs. */
  get front(): SimHost {
    const running = this.hosts.filter(({ process }) => process.isRunning)
    return this.#random.pick(running.length === 0 ? this.hosts : running)
  }

  /** Requests a run as the HTTP API or the timer does; `null` = the request itself was lost. */
  async request(
    flags: Partial<RunFlags>,
    trigger: RunRecord['trigger'] = 'manual',
  ): Promise<RunRequestResult | null> {
    const { services } = this.front.execution()
    const isSync = trigger === 'manual' ? flags.perform_sync === true : this.settings.performSync
    const request = {
      trigger,
      mode: isSync ? 'sync' : 'preview',
      flags: { ...noFlags, ...flags },
      requestedBy: 'simulation',
    } as const
    try {
      return await requestRun(services, request, () => this.#newRunId())
    } catch (error) {
      this.noteFailure(this.front.process, error)
      return null
    }
  }

  /** Lets time go on until no run is unfinished and nothing is on its way. @returns false when that takes too long */
  untilQuiet(limitMs: number): Promise<boolean> {
    return this.scheduler.runUntil(() => this.#isQuiet(), limitMs)
  }

  #isQuiet(): boolean {
    const { runs } = this.shared
    if (runs.active !== null || runs.waiting !== null || this.network.inFlight > 0) return false
    if (this.#comingBack > 0 || !this.network.isHealthy) return false
    for (const run of runs.rows.values()) if (!isFinal(run.status)) return false
    return this.hosts.every((host) => host.process.isRunning && !host.isBusy)
  }

  /** Lets a process of a provider serve this tenant too, when it is told to. */
  servedBy(process: SimProcess): SimHost {
    const host = new SimHost(this, process, this.#random.fork(process.name))
    this.hosts = [...this.hosts.filter((other) => !other.process.isDead), host]
    return host
  }

  note(process: SimProcess, level: LogLevel, message: string, fields: object = {}): void {
    this.network.trace?.push(
      `${this.scheduler.now} ${process.name} ${level} ${message} ${JSON.stringify(fields)}`,
    )
  }

  /** What escapes from an invocation: storage that gives no answer may, everything else is a fault of the code. */
  noteFailure(process: SimProcess, error: unknown): void {
    this.note(process, 'ERROR', messageOf(error))
    if (isSyncError(error) && error.code === 'STORAGE_UNAVAILABLE') return
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.violations.push(`${process.name} failed: ${text}`)
  }

  #newRunId(): string {
    this.#runs += 1
    return String(1_000_000 - this.#runs)
  }

  #startHost(): void {
    this.#made += 1
    const random = this.#random.fork(`host-${this.#made}`)
    const process = new SimProcess(
      this.scheduler,
      `host-${this.#made}`,
      this.clocksAgree ? 0 : random.integer(-45_000, 45_000),
    )
    const host = new SimHost(this, process, random)
    this.hosts.push(host)
    host.start()
  }

  #strike(fault: Fault, process: SimProcess): void {
    if (fault.kind === 'crash') {
      process.kill()
      this.hosts = this.hosts.filter((host) => host.process !== process)
      this.#comingBack += 1
      this.scheduler.after(fault.restartMs, () => {
        this.#comingBack -= 1
        this.#startHost()
      })
    } else if (fault.kind === 'pause' || fault.kind === 'freeze') {
      process.pause(fault.ms, fault.kind === 'freeze')
    }
  }

  /** What a fault does elsewhere than to the call that meets it. */
  #happen({ kind }: Fault): void {
    if (kind === 'cancelled') void this.cancel()
    if (kind === 'version_changed') this.version = `${this.version}+`
    if (kind === 'source_list_cut') this.tenant.hide(this.#linkedIdentifier())
    if (kind === 'settings_changed') {
      const largeSyncPercent = this.settings.largeSyncPercent + 1
      this.settings = { ...this.settings, largeSyncPercent }
    }
  }

  /** Cancels the active run, as an administrator does. */
  async cancel(): Promise<void> {
    const { front } = this
    const { active } = this.shared.runs
    if (active === null) return
    try {
      await cancelRun(front.execution(), active)
    } catch (error) {
      this.noteFailure(front.process, error)
    }
  }

  #linkedIdentifier(): string | null {
    const linked = [...this.shared.mappings.values()].filter(
      (row) => row.active && isMailboxRow(row),
    )
    return linked.length === 0 ? null : this.#random.pick(linked).key
  }

  /** The faults of what comes next. */
  meet(faults: readonly Fault[]): void {
    this.network.faults = new Faults(faults)
  }
}
