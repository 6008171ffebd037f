import * as z from 'zod'

const addressSet = z
  .array(z.string())
  .readonly()
  .transform((list) => new Set(list.map((item) => item.toLowerCase())))

/** How the simulated Zivver behaves where the real one is not known, or where a test wants it to misbehave. */
const optionsSchema = z.strictObject({
  /** The bearer key; every other one is answered with 401. */
  key: z.string(),
  /** Addresses that are guests: refused as an alias. */
  guests: addressSet,
  /** Addresses of accounts outside the organisation: refused as a primary address or alias. */
  outsideOrganization: addressSet,
  /** Domains whose addresses are accepted; `null` = every domain. */
  claimedDomains: addressSet.nullable(),
  /** Organizational units that exist besides `/`. */
  divisions: z.array(z.string()).readonly(),
  /** Requests per sliding window of seconds, all routes together; `null` = no limit. Which headers tell it. */
  rateLimit: z
    .strictObject({
      budget: z.int().positive(),
      windowSeconds: z.number().positive(),
      headers: z.enum(['none', 'ratelimit', 'retry_after']).default('none'),
    })
    .nullable(),
  /** `pages` obeys `startIndex` and `count`; `first_page_only` cuts likewise, but always answers with the first page. */
  paging: z.discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('whole') }),
    z.strictObject({ mode: z.literal('pages'), size: z.int().positive() }),
    z.strictObject({ mode: z.literal('first_page_only'), size: z.int().positive() }),
  ]),
  /** `totalResults` of lists: `right`, `absent`, or this much too high (negative: too low). */
  totalResults: z.union([z.enum(['right', 'absent']), z.int()]),
  /** How many accounts at the end of each list are silently left out; `totalResults` still counts them. */
  missingFromLists: z.int().min(0),
  errorFormat: z.enum(['text', 'json', 'scim']),
  unknownIdStatus: z.union([z.literal(400), z.literal(404)]),
  /** Status when a primary address belongs to another account. */
  duplicateStatus: z.union([z.literal(400), z.literal(409)]),
  /** Status of a successful PATCH; 204 has no body. */
  patchStatus: z.union([z.literal(200), z.literal(204)]),
  /** `mixed` shows `Anna.Vos@Contoso.Example` for what was stored in lower case (Q13). */
  addressCase: z.enum(['lower', 'mixed']),
})

/** All options, checked. */
export type Options = z.output<typeof optionsSchema>
/** Options as a caller gives them: those that differ from the defaults. */
export type GivenOptions = Partial<z.input<typeof optionsSchema>>

const defaults: Options = {
  key: 'zivver-key',
  guests: new Set(),
  outsideOrganization: new Set(),
  claimedDomains: null,
  divisions: [],
  rateLimit: { budget: 50, windowSeconds: 10, headers: 'none' },
  paging: { mode: 'whole' },
  totalResults: 'right',
  missingFromLists: 0,
  errorFormat: 'text',
  unknownIdStatus: 400,
  duplicateStatus: 409,
  patchStatus: 200,
  addressCase: 'lower',
}

/**
 * Lays the given options over others.
 * @throws ZodError for an unknown name or a wrong value
 */
export function withOptions(given: unknown, base: Options = defaults): Options {
  const changed = optionsSchema.partial().parse(given)
  const named = Object.entries(changed).filter(([, value]) => value !== undefined)
  return { ...base, ...Object.fromEntries(named) }
}
