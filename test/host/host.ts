import { readFile } from 'node:fs/promises'
import { parseHostJson } from './host-json.ts'
import { HttpHost } from './http/server.ts'
import { Invoker } from './invoker.ts'
import { createLog } from './log.ts'
import type { HostSettings } from './settings.ts'
import { bindTriggers } from './triggers.ts'
import { loadApp } from './worker/load-app.ts'
import { registry, runHooks } from './worker/registry.ts'

export interface RunningHost {
  readonly port: number
  /** Takes no more work, lets running invocations end within the drain time, runs `appTerminate` hooks, gives locks back. */
  stop(): Promise<void>
}

export interface HostOptions {
  readonly settings: HostSettings
  /** Of the app too: the host adds `WEBSITE_HOSTNAME` to it, as the real one does. */
  readonly env: Record<string, string | undefined>
  /** Path of host.json. */
  readonly hostJson: string
  readonly print: (line: string) => void
  /** Called after an invocation that exceeded `functionTimeout` was marked as failed: the process must end. */
  readonly onTimeout: () => void
}

/**
 * Runs one function app in this process, as the Functions host would: HTTP, timers, storage queues. Resolves when
 * everything listens. The app's environment is `process.env`.
 */
export async function runHost(options: HostOptions): Promise<RunningHost> {
  const { settings, env, print } = options
  const hostJson = parseHostJson(await readFile(options.hostJson, 'utf8'), env)
  const log = createLog(hostJson.logLevel, print)
  registry.log = (level, _category, message) => log(level, 'Worker', 'worker', message)

  const http = new HttpHost({ ...settings, log })
  const port = await http.listen(settings.port)
  env['WEBSITE_HOSTNAME'] ??= `127.0.0.1:${port}`
  env['AZURE_FUNCTIONS_ENVIRONMENT'] ??= 'Development'

  const app = await loadApp(settings.bundle)
  const invoker = new Invoker({
    model: app.programmingModel,
    log,
    functionTimeout: hostJson.functionTimeout,
    onTimeout: options.onTimeout,
  })
  const triggers = await bindTriggers(app, { settings, env, hostJson, invoker, log })
  http.open({
    functions: triggers.http,
    routePrefix: hostJson.routePrefix,
    invoker,
    streamUrl: app.httpStreamUrl,
    admin: { hostId: settings.hostId, trigger: triggers.trigger },
  })
  await Promise.all(triggers.listeners.map((listener) => listener.start()))

  const stop = async () => {
    http.stop()
    for (const listener of triggers.listeners) listener.stop()
    const left = await invoker.drain(settings.drainMs)
    if (left > 0) log('warning', 'Host', 'host', `stops while ${left} invocations still run`)
    await runHooks('appTerminate', {
      hookData: registry.appHookData,
      appHookData: registry.appHookData,
    })
    await Promise.all(triggers.listeners.map((listener) => listener.close()))
    http.close()
  }
  return { port, stop }
}
