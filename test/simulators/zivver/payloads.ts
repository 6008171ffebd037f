import * as z from 'zod'
import { refusals } from './refusal.ts'

export const urns = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  /** Also on Groups (Q11). */
  enterpriseUser: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  zivverUser: 'urn:ietf:params:scim:schemas:zivver:0.1:User',
  zivverGroup: 'urn:ietf:params:scim:schemas:zivver:0.1:Group',
  patchOp: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  listResponse: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
} as const

// Public clients send the booleans as `"True"` and `"false"` too (reference 6.3).
const scimBoolean = z.union([
  z.boolean(),
  z.enum(['true', 'True', 'false', 'False']).transform((text) => text.toLowerCase() === 'true'),
])
const addressList = z.array(z.string().min(1))
const enterprise = z.looseObject({ division: z.string().optional() })
const identifiers = {
  aliases: addressList.optional(),
  ExternalAccountId: z.string().nullish(),
}

/** RFC 7643 §3: `schemas` names the core schema and every extension that is there. */
const schemasOf = (core: string) =>
  z.array(z.string()).refine((list) => list.includes(core), `needs ${core}`)

const userSchema = z.looseObject({
  schemas: schemasOf(urns.user),
  userName: z.string().min(1).optional(),
  name: z.looseObject({ formatted: z.string().optional() }).optional(),
  active: scimBoolean.optional(),
  phoneNumbers: z.array(z.unknown()).optional(),
  [urns.enterpriseUser]: enterprise.optional(),
  [urns.zivverUser]: z
    .looseObject({
      ...identifiers,
      delegates: addressList.optional(),
      SsoAccountKey: z.string().nullish(),
    })
    .optional(),
})
const memberList = z.array(z.looseObject({ value: z.string() }))
const groupSchema = z.looseObject({
  schemas: schemasOf(urns.group),
  externalId: z.string().min(1).optional(),
  displayName: z.string().optional(),
  members: memberList.optional(),
  [urns.enterpriseUser]: enterprise.optional(),
  [urns.zivverGroup]: z.looseObject(identifiers).optional(),
})
const patchSchema = z.looseObject({
  schemas: schemasOf(urns.patchOp),
  Operations: z
    .array(
      z.looseObject({
        op: z.string().transform((op) => op.toLowerCase()),
        path: z.string(),
        value: memberList.optional(),
      }),
    )
    .min(1),
})

export type UserBody = z.output<typeof userSchema>
export type GroupBody = z.output<typeof groupSchema>
export type PatchBody = z.output<typeof patchSchema>

/** The body of POST and PUT on Users. @throws Refusal */
export const parseUser = (body: unknown): UserBody => checkExtensions(parse(userSchema, body))
/** The body of POST and PUT on Groups. @throws Refusal */
export const parseGroup = (body: unknown): GroupBody => checkExtensions(parse(groupSchema, body))
/** The body of PATCH. @throws Refusal */
export const parsePatch = (body: unknown): PatchBody => parse(patchSchema, body)

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const details = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw refusals.request(details.join('; '))
}

function checkExtensions<T extends { readonly schemas: readonly string[] }>(body: T): T {
  const unnamed = Object.keys(body).find(
    (key) => key.startsWith('urn:') && !body.schemas.includes(key),
  )
  if (unnamed !== undefined) throw refusals.request(`schemas: does not name ${unnamed}`)
  return body
}
