import * as z from 'zod'
import { resolveSettings } from '../settings.ts'
import { blobService, findConnection } from '../storage/connection.ts'
import { HostBlobs } from '../storage/host-blobs.ts'
import type { Bound, HostServices } from '../triggers.ts'
import type { RegisteredFunction } from '../worker/registry.ts'
import { blobLock, soleHost } from './listener-lock.ts'
import { isSubMinute, parseNcrontab } from './ncrontab.ts'
import { TimerListener } from './timer-listener.ts'

const schema = z.object({
  schedule: z.string(),
  runOnStartup: z.boolean().default(false),
  useMonitor: z.boolean().default(true),
})

/** Status and lock are kept in `AzureWebJobsStorage`; without it the timer still runs. @throws Error for a schedule at fault */
export async function bindTimer(fn: RegisteredFunction, services: HostServices): Promise<Bound> {
  const { env, settings, invoker, log } = services
  const options = schema.parse(fn.trigger)
  const schedule = parseNcrontab(resolveSettings(options.schedule, env))
  const storage = findConnection(env, 'AzureWebJobsStorage', 'blob')
  const blobs = storage === null ? null : new HostBlobs(await blobService(storage))
  const isMonitored = options.useMonitor && !isSubMinute(schedule, new Date())
  const path = `timers/${settings.hostId}/Host.Functions.${fn.name}/status`
  const listener = new TimerListener({
    fn,
    schedule,
    runOnStartup: options.runOnStartup,
    monitor: blobs !== null && isMonitored ? { blobs, path } : null,
    acquireLock: blobs === null ? soleHost : blobLock(blobs, settings.hostId, fn.name),
    invoker,
    log,
  })
  return { listener, byHand: () => listener.payload(false) }
}
