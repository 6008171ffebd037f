import { resolve } from 'node:path'
import * as z from 'zod'

/** What configures the local host itself; the app reads its own settings from the same environment. */
export interface HostSettings {
  /** 0 = any free port. */
  readonly port: number
  /** The one key for function-level routes and `/admin`; `null` = keys are not asked for (as `func start` does). */
  readonly key: string | null
  /** Names the app in the container `azure-webjobs-hosts`: hosts with the same id share timers. */
  readonly hostId: string
  /** The bundle of the app. */
  readonly bundle: string
  /** How long running invocations may go on after SIGTERM, in ms. */
  readonly drainMs: number
  /** An HTTP request without an answer is cut after this long, in ms (Azure's load balancer: 230 s). */
  readonly httpMs: number
  /** How long a dequeued message stays invisible before it must be renewed, in seconds (the real host: ten minutes). */
  readonly messageSeconds: number
  /** Longest request body, in bytes (the real host: 100 MB). */
  readonly bodyLimit: number
}

export type Environment = Readonly<Record<string, string | undefined>>

const seconds = (fallback: number) =>
  z.coerce
    .number()
    .positive()
    .max(86_400)
    .default(fallback)
    .transform((value) => value * 1000)

const schema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(7071),
  FUNCTIONS_LOCAL_KEY: z.string().default(''),
  AzureFunctionsWebHost__hostid: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, 'up to 32 lower-case letters, digits and hyphens')
    .default('cloud-sync-local'),
  HOST_BUNDLE: z.string(),
  HOST_DRAIN_SECONDS: seconds(5),
  HOST_HTTP_SECONDS: seconds(230),
  HOST_MESSAGE_SECONDS: z.coerce.number().int().min(1).max(604_800).default(600),
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: z.coerce.number().int().min(0).default(104_857_600),
})

/** @throws Error that names every setting at fault */
export function readHostSettings(env: Environment): HostSettings {
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The local host cannot start: ${faults.join('; ')}`)
  }
  const values = parsed.data
  return {
    port: values.PORT,
    key: values.FUNCTIONS_LOCAL_KEY === '' ? null : values.FUNCTIONS_LOCAL_KEY,
    hostId: values.AzureFunctionsWebHost__hostid,
    bundle: resolve(values.HOST_BUNDLE),
    drainMs: values.HOST_DRAIN_SECONDS,
    httpMs: values.HOST_HTTP_SECONDS,
    messageSeconds: values.HOST_MESSAGE_SECONDS,
    bodyLimit: values.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT,
  }
}

/**
 * Puts app settings into a binding's text: `%NAME%` becomes the value of NAME, as the real host does for schedules, queue
 * names and routes. @throws Error that names a setting without a value
 */
export function resolveSettings(text: string, env: Environment): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = env[name]
    if (value === undefined || value === '') {
      throw new Error(`%${name}% does not resolve: the setting ${name} is missing or empty`)
    }
    return value
  })
}
