import { setTimeout as sleep } from 'node:timers/promises'
import type { Invoker } from '../invoker.ts'
import type { HostLog } from '../log.ts'
import type { HostBlobs } from '../storage/host-blobs.ts'
import type { RegisteredFunction } from '../worker/registry.ts'
import type { RpcTypedData } from '../worker/rpc.ts'
import type { AcquireLock, HeldLock } from './listener-lock.ts'
import type { Schedule } from './ncrontab.ts'
import {
  checkPastDue,
  formatStatus,
  initialStatus,
  type Occasion,
  parseStatus,
  type ScheduleStatus,
  statusAfter,
} from './schedule-status.ts'

export interface TimerOptions {
  readonly fn: RegisteredFunction
  readonly schedule: Schedule
  readonly runOnStartup: boolean
  /** Where the status is kept across restarts, or `null`: then nothing that was missed is made up for. */
  readonly monitor: { readonly blobs: HostBlobs; readonly path: string } | null
  readonly acquireLock: AcquireLock
  readonly invoker: Invoker
  readonly log: HostLog
}

const lockRetryMs = 1_000
// setTimeout takes at most 24.8 days.
const longestSleepMs = 3_600_000

/**
 * One timer trigger, as the real host's TimerListener treats it (reference local-azure, 1): one host at a time listens, one
 * invocation runs at a time, ticks that fall into a running one become a single late one, and neither a failure nor a slow
 * function stops the schedule.
 *
 * `runOnStartup` differs in one point: on Azure the first run waits for the listener's lock, which may take a minute
 * after a crash. Here it is made at once, so that a restarted local host carries on without delay.
 */
export class TimerListener {
  readonly #options: TimerOptions
  readonly #stopping = new AbortController()
  #lock: HeldLock | null = null
  #status: ScheduleStatus

  constructor(options: TimerOptions) {
    this.#options = options
    this.#status = initialStatus(options.schedule, new Date())
  }

  /** Resolves when the lock was asked for once; the schedule goes on in the background. */
  async start(): Promise<void> {
    await this.#tryLock()
    void this.#listen()
  }

  /** Begins no further invocation. */
  stop(): void {
    this.#stopping.abort()
  }

  /** Lets other hosts have the timer. */
  async close(): Promise<void> {
    this.stop()
    await this.#lock?.release()
  }

  /** Trigger data of a run by hand (`/admin/functions/<name>`). */
  payload(isPastDue: boolean): RpcTypedData {
    return {
      json: JSON.stringify({
        Schedule: { AdjustForDST: true },
        ScheduleStatus: this.#options.monitor === null ? null : formatStatus(this.#status),
        IsPastDue: isPastDue,
      }),
    }
  }

  async #listen(): Promise<void> {
    if (this.#lock === null && this.#options.runOnStartup) await this.#fire('startup')
    while (!this.#stopping.signal.aborted) {
      if (this.#lock === null) {
        await this.#sleepUntil(Date.now() + lockRetryMs, this.#stopping.signal)
        await this.#tryLock()
      } else {
        await this.#followSchedule(AbortSignal.any([this.#stopping.signal, this.#lock.lost]))
        await this.#lock.release()
        this.#lock = null
      }
    }
  }

  async #tryLock(): Promise<void> {
    if (this.#stopping.signal.aborted) return
    try {
      this.#lock = await this.#options.acquireLock()
    } catch (error) {
      this.#report(`cannot ask for its lock, and will again: ${String(error)}`)
    }
  }

  async #followSchedule(signal: AbortSignal): Promise<void> {
    const { isPastDue } = await this.#readStatus()
    if (isPastDue) await this.#fire('past_due')
    else if (this.#options.runOnStartup) await this.#fire('startup')
    while (await this.#sleepUntil(this.#status.next.getTime(), signal)) await this.#fire('schedule')
  }

  async #fire(occasion: Occasion): Promise<void> {
    if (this.#stopping.signal.aborted) return
    const { fn, invoker, schedule } = this.#options
    const began = new Date()
    await invoker.invoke(fn, { data: this.payload(occasion === 'past_due') }, async () => {
      this.#status = statusAfter(this.#status, schedule, began, occasion)
      await this.#storeStatus()
    })
  }

  /** Sleeps to the moment. @returns false when the signal came first */
  async #sleepUntil(moment: number, signal: AbortSignal): Promise<boolean> {
    try {
      for (let left = moment - Date.now(); left > 0; left = moment - Date.now()) {
        await sleep(Math.min(left, longestSleepMs), undefined, { signal })
      }
      return !signal.aborted
    } catch {
      return false
    }
  }

  async #readStatus(): Promise<{ isPastDue: boolean }> {
    const { monitor, schedule } = this.#options
    const now = new Date()
    const text = monitor === null ? null : await this.#tryRead(monitor)
    const stored = text === null ? null : parseStatus(text)
    const checked =
      stored === null
        ? { status: initialStatus(schedule, now), isPastDue: false }
        : checkPastDue(stored, schedule, now)
    this.#status = checked.status
    if (checked.status !== stored) await this.#storeStatus()
    return checked
  }

  async #tryRead(monitor: NonNullable<TimerOptions['monitor']>): Promise<string | null> {
    try {
      return await monitor.blobs.read(monitor.path)
    } catch (error) {
      this.#report(`cannot read its status: ${String(error)}`)
      return null
    }
  }

  async #storeStatus(): Promise<void> {
    const { monitor } = this.#options
    // The status belongs to the host with the lock: a run at start without it must not hide a tick that was missed.
    if (monitor === null || this.#lock === null) return
    try {
      await monitor.blobs.write(monitor.path, JSON.stringify(formatStatus(this.#status)))
    } catch (error) {
      this.#report(`cannot store its status: ${String(error)}`)
    }
  }

  #report(fault: string): void {
    const { fn, log } = this.#options
    log('warning', 'Host.Triggers.Timer', 'host', `timer ${fn.name} ${fault}`)
  }
}
