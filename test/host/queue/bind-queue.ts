import * as z from 'zod'
import { resolveSettings } from '../settings.ts'
import { findConnection, queueService } from '../storage/connection.ts'
import type { Bound, HostServices } from '../triggers.ts'
import type { RegisteredFunction } from '../worker/registry.ts'
import { QueueListener } from './queue-listener.ts'

const schema = z.object({ queueName: z.string(), connection: z.string() })

/** @throws Error when the connection names no storage account */
export async function bindQueue(fn: RegisteredFunction, services: HostServices): Promise<Bound> {
  const { env, settings, hostJson, invoker, log } = services
  const { queueName, connection } = schema.parse(fn.trigger)
  const storage = findConnection(env, connection, 'queue')
  if (storage === null) throw new Error(`the setting ${connection} names no storage account`)
  const listener = new QueueListener({
    fn,
    service: await queueService(storage),
    queueName: resolveSettings(queueName, env).toLowerCase(),
    queues: hostJson.queues,
    messageSeconds: settings.messageSeconds,
    invoker,
    log,
  })
  return { listener, byHand: (input) => ({ string: input ?? '' }) }
}
