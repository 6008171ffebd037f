import * as z from 'zod'

/** How the simulated mail service behaves. */
const optionsSchema = z.strictObject({
  /** Base64, as in the connection string. */
  accessKey: z.base64().min(1),
  /** Domains that are linked; `null` = every sender is accepted. */
  senderDomains: z.array(z.string()).readonly().nullable(),
  /** How many polls answer `Running` before the mail's end is told. */
  runningPolls: z.int().min(0),
  /** `retry-after` of the 202 and of a `Running` poll, in seconds; `null` = none, then the SDK waits 2 s. */
  retryAfterSeconds: z.int().min(0).nullable(),
  /** Mails accepted from now on end as `Failed` with this error; `null` = they succeed. */
  failWith: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
})

export type MailOptions = z.output<typeof optionsSchema>

const defaults: MailOptions = {
  accessKey: Buffer.from('access key of the simulated mail').toString('base64'),
  senderDomains: null,
  runningPolls: 1,
  retryAfterSeconds: 0,
  failWith: null,
}

/** Lays the given options over others. @throws ZodError for an unknown name or a wrong value */
export function withOptions(given: unknown, base: MailOptions = defaults): MailOptions {
  const changed = optionsSchema.partial().parse(given)
  const named = Object.entries(changed).filter(([, value]) => value !== undefined)
  return { ...base, ...Object.fromEntries(named) }
}
