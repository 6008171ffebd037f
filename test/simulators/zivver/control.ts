import * as z from 'zod'
import { callMatchSchema } from '../shared/call-match.ts'
import type { ControlActions } from '../shared/control.ts'
import type { ScimApi } from './scim-api.ts'

const fields = {
  displayName: z.string(),
  aliases: z.array(z.string()),
  /** Addresses, for both kinds. */
  delegates: z.array(z.string()),
  active: z.boolean(),
  externalAccountId: z.string().nullable(),
  ssoAccountKey: z.string().nullable(),
  division: z.string(),
  phoneNumbers: z.array(z.unknown()),
  otherName: z.record(z.string(), z.unknown()),
  otherExtension: z.record(z.string(), z.unknown()),
}
const seedSchema = z.strictObject({
  kind: z.enum(['user', 'functional']),
  address: z.string(),
  id: z.string().exactOptional(),
  created: z.string().exactOptional(),
  ...optional(fields),
})
const editSchema = z.looseObject({
  id: z.string(),
  change: z.strictObject({ address: z.string().exactOptional(), ...optional(fields) }),
})
const seedActionSchema = z.looseObject({ accounts: z.array(seedSchema) })
const idSchema = z.looseObject({ id: z.string() })
const writesSchema = z.looseObject({ since: z.int().default(0) })
const ignoreSchema = z.looseObject({
  match: callMatchSchema.default({}),
  times: z.int().positive().default(1),
})

/** Actions of `POST /__control/state`, for tests and demos in other processes. */
export function controlActions(api: ScimApi): ControlActions {
  const { organisation, log } = api
  return {
    seed: (input) => {
      const added = organisation.seed(seedActionSchema.parse(input).accounts)
      return { ids: added.map(({ id }) => id) }
    },
    edit: (input) => {
      const { id, change } = editSchema.parse(input)
      return organisation.view(organisation.edit(id, change))
    },
    remove: (input) => organisation.remove(idSchema.parse(input).id),
    set_options: ({ options }) => api.setOptions(options),
    ignore_writes: (input) => {
      const { match, times } = ignoreSchema.parse(input)
      api.ignoreWrites(match, times)
    },
    heed_writes: () => api.heedWrites(),
    writes: (input) => {
      const { since } = writesSchema.parse(input)
      return { writes: log.writes.filter(({ sequence }) => sequence > since) }
    },
    clear_writes: () => log.clear(),
  }
}

/** Answer of `GET /__control/state`. */
export function controlSnapshot({ organisation, log, limiter }: ScimApi): object {
  return {
    accounts: organisation.views(),
    writes: log.writes.length,
    violations: log.violations,
    throttled: limiter.refused,
  }
}

function optional<T extends Record<string, z.ZodType>>(shape: T) {
  const entries = Object.entries(shape).map(([name, type]) => [name, z.exactOptional(type)])
  return Object.fromEntries(entries) as { [K in keyof T]: z.ZodExactOptional<T[K]> }
}
