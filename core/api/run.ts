import * as z from 'zod'
import { actions } from '../model/change.ts'
import { type RunRecord, runPhases, runStatuses } from '../model/run.ts'
import { errorCodeSchema, warningCodeSchema } from './codes.ts'

const count = z.int().min(0)
const moment = z.iso.datetime().meta({ description: 'UTC' })
const countsByWord = z.record(z.string(), count)

/** A run's id, as it may stand in a path. */
export const runIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, 'is not the id of a run')
  .meta({ description: 'Id of a run' })

const actionCounts = z.object({
  planned: count,
  applied: count,
  failed: count,
  deferred: count,
})

const countsOfActions = Object.fromEntries(
  actions.map((action) => [action, actionCounts]),
) as Record<(typeof actions)[number], typeof actionCounts>

export const runSchema = z.object({
  id: runIdSchema,
  trigger: z.enum(['manual', 'schedule']),
  requested_by: z.string(),
  mode: z.enum(['preview', 'sync']).meta({ description: 'A preview writes nothing.' }),
  version: z.string().meta({ description: 'Version of Cloud Sync that this run is pinned to' }),
  flags: z.object({
    perform_sync: z.boolean(),
    allow_large_sync: z.boolean(),
    reset_account_mapping: z.boolean(),
    relink: z.array(z.string()),
    approve_run: z.string().nullable(),
  }),
  status: z
    .enum(runStatuses)
    .meta({ description: 'Final once the report was tried: then the next run is accepted.' }),
  phase: z.enum(runPhases),
  progress: z.object({
    done: count,
    total: count,
    waiting_for: z.string().nullable().meta({ description: 'What the run waits for now' }),
  }),
  requested_at: moment,
  started_at: moment.nullable(),
  finished_at: moment.nullable(),
  counts: z.object({
    ...countsOfActions,
    unchanged: count,
    skipped: count.meta({ description: 'Accounts and mailboxes that a conflict froze' }),
    unmanaged: count.meta({ description: 'Unlinked accounts outside the included domains' }),
  }),
  out_of_scope: countsByWord.meta({ description: 'Mailboxes by the reason they are not in scope' }),
  mailbox_types: countsByWord.meta({ description: 'Mailboxes by RecipientTypeDetails' }),
  guard: z.object({
    blocked: z.boolean(),
    changed: count,
    total: count,
    limit_percent: z.number().min(0),
    findings: z.array(z.string()),
  }),
  warnings: z.array(
    z.object({ code: warningCodeSchema, message: z.string(), address: z.string().optional() }),
  ),
  error: z.object({ code: errorCodeSchema, message: z.string() }).nullable(),
  report: z
    .object({ email: z.enum(['sent', 'skipped', 'failed']), message: z.string().optional() })
    .nullable()
    .meta({ description: 'What became of the mail; null until it was tried' }),
})

export type RunJson = z.output<typeof runSchema>

/** A run as the API shows it: what the history keeps for itself is left out. */
export function runToJson(record: RunRecord): RunJson {
  return runSchema.parse(record)
}
