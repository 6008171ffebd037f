import * as z from 'zod'
import { isMailboxRow, type MappingRow } from '../model/mapping.ts'

export const accountSchema = z.object({
  external_directory_object_id: z
    .string()
    .nullable()
    .meta({ description: 'The mailbox; null for an account that never had a mailbox of ours' }),
  kind: z.enum(['user', 'functional']),
  scim_id: z.string(),
  address: z.string(),
  display_name: z.string(),
  active: z.boolean().meta({ description: 'false = suspended by Cloud Sync' }),
  linked_at: z.string(),
  last_run_id: z.string(),
})

export type AccountJson = z.output<typeof accountSchema>

/** A mapping row as the API shows it. */
export function accountToJson(row: MappingRow): AccountJson {
  return accountSchema.parse({
    external_directory_object_id: isMailboxRow(row) ? row.key : null,
    kind: row.kind,
    scim_id: row.scimId,
    address: row.address,
    display_name: row.displayName,
    active: row.active,
    linked_at: row.linkedAt,
    last_run_id: row.lastRunId,
  })
}
