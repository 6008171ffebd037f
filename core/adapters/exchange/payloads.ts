import * as z from 'zod'
import { parseJson } from '../http/http-client.ts'

/**
 * What the Exchange admin API answers, as far as we believe it (reference 3.7 to 3.9). Unknown keys are dropped, and
 * with them every side-car key with an `@` in its name. A column of an unexpected type counts as not given: what may
 * not be missing is decided where the row is used.
 */

const text = z.string().catch('')

/** Some cmdlets give booleans as `"True"`. */
const flag = z
  .union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })])
  .nullable()
  .catch(null)

/** A list; a single value stands for a list of one; `null` = not given. */
const textList = z
  .union([z.array(z.string()), z.string().transform((single) => [single])])
  .nullable()
  .catch(null)

/** A row of `Get-Mailbox` or `Get-Recipient`. */
export const mailboxRow = z.object({
  ExternalDirectoryObjectId: text,
  ExchangeGuid: text,
  Guid: text,
  Identity: text,
  Id: text,
  Name: text,
  Alias: text,
  DisplayName: text,
  PrimarySmtpAddress: text,
  EmailAddresses: textList,
  UserPrincipalName: text,
  RecipientTypeDetails: text,
  AccountDisabled: flag,
  WhenMailboxCreated: text,
})
export type MailboxRow = z.infer<typeof mailboxRow>

/** A row of `Get-MailboxPermission`. */
export const permissionRow = z.object({
  Identity: text,
  User: text,
  UserSid: text,
  AccessRights: textList,
  Deny: flag,
  IsInherited: flag,
})
export type PermissionRow = z.infer<typeof permissionRow>

/** One page of rows; which cmdlet they belong to is known by who asked. */
export interface CmdletPage {
  readonly rows: readonly unknown[]
  readonly warnings: readonly string[]
  /** `null` = this was the last page. */
  readonly nextLink: string | null
}

/** Whatever it is, or nothing. */
const anything = z.unknown().optional()

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== ''

const cmdletAnswer = z.object({
  value: anything,
  '@odata.nextLink': z.string().nullish(),
  '@adminapi.warnings': textList.optional(),
  '@adminapi.errors': anything,
  error: anything,
  Exception: anything,
  ErrorRecord: anything,
})

/** A 2xx answer: a page; `failure`, because a 2xx may hold an error; `null` when it is neither. */
export function parseCmdletAnswer(body: unknown): CmdletPage | 'failure' | null {
  const parsed = cmdletAnswer.safeParse(body)
  if (!parsed.success) return null
  const answer = parsed.data
  const errors = answer['@adminapi.errors']
  const hasErrors = Array.isArray(errors) ? errors.length > 0 : isGiven(errors)
  if (hasErrors || [answer.error, answer.Exception, answer.ErrorRecord].some(isGiven)) {
    return 'failure'
  }
  const rows = rowsOf(answer.value)
  if (rows === null) return null
  return {
    rows,
    warnings: answer['@adminapi.warnings'] ?? [],
    nextLink: answer['@odata.nextLink'] || null,
  }
}

function rowsOf(value: unknown): readonly unknown[] | null {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value
  return typeof value === 'object' ? [value] : null
}

const errorEnvelope = z.object({
  error: z.object({
    code: text,
    message: text,
    details: z.array(z.object({ message: text })).catch([]),
    innererror: z
      .object({
        message: text,
        type: text,
        internalexception: z.object({ message: text, type: text }).nullish().catch(null),
      })
      .nullish()
      .catch(null),
  }),
})

/** The newer form of `details[].message`: JSON inside the string. */
const detailJson = z.object({ Message: text, TypeName: text })

/** Exception types and texts that an error envelope names, best first; empty for a body that is none. */
interface ErrorSignals {
  readonly types: readonly string[]
  readonly texts: readonly string[]
}

/** Reads the error envelope; the outer message comes last, it is nearly always useless (reference 3.9). */
export function parseErrorSignals(body: unknown): ErrorSignals {
  const parsed = errorEnvelope.safeParse(body)
  // An `Exception` or `ErrorRecord` has no form that we know: its text is searched as it is.
  if (!parsed.success) return { types: [], texts: [JSON.stringify(body ?? '')] }
  const { message, details, innererror } = parsed.data.error
  const internal = innererror?.internalexception
  const parts = details.map((detail) => splitDetail(detail.message))
  const types = [internal?.type, ...parts.map((part) => part.type), innererror?.type]
  const texts = [internal?.message, ...parts.map((part) => part.text), innererror?.message, message]
  return { types: types.filter(isText), texts: texts.filter(isText) }
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}

/** `ExNNNNNN|Exception.Type|text`, `|Type|text`, `{"Message":…,"TypeName":…}` or plain text. */
function splitDetail(message: string): { type: string; text: string } {
  const json = detailJson.safeParse(parseJson(message))
  if (json.success) return { type: json.data.TypeName, text: json.data.Message }
  const [, type, ...rest] = message.split('|')
  return type === undefined || rest.length === 0
    ? { type: '', text: message }
    : { type, text: rest.join('|') }
}

const batchAnswer = z.object({ responses: z.array(z.unknown()) })

const batchItem = z.object({
  id: z.string(),
  status: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.unknown()).nullish().catch(null),
  body: anything,
})

/** One answer inside a `$batch` answer. */
export interface BatchItem {
  readonly id: string
  readonly status: number
  readonly headers: Headers
  readonly body?: unknown
}

/** The items of a `$batch` answer, unreadable ones left out; `null` when the body is no batch answer. */
export function parseBatchAnswer(body: unknown): readonly BatchItem[] | null {
  const parsed = batchAnswer.safeParse(body)
  if (!parsed.success) return null
  return parsed.data.responses.flatMap((response) => {
    const item = batchItem.safeParse(response)
    return item.success ? [{ ...item.data, headers: headersOf(item.data.headers) }] : []
  })
}

function headersOf(record: Record<string, unknown> | null | undefined): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(record ?? {})) {
    if (typeof value === 'string' && /^[\w-]+$/.test(name)) headers.set(name, value)
  }
  return headers
}
