/**
 * The module `@azure/functions-core`, which exists on no registry: the language worker of Azure Functions injects it, and
 * `@azure/functions` calls it to register functions and hooks (reference local-azure, 1). `load-app.ts` puts this file in
 * its place, so that the *real* library runs, and not a mock of it.
 */
import { addFunction, type HookCallback, registry } from './registry.ts'
import type {
  FunctionCallback,
  FunctionMetadata,
  ProgrammingModel,
  RpcLogCategory,
  RpcLogLevel,
} from './rpc.ts'

export const version = '3.13.0-local'
export const hostVersion = '4.1044.0-local'

export class Disposable {
  readonly #onDispose: () => unknown

  constructor(onDispose: () => unknown) {
    this.#onDispose = onDispose
  }

  static from(...disposables: { dispose: () => unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose()
    })
  }

  dispose(): unknown {
    return this.#onDispose()
  }
}

export function registerFunction(
  metadata: FunctionMetadata,
  callback: FunctionCallback,
): Disposable {
  addFunction(metadata, callback)
  return new Disposable(() => registry.functions.delete(metadata.name))
}

export function registerHook(name: string, callback: HookCallback): Disposable {
  const hooks = registry.hooks.get(name) ?? new Set()
  registry.hooks.set(name, hooks.add(callback))
  return new Disposable(() => hooks.delete(callback))
}

export function setProgrammingModel(model: ProgrammingModel): void {
  registry.programmingModel = model
}

export function getProgrammingModel(): ProgrammingModel | undefined {
  return registry.programmingModel
}

export function log(level: RpcLogLevel, category: RpcLogCategory, message: string): void {
  registry.log(level, category, message)
}
