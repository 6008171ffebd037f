import type { HostJson } from './host-json.ts'
import { bindHttp } from './http/bind-http.ts'
import type { HttpFunction } from './http/server.ts'
import type { Invoker } from './invoker.ts'
import type { HostLog } from './log.ts'
import { bindQueue } from './queue/bind-queue.ts'
import type { Environment, HostSettings } from './settings.ts'
import { bindTimer } from './timer/bind-timer.ts'
import type { FunctionApp } from './worker/load-app.ts'
import type { RegisteredFunction } from './worker/registry.ts'
import type { RpcTypedData } from './worker/rpc.ts'

/** What waits for something to happen and runs a function then. */
interface Listener {
  start(): Promise<void>
  stop(): void
  close(): Promise<void>
}

/** The functions of an app, each bound to what starts it. */
export interface Triggers {
  readonly http: readonly HttpFunction[]
  readonly listeners: readonly Listener[]
  /** Starts a function by hand. @returns false when no function of this name is triggered by anything but HTTP */
  readonly trigger: (name: string, input: string | null) => boolean
}

/** What a function is bound to. */
export interface HostServices {
  readonly settings: HostSettings
  readonly env: Environment
  readonly hostJson: HostJson
  readonly invoker: Invoker
  readonly log: HostLog
}

/** A bound function; `byHand` makes the trigger data of an invocation through `/admin`. */
export interface Bound {
  readonly http?: HttpFunction
  readonly listener?: Listener
  readonly byHand?: (input: string | null) => RpcTypedData
}

/**
 * Binds every function. One that cannot be bound (a schedule or a route at fault, no such storage account) is logged and
 * left out, and the others run: that is what the real host does.
 */
export async function bindTriggers(app: FunctionApp, services: HostServices): Promise<Triggers> {
  const bound = new Map<string, { fn: RegisteredFunction; triggers: Bound }>()
  for (const fn of app.functions) {
    try {
      bound.set(fn.name.toLowerCase(), { fn, triggers: await bindFunction(fn, services) })
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error)
      services.log('error', 'Host.Startup', 'host', `function ${fn.name} is in error: ${fault}`)
    }
  }
  const all = [...bound.values()].map(({ triggers }) => triggers)
  return {
    http: all.flatMap(({ http }) => http ?? []),
    listeners: all.flatMap(({ listener }) => listener ?? []),
    trigger: (name, input) => {
      const found = bound.get(name.toLowerCase())
      if (found?.triggers.byHand === undefined) return false
      const data = found.triggers.byHand(input)
      void services.invoker.invoke(found.fn, { data }, () => undefined)
      return true
    },
  }
}

async function bindFunction(fn: RegisteredFunction, services: HostServices): Promise<Bound> {
  refuseUnsupported(fn)
  switch (fn.trigger.type.toLowerCase()) {
    case 'httptrigger':
      return { http: bindHttp(fn) }
    case 'timertrigger':
      return bindTimer(fn, services)
    case 'queuetrigger':
      return bindQueue(fn, services)
    default:
      throw new Error(`the local host does not know the trigger "${fn.trigger.type}"`)
  }
}

/** Things the real host would do and this one would silently leave out. */
function refuseUnsupported(fn: RegisteredFunction): void {
  if (fn.metadata.retryOptions !== undefined) throw new Error('the local host does not retry')
  for (const [name, { type }] of Object.entries(fn.metadata.bindings)) {
    if (name === fn.triggerName || (name === '$return' && type === 'http')) continue
    throw new Error(`the local host does not know the binding "${name}" of type "${type}"`)
  }
}
