import { randomUUID } from 'node:crypto'
import { describeError, type HostLog } from './log.ts'
import { invokeInWorker } from './worker/invoke.ts'
import type { RegisteredFunction } from './worker/registry.ts'
import type { ProgrammingModel, RpcInvocationResponse, RpcTypedData } from './worker/rpc.ts'

/** What a trigger hands to its function. */
export interface TriggerData {
  readonly data: RpcTypedData
  readonly metadata?: Readonly<Record<string, RpcTypedData>>
  readonly invocationId?: string
}

export type Outcome =
  | { readonly status: 'succeeded'; readonly response: RpcInvocationResponse }
  | { readonly status: 'failed' }

export interface InvokerOptions {
  readonly model: ProgrammingModel
  readonly log: HostLog
  /** `functionTimeout` of host.json in ms; `null` = unlimited. */
  readonly functionTimeout: number | null
  /** Called once an invocation that ran out of time has been marked as failed. */
  readonly onTimeout: () => void
}

/** Runs functions, holds them to `functionTimeout`, logs their end, and knows which are still running. */
export class Invoker {
  readonly #options: InvokerOptions
  readonly #running = new Set<Promise<void>>()

  constructor(options: InvokerOptions) {
    this.#options = options
  }

  /**
   * Runs one invocation, then `finish` with its outcome: answering the request, deleting the message, …
   * After a timeout the real host kills the language worker; here that is `onTimeout`, after `finish`.
   */
  async invoke(
    fn: RegisteredFunction,
    trigger: TriggerData,
    finish: (outcome: Outcome) => Promise<void> | void,
  ): Promise<void> {
    const work = this.#invoke(fn, trigger, finish)
    this.#running.add(work)
    try {
      await work
    } finally {
      this.#running.delete(work)
    }
  }

  /** Resolves when nothing is running, or after `ms`. @returns how many invocations are still running */
  async drain(ms: number): Promise<number> {
    const timer = Promise.withResolvers<void>()
    const timeout = setTimeout(timer.resolve, ms)
    while (this.#running.size > 0) {
      const idle = Promise.allSettled(this.#running).then(() => true)
      if (!(await Promise.race([idle, timer.promise.then(() => false)]))) break
    }
    clearTimeout(timeout)
    return this.#running.size
  }

  async #invoke(
    fn: RegisteredFunction,
    trigger: TriggerData,
    finish: (outcome: Outcome) => Promise<void> | void,
  ): Promise<void> {
    const invocationId = trigger.invocationId ?? randomUUID()
    const source = `${fn.name} ${invocationId.slice(0, 8)}`
    const { log, onTimeout } = this.#options
    const began = performance.now()
    log('debug', 'Host.Executor', source, `Executing '${fn.name}' (Id=${invocationId})`)
    const ended = await this.#withinTimeout(this.#run(fn, trigger, invocationId, source))
    const took = `Duration=${Math.round(performance.now() - began)}ms`
    if (ended === 'timeout') {
      const limit = `${(this.#options.functionTimeout ?? 0) / 1000} s`
      log('error', 'Host.Executor', source, `Timeout value of ${limit} exceeded by '${fn.name}'.`)
      await finish({ status: 'failed' })
      onTimeout()
      return
    }
    log('debug', 'Host.Executor', source, `Executed '${fn.name}' (${ended.status}, ${took})`)
    await finish(ended)
  }

  async #run(
    fn: RegisteredFunction,
    trigger: TriggerData,
    invocationId: string,
    source: string,
  ): Promise<Outcome> {
    const { log, model } = this.#options
    try {
      const response = await invokeInWorker(
        model,
        fn,
        {
          invocationId,
          inputData: [{ name: fn.triggerName, data: trigger.data }],
          triggerMetadata: trigger.metadata ?? {},
        },
        (level, kind, message) => {
          const category = kind === 'user' ? `Function.${fn.name}.User` : `Worker.${fn.name}`
          log(level, category, source, message)
        },
      )
      return { status: 'succeeded', response }
    } catch (error) {
      log('error', `Function.${fn.name}`, source, `'${fn.name}' failed: ${describeError(error)}`)
      return { status: 'failed' }
    }
  }

  async #withinTimeout(work: Promise<Outcome>): Promise<Outcome | 'timeout'> {
    const limit = this.#options.functionTimeout
    if (limit === null) return work
    const expiry = Promise.withResolvers<'timeout'>()
    const timer = setTimeout(expiry.resolve, limit, 'timeout')
    try {
      return await Promise.race([work, expiry.promise])
    } finally {
      clearTimeout(timer)
    }
  }
}
