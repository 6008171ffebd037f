import type { HttpAnswer, HttpRequest } from '../../core/adapters/http/http-client.ts'
import { HttpTransportError } from '../../core/adapters/http/http-client.ts'
import { SyncError } from '../../core/errors.ts'
import { type PortCall, PortCalls } from '../fakes/port-calls.ts'
import type { Random } from '../simulators/shared/random.ts'
import { type CallClass, type Fault, Faults } from './faults.ts'
import type { SimProcess } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** Hears of what has just taken effect at the far end. */
export type Witness = (call: PortCall, process: SimProcess) => void

/** What faults do that the network cannot do by itself. */
export interface Blows {
  /** Strikes a process. */
  strike(fault: Fault, process: SimProcess): void
  /** Something happens elsewhere at the moment of the call that meets the fault. */
  happen(fault: Fault): void
}

/** Least and most milliseconds that a call to a port takes, each way. */
export type Times = Readonly<
  Record<'source' | 'directory' | 'zivver' | 'mail' | 'storage', readonly [number, number]>
>

const usualTimes: Times = {
  source: [80, 900],
  directory: [30, 200],
  zivver: [30, 400],
  mail: [100, 900],
  storage: [1, 18],
}
const storagePorts = new Set([
  'journal',
  'mappings',
  'runs',
  'readings',
  'failures',
  'queue',
  'listener',
])
const outageTimeoutMs = 4_000

/**
 * All that lies between the processes and the storage, Exchange, Graph and Zivver: latency, and every fault. A request
 * that has left takes effect even when its process dies or stands still meanwhile; the answer reaches a live one only.
 */
export class Network {
  faults = new Faults([])
  /** Requests that have left and are not settled. */
  inFlight = 0
  /** Rises with everything that happened, by who did what: two equal ones are one interleaving. */
  interleaving = 0
  trace: string[] | null = null
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #blows: Blows
  readonly #witness: Witness
  readonly #times: Times
  #storageDownUntil = 0
  #zivverDownUntil = 0

  constructor(
    scheduler: Scheduler,
    random: Random,
    blows: Blows,
    witness: Witness,
    times: Times = usualTimes,
  ) {
    this.#times = times
    this.#scheduler = scheduler
    this.#random = random
    this.#blows = blows
    this.#witness = witness
  }

  /** True once all that failed for a while works again. */
  get isHealthy(): boolean {
    return this.#scheduler.now >= Math.max(this.#storageDownUntil, this.#zivverDownUntil)
  }

  /** The calls of one process: what the fakes of its ports answer through. */
  callsOf(process: SimProcess): PortCalls {
    return new NetworkCalls((call, effect) => this.#call(process, call, effect))
  }

  #call<Result>(process: SimProcess, call: PortCall, effect: () => Result): Promise<Result> {
    const port = portOf(call)
    const fault = this.#meet(process, call, classesOf(port))
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.inFlight += 1
        this.#after(this.#latency(port, fault), () => {
          const isLost = process.isDead && this.#random.chance(0.3)
          const settle = isLost ? null : this.#effect(process, call, effect, fault)
          this.#strike(process, fault, 'during')
          this.#after(this.#latency(port, null), () => {
            this.inFlight -= 1
            process.run(() => {
              this.#strike(process, fault, 'after')
              process.run(() => settle?.(resolve, reject))
            })
          })
        })
      }
      this.#strike(process, fault, 'before')
      process.run(leave)
    })
  }

  /** @returns how the caller's promise settles */
  #effect<Result>(
    process: SimProcess,
    call: PortCall,
    effect: () => Result,
    fault: Fault | null,
  ): (resolve: (result: Result) => void, reject: (error: unknown) => void) => void {
    const port = portOf(call)
    const isDown = storagePorts.has(port) && this.#scheduler.now < this.#storageDownUntil
    if (isDown || fault?.kind === 'storage_refused') {
      return (_, reject) => reject(unavailable(port))
    }
    if (fault?.kind === 'message_lost') return (resolve) => resolve(undefined as Result)
    if (fault?.kind === 'source_error') return (_, reject) => reject(sourceFailed(call))
    try {
      const result = effect()
      if (fault?.kind === 'message_doubled') effect()
      this.#took(call, process)
      return fault?.kind === 'storage_answer_lost'
        ? (_, reject) => reject(unavailable(port))
        : (resolve) => resolve(result)
    } catch (error) {
      this.#took(call, process)
      return (_, reject) => reject(error)
    }
  }

  /** Sends a request to Zivver. @param serve works on it there */
  send(
    process: SimProcess,
    request: HttpRequest,
    serve: (fault: Fault | null) => HttpAnswer,
  ): Promise<HttpAnswer> {
    const isWrite = request.method !== 'GET'
    const call = { name: `zivver.${request.method}`, about: [new URL(request.url).pathname] }
    const classes: CallClass[] = ['any', isWrite ? 'zivver_write' : 'zivver_read']
    return new Promise((resolve, reject) => {
      // While it connects.
      this.#after(this.#random.integer(1, 10), () =>
        process.run(() => {
          const fault = this.#meet(process, call, classes)
          this.#strike(process, fault, 'before')
          process.run(() => {
            if (!mayLeave(request, reject)) return
            this.#travel(process, call, request, fault, serve, { resolve, reject })
          })
        }),
      )
    })
  }

  #travel(
    process: SimProcess,
    call: PortCall,
    request: HttpRequest,
    fault: Fault | null,
    serve: (fault: Fault | null) => HttpAnswer,
    caller: { resolve(answer: HttpAnswer): void; reject(error: unknown): void },
  ): void {
    this.inFlight += 1
    if (fault?.kind === 'zivver_down') this.#zivverDownUntil = this.#scheduler.now + fault.ms
    const isDown = this.#scheduler.now < this.#zivverDownUntil
    const isStruckOnTheWay = fault !== null && 'moment' in fault && fault.moment === 'during_lost'
    this.#after(this.#latency('zivver', fault), () => {
      const isLost = isDown || isStruckOnTheWay || fault?.kind === 'request_lost'
      const answer = isLost ? null : serve(fault)
      if (answer !== null) this.#took(call, process)
      this.#strike(process, fault, 'during')
      const comes = answer !== null && fault?.kind !== 'answer_lost'
      // A connection breaks at once or only the deadline ends the wait.
      const backMs =
        comes || this.#random.chance(0.6) ? this.#latency('zivver', null) : request.timeoutMs
      this.#after(backMs, () => {
        this.inFlight -= 1
        process.run(() => {
          this.#strike(process, fault, 'after')
          process.run(() => {
            if (comes) caller.resolve(answer)
            else caller.reject(noAnswer(backMs >= request.timeoutMs))
          })
        })
      })
    })
  }

  #meet(process: SimProcess, call: PortCall, classes: readonly CallClass[]): Fault | null {
    const fault = this.faults.meet(classes)
    if (fault === null) return null
    if (this.trace !== null)
      this.trace.push(
        `${this.#scheduler.now} ${process.name} meets ${JSON.stringify(fault)} at ${call.name}`,
      )
    if (fault.kind === 'storage_down') this.#storageDownUntil = this.#scheduler.now + fault.ms
    this.#blows.happen(fault)
    return fault
  }

  #strike(process: SimProcess, fault: Fault | null, moment: 'before' | 'during' | 'after'): void {
    if (fault === null || !('moment' in fault)) return
    const at = fault.moment === 'during_lost' ? 'during' : fault.moment
    if (at === moment) this.#blows.strike(fault, process)
  }

  #took(call: PortCall, process: SimProcess): void {
    this.interleaving = Math.imul(this.interleaving ^ hashOf(process.name + call.name), 0x01000193)
    this.trace?.push(`${this.#scheduler.now} ${process.name} ${call.name} ${call.about.join(' ')}`)
    this.#witness(call, process)
  }

  #latency(port: string, fault: Fault | null): number {
    if (fault?.kind === 'slow_answer') return fault.ms
    if (storagePorts.has(port) && this.#scheduler.now < this.#storageDownUntil)
      return outageTimeoutMs
    const timesByPort: Readonly<Record<string, Times['storage']>> = this.#times
    const [least, most] = timesByPort[port] ?? this.#times.storage
    return this.#random.integer(least, most)
  }

  #after(ms: number, happen: () => void): void {
    this.#scheduler.after(ms, happen)
  }
}

class NetworkCalls extends PortCalls {
  readonly #call: <Result>(call: PortCall, effect: () => Result) => Promise<Result>

  constructor(call: <Result>(call: PortCall, effect: () => Result) => Promise<Result>) {
    super()
    this.#call = call
  }

  override answer<Result>(call: PortCall, effect: () => Result): Promise<Result> {
    return this.#call(call, effect)
  }
}

/** True for a call to tables or queue. */
export function isStorageCall(call: PortCall): boolean {
  return storagePorts.has(portOf(call))
}

function portOf({ name }: PortCall): string {
  return name.slice(0, name.indexOf('.'))
}

function classesOf(port: string): readonly CallClass[] {
  const isStorage = storagePorts.has(port)
  const own = ['journal', 'mappings', 'runs', 'queue', 'source'].includes(port)
  return ['any', ...(isStorage ? (['storage'] as const) : []), ...(own ? [port as CallClass] : [])]
}

/** Asks for the last look, in the turn in which the request leaves. */
function mayLeave(request: HttpRequest, reject: (error: unknown) => void): boolean {
  try {
    request.beforeSend?.()
    return true
  } catch (error) {
    reject(error)
    return false
  }
}

function unavailable(port: string): SyncError {
  return new SyncError('STORAGE_UNAVAILABLE', `${port}: storage gives no answer`)
}

function sourceFailed(call: PortCall): SyncError {
  return new SyncError('SOURCE_INCOMPLETE', `${call.name} ${call.about.join(' ')} failed`)
}

function noAnswer(isTimeout: boolean): HttpTransportError {
  return isTimeout
    ? new HttpTransportError('timeout', 'Zivver did not answer in time')
    : new HttpTransportError('connection', 'the connection to Zivver broke')
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}
