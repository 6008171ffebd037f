import * as z from 'zod'

/** What Graph answers, as far as we believe it (reference 5). Unknown properties are dropped. */

const nullableText = z
  .string()
  .nullish()
  .transform((text) => text ?? null)
const textList = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])
const objectId = z.string().trim().min(1).toLowerCase()

export const groupPayload = z.object({
  id: objectId,
  displayName: nullableText,
  mail: nullableText,
  mailNickname: nullableText,
  mailEnabled: z.boolean().nullish(),
  securityEnabled: z.boolean().nullish(),
  groupTypes: textList,
  proxyAddresses: textList,
  visibility: nullableText,
})
export type GroupPayload = z.infer<typeof groupPayload>

/** The properties that `GroupPayload` reads, for `$select`. */
export const groupProperties = Object.keys(groupPayload.shape)

/** A row of `/groups/{id}/members`; the type is told for each, because the collection is a mixed one. */
export const memberPayload = z.object({ id: objectId, '@odata.type': z.string().min(1) })

export const objectPayload = z.object({ id: objectId })

const page = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().nullish(),
  '@odata.count': z.number().int().nonnegative().nullish(),
})

/** One page of a collection. */
export interface GraphPage {
  readonly rows: readonly unknown[]
  /** `null` = this was the last page. */
  readonly nextLink: string | null
  /** The total that Graph states; `null` = it states none. */
  readonly count: number | null
}

/** @returns `null` when the body is no page of a collection */
export function parseGraphPage(body: unknown): GraphPage | null {
  const parsed = page.safeParse(body)
  if (!parsed.success) return null
  const { value, '@odata.nextLink': nextLink, '@odata.count': count } = parsed.data
  return { rows: value, nextLink: nextLink || null, count: count ?? null }
}

const errorEnvelope = z.object({ error: z.object({ code: z.string().regex(/^[\w.]{1,80}$/) }) })

/** The code of an error answer; `null` when it has none, as answers of anything but Graph itself. */
export function parseGraphErrorCode(body: unknown): string | null {
  return errorEnvelope.safeParse(body).data?.error.code ?? null
}
