/** `CloudSyncChanges`: PartitionKey = run id, RowKey = sequence, zero-padded (contract, section 10). */
import * as z from 'zod'
import {
  actions,
  type ChangeError,
  type ChangeOutcome,
  type JournalChange,
} from '../../model/change.ts'
import { checked, type RowPlace } from './checked-row.ts'
import { sequenceKey } from './keys.ts'
import { loadJson, storeJson } from './long-values.ts'
import { errorSchema, fieldsSchema, workSchema } from './stored-schemas.ts'
import type { Table, TableRow } from './table.ts'
import type { Row } from './transactions.ts'

const statusSchema = z.enum(['planned', 'applied', 'failed', 'deferred'])

const changeSchema: z.ZodType<JournalChange> = z.object({
  sequence: z.number(),
  action: z.enum(actions),
  kind: z.enum(['user', 'functional']),
  address: z.string(),
  identifier: z.string().nullable(),
  scimId: z.string().nullable(),
  displayName: z.string(),
  fields: fieldsSchema,
  reason: z.string(),
  status: statusSchema,
  error: errorSchema.nullable(),
  work: workSchema,
  stepsDone: z.number(),
})

// What is `null` in a change is empty in its row: a merge cannot remove a column.
const orEmpty = (text: string | null): string => text ?? ''

/** The rows of one change, in the order to store them: the parts of long values, then the row itself. */
export function encodeChange(change: JournalChange): Row[] {
  const { sequence, identifier, scimId, fields, error, work, ...columns } = change
  const rowKey = sequenceKey(sequence)
  const storedFields = storeJson('fields', rowKey, fields)
  const storedWork = storeJson('work', rowKey, work)
  const row = {
    rowKey,
    ...columns,
    externalDirectoryObjectId: orEmpty(identifier),
    scimId: orEmpty(scimId),
    ...errorColumns(error),
    ...storedFields.columns,
    ...storedWork.columns,
  }
  return [...storedFields.parts, ...storedWork.parts, row]
}

/** The columns that an outcome changes. A SCIM id, once known, stays. */
export function encodeOutcome({ sequence, status, stepsDone, scimId, error }: ChangeOutcome): Row {
  return {
    rowKey: sequenceKey(sequence),
    status,
    stepsDone,
    ...(scimId !== null && { scimId }),
    ...errorColumns(error),
  }
}

// A property holds 32 thousand characters; a reason that somebody reads is shorter.
const messageLimit = 8_000

function errorColumns(error: ChangeError | null): { errorCode: string; errorMessage: string } {
  return {
    errorCode: orEmpty(error?.code ?? null),
    errorMessage: orEmpty(error?.message.slice(0, messageLimit) ?? null),
  }
}

/** @throws SyncError `STORED_ROW_INVALID` */
export async function decodeChanges(
  table: Table,
  rows: readonly TableRow[],
): Promise<JournalChange[]> {
  const remedy = 'correct the column, or cancel the run and start another'
  const place: RowPlace = { table: table.name, remedy, columnOf }
  const values = await loadJson(table, rows, ['fields', 'work'], place)
  return rows.map((row, index) => {
    const candidate = {
      sequence: Number(row.rowKey),
      action: row['action'],
      kind: row['kind'],
      address: row['address'],
      identifier: row['externalDirectoryObjectId'] || null,
      scimId: row['scimId'] || null,
      displayName: row['displayName'],
      fields: values[index]?.['fields'],
      reason: row['reason'],
      status: row['status'],
      error: row['errorCode'] ? { code: row['errorCode'], message: row['errorMessage'] } : null,
      work: values[index]?.['work'],
      stepsDone: row['stepsDone'],
    }
    return checked(changeSchema, candidate, row, place)
  })
}

function columnOf(property: string): string {
  if (property === 'identifier') return 'externalDirectoryObjectId'
  return property === 'error' ? 'errorCode' : property
}
