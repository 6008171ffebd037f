/**
 * What Zivver answers, checked once and normalised: addresses in lower case, lists sorted and unique, attributes that
 * we do not manage kept apart so that a PUT can carry them back (reference zivver 6.3, 6.4; quirks Q10, Q13).
 */
import * as z from 'zod'
import type { Account } from '../../model/account.ts'
import { none } from '../../model/compact.ts'
import type { AccountKind } from '../../model/mailbox.ts'
import { zivverSchema } from './scim-schemas.ts'

/** The attributes of one answered resource; `undefined` = the answer does not carry it. */
export interface ScimAttributes {
  readonly scimId: string | undefined
  readonly address: string | undefined
  readonly displayName: string | undefined
  readonly active: boolean | undefined
  readonly aliases: readonly string[] | undefined
  readonly delegates: readonly string[] | undefined
  readonly externalAccountId: string | null | undefined
  readonly otherExtension: Readonly<Record<string, unknown>>
  readonly otherName: Readonly<Record<string, unknown>>
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: string }

export interface ListPage {
  /** `totalResults`; `null` when the answer has none. */
  readonly total: number | null
  readonly rows: readonly unknown[]
}

const text = z.string().nullish()

// Some clients and servers of this API speak of "True" and "False" (reference zivver 6.3).
const flag = z.union([
  z.boolean(),
  z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'false']))
    .transform((word) => word === 'true'),
])

const values = z
  .array(
    z.union([z.string(), z.looseObject({ value: z.string() }).transform((member) => member.value)]),
  )
  .nullish()

const groupExtension = z.looseObject({ aliases: values, ExternalAccountId: text })
const userExtension = groupExtension.extend({ delegates: values })

const userRow = z.looseObject({
  id: z.string().min(1).optional(),
  userName: text,
  name: z.looseObject({ formatted: text }).nullish(),
  active: flag.nullish(),
  [zivverSchema.user]: userExtension.nullish(),
})

const groupRow = z.looseObject({
  id: z.string().min(1).optional(),
  externalId: text,
  displayName: text,
  members: values,
  [zivverSchema.functional]: groupExtension.nullish(),
})

const total = z.union([
  z.int().nonnegative(),
  z
    .string()
    .regex(/^\d+$/)
    .transform((digits) => Number(digits)),
])

const listResponse = z.looseObject({
  totalResults: total.nullish(),
  Resources: z.array(z.unknown()).nullish(),
})

const managedUserExtension = new Set(['aliases', 'delegates', 'ExternalAccountId', 'SsoAccountKey'])
const managedGroupExtension = new Set(['aliases', 'ExternalAccountId', 'SsoAccountKey'])
const managedName = new Set(['formatted'])

/** A ListResponse (RFC 7644, section 3.4.2). `Resources` may be missing only where `totalResults` is 0. */
export function parseListPage(json: unknown): Parsed<ListPage> {
  const parsed = listResponse.safeParse(json)
  if (!parsed.success) return { ok: false, fault: faultOf(parsed.error) }
  const { totalResults, Resources } = parsed.data
  if (!Resources && totalResults !== 0) return { ok: false, fault: 'Resources is missing' }
  return { ok: true, value: { total: totalResults ?? null, rows: Resources ?? [] } }
}

/** One resource as an account; a row without `id` or address is a fault, for nothing can be concluded from it. */
export function parseAccount(kind: AccountKind, row: unknown): Parsed<Account> {
  const parsed = parseAttributes(kind, row)
  if (!parsed.ok) return parsed
  const { scimId, address, ...attributes } = parsed.value
  if (scimId === undefined) return { ok: false, fault: 'id is missing' }
  if (!address) return { ok: false, fault: `${addressPath(kind)} is missing` }
  return {
    ok: true,
    value: {
      kind,
      scimId,
      address,
      displayName: attributes.displayName ?? '',
      aliases: attributes.aliases ?? none,
      delegates: attributes.delegates ?? none,
      active: attributes.active ?? true,
      externalAccountId: attributes.externalAccountId ?? null,
      otherExtension: attributes.otherExtension,
      otherName: attributes.otherName,
    },
  }
}

/** Whatever attributes a resource carries; an answer to a write may be partial. */
export function parseAttributes(kind: AccountKind, row: unknown): Parsed<ScimAttributes> {
  return kind === 'user' ? parseUser(row) : parseGroup(row)
}

/** The resource of a single read: bare, or the only row of an envelope (reference zivver 6.2). */
export function unwrapResource(json: unknown): unknown {
  const page = parseListPage(json)
  return page.ok && page.value.rows.length === 1 ? page.value.rows[0] : json
}

/** The attribute that holds the primary address. */
export function addressPath(kind: AccountKind): 'userName' | 'externalId' {
  return kind === 'user' ? 'userName' : 'externalId'
}

function parseUser(row: unknown): Parsed<ScimAttributes> {
  const parsed = userRow.safeParse(row)
  if (!parsed.success) return { ok: false, fault: faultOf(parsed.error) }
  const zivver = parsed.data[zivverSchema.user]
  return {
    ok: true,
    value: {
      scimId: parsed.data.id,
      address: parsed.data.userName?.trim().toLowerCase(),
      displayName: parsed.data.name?.formatted ?? undefined,
      active: parsed.data.active ?? undefined,
      delegates: addressList(zivver?.delegates),
      otherName: without(parsed.data.name, managedName),
      ...extensionAttributes(zivver, managedUserExtension),
    },
  }
}

function parseGroup(row: unknown): Parsed<ScimAttributes> {
  const parsed = groupRow.safeParse(row)
  if (!parsed.success) return { ok: false, fault: faultOf(parsed.error) }
  return {
    ok: true,
    value: {
      scimId: parsed.data.id,
      address: parsed.data.externalId?.trim().toLowerCase(),
      displayName: parsed.data.displayName ?? undefined,
      active: undefined,
      delegates: sortedList(parsed.data.members),
      otherName: nothing,
      ...extensionAttributes(parsed.data[zivverSchema.functional], managedGroupExtension),
    },
  }
}

function extensionAttributes(
  zivver: z.infer<typeof groupExtension> | null | undefined,
  managed: ReadonlySet<string>,
) {
  const identifier = zivver?.ExternalAccountId
  return {
    aliases: addressList(zivver?.aliases),
    externalAccountId: identifier === '' ? null : identifier,
    otherExtension: without(zivver, managed),
  }
}

// Shared, because most of 100,000 accounts have no attributes of others.
const nothing: Readonly<Record<string, unknown>> = Object.freeze({})

function addressList(list: readonly string[] | null | undefined): readonly string[] | undefined {
  return sortedList(list?.map((address) => address.trim().toLowerCase()))
}

function sortedList(list: readonly string[] | null | undefined): readonly string[] | undefined {
  if (!list) return undefined
  return list.length === 0 ? none : [...new Set(list)].sort()
}

function without(
  attributes: Readonly<Record<string, unknown>> | null | undefined,
  managed: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const rest = Object.entries(attributes ?? nothing).filter(([name]) => !managed.has(name))
  return rest.length === 0 ? nothing : Object.fromEntries(rest)
}

/** Where and what, never the value. */
function faultOf(error: z.ZodError): string {
  const issue = error.issues[0]
  const path = issue?.path.join('.') ?? ''
  const message = issue?.message ?? 'unreadable'
  return path === '' ? message : `${path}: ${message}`
}
