import * as z from 'zod'
import type { Environment } from './settings.ts'

/** `hh:mm:ss`, with optional days before and a fraction behind, as .NET writes a TimeSpan; in milliseconds. */
const timeSpan = z.string().transform((text, context) => {
  const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(text)
  if (match === null) {
    context.addIssue(`"${text}" is no time span, which is written hh:mm:ss`)
    return z.NEVER
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0))
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
})

const queues = z.object({
  batchSize: z.coerce.number().int().min(1).max(32).default(16),
  newBatchThreshold: z.coerce.number().int().min(0).optional(),
  maxPollingInterval: timeSpan.default(60_000),
  maxDequeueCount: z.coerce.number().int().min(1).default(5),
  visibilityTimeout: timeSpan.default(0),
  messageEncoding: z.enum(['base64', 'none']).default('base64'),
})

const schema = z.object({
  version: z.literal('2.0'),
  // "-1" means no limit. The default of a Flex Consumption app is 30 minutes.
  functionTimeout: z.union([z.literal('-1').transform(() => null), timeSpan]).default(30 * 60_000),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      queues: queues.prefault({}),
    })
    .prefault({}),
  logging: z.object({ logLevel: z.record(z.string(), z.string()).default({}) }).prefault({}),
})

/** Options of the extensions queue, times in ms. */
export interface QueueOptions {
  readonly batchSize: number
  readonly newBatchThreshold: number
  readonly maxPollingInterval: number
  readonly maxDequeueCount: number
  readonly visibilityTimeout: number
  readonly messageEncoding: 'base64' | 'none'
}

export interface HostJson {
  /** In ms; `null` = unlimited. */
  readonly functionTimeout: number | null
  readonly routePrefix: string
  readonly queues: QueueOptions
  /** Log level by category. */
  readonly logLevel: Readonly<Record<string, string>>
}

/**
 * Reads host.json with the overrides the real host knows: `AzureFunctionsJobHost__functionTimeout`,
 * `AzureFunctionsJobHost__extensions__queues__batchSize`, …
 * @throws Error that names every value at fault
 */
export function parseHostJson(text: string, env: Environment): HostJson {
  const parsed = schema.safeParse(override(JSON.parse(text), env))
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`host.json: ${faults.join('; ')}`)
  }
  const { functionTimeout, extensions, logging } = parsed.data
  const { newBatchThreshold, ...queue } = extensions.queues
  return {
    functionTimeout,
    routePrefix: extensions.http.routePrefix,
    queues: { ...queue, newBatchThreshold: newBatchThreshold ?? Math.floor(queue.batchSize / 2) },
    logLevel: logging.logLevel,
  }
}

const prefix = 'AzureFunctionsJobHost__'

function override(hostJson: unknown, env: Environment): unknown {
  let result = hostJson
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(prefix) || value === undefined) continue
    result = withValue(result, name.slice(prefix.length).split('__'), value)
  }
  return result
}

function withValue(node: unknown, [key, ...rest]: readonly string[], value: string): unknown {
  if (key === undefined) return value
  const object = typeof node === 'object' && node !== null ? node : {}
  const child: unknown = key in object ? object[key as keyof typeof object] : undefined
  return { ...object, [key]: withValue(child, rest, value) }
}
