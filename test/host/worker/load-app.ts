import { registerHooks } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as functionsCore from './functions-core.ts'
import { type RegisteredFunction, registry, runHooks } from './registry.ts'
import type { ProgrammingModel } from './rpc.ts'

export interface FunctionApp {
  readonly functions: readonly RegisteredFunction[]
  readonly programmingModel: ProgrammingModel
  /** Where the library takes HTTP requests when the app enabled streaming, else `null`. */
  readonly httpStreamUrl: string | null
}

/**
 * Imports a bundle with `@azure/functions-core` in place, lets the library close its setup phase and runs the `appStart`
 * hooks. Once per process.
 * @throws what the bundle throws while it is imported; on Azure such an app has no functions at all
 */
export async function loadApp(bundle: string): Promise<FunctionApp> {
  provideFunctionsCore()
  await import(pathToFileURL(bundle).href)
  const { programmingModel } = registry
  if (programmingModel === undefined) {
    throw new Error(`${bundle} registers no function: does it import "@azure/functions"?`)
  }
  const capabilities = await programmingModel.getCapabilities({})
  await runHooks('appStart', {
    hookData: registry.appHookData,
    appHookData: registry.appHookData,
    functionAppDirectory: dirname(bundle),
  })
  return {
    functions: [...registry.functions.values()],
    programmingModel,
    httpStreamUrl: capabilities['HttpUri'] ?? null,
  }
}

/** The library requires `@azure/functions-core`, which exists nowhere but in the language worker: it gets ours. */
function provideFunctionsCore(): void {
  const specifierOfCore = '@azure/functions-core'
  const url = 'cloud-sync:functions-core'
  const key = Symbol.for(url)
  Object.assign(globalThis, { [key]: functionsCore })
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === specifierOfCore ? { url, shortCircuit: true } : next(specifier, context),
    load: (given, context, next) =>
      given === url
        ? {
            format: 'commonjs',
            source: `module.exports = globalThis[Symbol.for('${url}')]`,
            shortCircuit: true,
          }
        : next(given, context),
  })
}
