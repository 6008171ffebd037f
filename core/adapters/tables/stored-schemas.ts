/** What JSON columns must look like: our own words, but the table lies open to other hands and older versions. */
import * as z from 'zod'
import { errorCodes } from '../../errors.ts'
import {
  type AccountWrite,
  type ChangeWork,
  type DelegateRef,
  type FieldChange,
  fieldPaths,
  type WriteStep,
} from '../../model/change.ts'
import type { MappingRow, RefusedAlias } from '../../model/mapping.ts'

export const errorSchema = z.object({ code: z.enum(errorCodes), message: z.string() })

const refusedAlias: z.ZodType<RefusedAlias> = z.object({
  address: z.string(),
  code: z.enum(['ALIAS_IS_GUEST', 'ALIAS_TAKEN']),
  firstRefusedAt: z.string(),
  lastTriedAt: z.string(),
})

export const mappingSchema: z.ZodType<MappingRow> = z.object({
  key: z.string().min(1),
  kind: z.enum(['user', 'functional']),
  scimId: z.string(),
  address: z.string(),
  displayName: z.string(),
  active: z.boolean(),
  linkedAt: z.string(),
  lastRunId: z.string(),
  refusedAliases: z.array(refusedAlias),
  goneAt: z.string().nullable(),
})

const fieldChange: z.ZodType<FieldChange> = z.object({
  path: z.enum(fieldPaths),
  before: z.union([z.string(), z.boolean(), z.null(), z.array(z.string())]),
  after: z.union([z.string(), z.boolean(), z.null(), z.array(z.string())]),
})

export const fieldsSchema = z.array(fieldChange)

const delegateRef: z.ZodType<DelegateRef> = z.object({
  identifier: z.string().nullable(),
  scimId: z.string().nullable(),
  address: z.string(),
})

const otherAttributes = z.record(z.string(), z.unknown())

const accountWrite: z.ZodType<AccountWrite> = z.object({
  address: z.string().exactOptional(),
  displayName: z.string().exactOptional(),
  otherName: otherAttributes.exactOptional(),
  active: z.boolean().exactOptional(),
  extension: z
    .object({
      aliases: z.array(z.string()),
      delegates: z.array(delegateRef),
      externalAccountId: z.string().nullable(),
      ssoAccountKey: z.string().nullable(),
      other: otherAttributes,
    })
    .exactOptional(),
  members: z.array(delegateRef).exactOptional(),
})

const writeStep: z.ZodType<WriteStep> = z.object({
  position: z.number(),
  after: z.array(z.number()),
  call: z.enum(['create', 'update', 'empty_members']),
  write: accountWrite,
  purpose: z.enum(['main', 'park', 'delegate_ring', 'empty_members']),
})

export const workSchema: z.ZodType<ChangeWork> = z.object({
  steps: z.array(writeStep),
  row: mappingSchema.nullable(),
  removeRows: z.array(z.string()),
})
