import * as z from 'zod'
import {
  type Action,
  actions,
  type Change,
  type ChangeStatus,
  type FieldChange,
  type FieldValue,
  fieldPaths,
} from '../model/change.ts'
import { errorCodeSchema } from './codes.ts'

const changeStatuses = [
  'planned',
  'applied',
  'failed',
  'deferred',
] as const satisfies readonly ChangeStatus[]

export const actionSchema = z.enum(actions)
export const changeStatusSchema = z.enum(changeStatuses)

const fieldValue = z.union([z.string(), z.boolean(), z.array(z.string()), z.null()])

export const changeSchema = z.object({
  sequence: z.int().min(1),
  action: actionSchema,
  kind: z.enum(['user', 'functional']),
  address: z.string(),
  external_directory_object_id: z.string().nullable(),
  scim_id: z.string().nullable().meta({ description: 'null until the account is created' }),
  fields: z.array(z.object({ path: z.enum(fieldPaths), before: fieldValue, after: fieldValue })),
  reason: z.string(),
  status: changeStatusSchema,
  error: z.object({ code: errorCodeSchema, message: z.string() }).nullable(),
})

export type ChangeJson = z.output<typeof changeSchema>

/** Which changes of a run are asked for. */
export interface ChangeFilter {
  readonly action?: Action
  readonly status?: ChangeStatus
}

export function matchesFilter(change: Change, filter: ChangeFilter): boolean {
  return (
    (filter.action === undefined || change.action === filter.action) &&
    (filter.status === undefined || change.status === filter.status)
  )
}

/** A change as the API shows it: its work is left out, the SSO account key is masked. */
export function changeToJson(change: Change): ChangeJson {
  return changeSchema.parse({
    sequence: change.sequence,
    action: change.action,
    kind: change.kind,
    address: change.address,
    external_directory_object_id: change.identifier,
    scim_id: change.scimId,
    fields: change.fields.map(maskedField),
    reason: change.reason,
    status: change.status,
    error: change.error,
  })
}

function maskedField(field: FieldChange): FieldChange {
  if (field.path !== 'SsoAccountKey') return field
  return { path: field.path, before: masked(field.before), after: masked(field.after) }
}

function masked(value: FieldValue): FieldValue {
  return value === null ? null : '***'
}
