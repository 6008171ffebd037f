import * as z from 'zod'
import type { Clock } from '../../ports.ts'
import type { Installation, UpdateAttempt, UpdateLog } from '../../update/services.ts'
import { openTableClient, type StorageAccess } from '../tables/storage-clients.ts'
import { Table } from '../tables/table.ts'

const updateTableName = 'CloudSyncUpdates'

const partitionKey = 'updates'

const attemptSchema = z.object({
  at: z.string(),
  outcome: z.enum([
    'current',
    'postponed',
    'published',
    'feed_unreachable',
    'signature_wrong',
    'manifest_invalid',
    'version_older',
    'taken_back',
    'package_truncated',
    'checksum_wrong',
    'no_way_back',
    'publish_failed',
  ]),
  offered: z.string(),
  message: z.string(),
})
const installationSchema = z.object({
  from: z.string(),
  to: z.string(),
  publishedAt: z.string(),
  confirmedAt: z.string(),
  previousPackage: z.string(),
})

/** Two rows: the last attempt and the last installation. Table Storage has no null, so that a blank stands for it. */
export function createUpdateLog(access: StorageAccess, clock: Clock): UpdateLog {
  const table = new Table(openTableClient(access, updateTableName), clock)
  return {
    lastAttempt: async (): Promise<UpdateAttempt | null> => {
      const row = await readRow(table, 'attempt', attemptSchema)
      return row && { ...row, offered: row.offered || null }
    },
    lastInstallation: async (): Promise<Installation | null> => {
      const row = await readRow(table, 'installation', installationSchema)
      return row && { ...row, confirmedAt: row.confirmedAt || null }
    },
    recordAttempt: (attempt) =>
      writeRow(table, 'attempt', { ...attempt, offered: attempt.offered ?? '' }),
    recordInstallation: async (installation) => {
      if (installation === null) {
        await table.remove(partitionKey, 'installation', '*')
        return
      }
      const { confirmedAt, ...columns } = installation
      await writeRow(table, 'installation', { ...columns, confirmedAt: confirmedAt ?? '' })
    },
  }
}

/** A row that cannot be understood counts as absent: it says only what happened last. */
async function readRow<T>(table: Table, rowKey: string, schema: z.ZodType<T>): Promise<T | null> {
  const row = await table.read(partitionKey, rowKey)
  return schema.safeParse(row).data ?? null
}

async function writeRow(table: Table, rowKey: string, columns: object): Promise<void> {
  await table.submit([['upsert', { partitionKey, rowKey, ...columns }, 'Replace']])
}
