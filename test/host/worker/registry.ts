/** What the function app registered while it was loaded. One app per process, as in the real language worker. */
import type {
  FunctionCallback,
  FunctionMetadata,
  ProgrammingModel,
  RpcBindingInfo,
  RpcLogCategory,
  RpcLogLevel,
} from './rpc.ts'

export interface RegisteredFunction {
  readonly name: string
  readonly metadata: FunctionMetadata
  /** Name under which the trigger's data is sent. */
  readonly triggerName: string
  readonly trigger: RpcBindingInfo
  readonly callback: FunctionCallback
}

export type HookCallback = (context: unknown) => unknown
type SystemLog = (level: RpcLogLevel, category: RpcLogCategory, message: string) => void

/** The state behind the module `@azure/functions-core`. */
export const registry = {
  functions: new Map<string, RegisteredFunction>(),
  hooks: new Map<string, Set<HookCallback>>(),
  programmingModel: undefined as ProgrammingModel | undefined,
  /** Shared by all hooks for as long as the app lives. */
  appHookData: {} as Record<string, unknown>,
  log: (() => undefined) as SystemLog,
}

/** @throws Error when the name is taken or the function has no trigger */
export function addFunction(metadata: FunctionMetadata, callback: FunctionCallback): void {
  if (registry.functions.has(metadata.name)) {
    throw new Error(`A function named "${metadata.name}" is already registered.`)
  }
  const found = Object.entries(metadata.bindings).find(([, binding]) =>
    /trigger$/i.test(binding.type),
  )
  if (found === undefined) throw new Error(`The function "${metadata.name}" has no trigger.`)
  const [triggerName, trigger] = found
  registry.functions.set(metadata.name, {
    name: metadata.name,
    metadata,
    triggerName,
    trigger,
    callback,
  })
}

/** Runs the hooks of one name in the order of their registration; what one throws ends the rest. */
export async function runHooks(name: string, context: object): Promise<void> {
  for (const hook of registry.hooks.get(name) ?? []) await hook(context)
}

/** Log hooks are synchronous: they may change level and message of a line before it is written. */
export function runLogHooks(context: { level: RpcLogLevel; message: string }): void {
  for (const hook of registry.hooks.get('log') ?? []) void hook(context)
}
