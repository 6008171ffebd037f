/** What a run row must hold: a zod mirror of `RunRecord`, held to it by the compiler. */
import * as z from 'zod'
import { warningCodes } from '../../errors.ts'
import {
  type ActionCounts,
  type FilterGroupSize,
  type GuardVerdict,
  type ReportOutcome,
  type RunCounts,
  type RunFlags,
  type RunMilestone,
  type RunRecord,
  runPhases,
  runStatuses,
} from '../../model/run.ts'
import type { Warning } from '../../model/warning.ts'
import { errorSchema } from './stored-schemas.ts'

const flags: z.ZodType<RunFlags> = z.object({
  perform_sync: z.boolean(),
  allow_large_sync: z.boolean(),
  reset_account_mapping: z.boolean(),
  relink: z.array(z.string()),
  approve_run: z.string().nullable(),
})

const actionCounts: z.ZodType<ActionCounts> = z.object({
  planned: z.number(),
  applied: z.number(),
  failed: z.number(),
  deferred: z.number(),
})

const counts: z.ZodType<RunCounts> = z.object({
  create: actionCounts,
  update: actionCounts,
  suspend: actionCounts,
  reactivate: actionCounts,
  link: actionCounts,
  unchanged: z.number(),
  skipped: z.number(),
  unmanaged: z.number(),
})

const guard: z.ZodType<GuardVerdict> = z.object({
  blocked: z.boolean(),
  changed: z.number(),
  total: z.number(),
  limit_percent: z.number(),
  findings: z.array(z.string()),
})

const warning: z.ZodType<Warning> = z.object({
  code: z.enum(warningCodes),
  message: z.string(),
  address: z.string().exactOptional(),
})

const report: z.ZodType<ReportOutcome> = z.object({
  email: z.enum(['sent', 'skipped', 'failed']),
  message: z.string().exactOptional(),
})

const filterGroup: z.ZodType<FilterGroupSize> = z.object({
  id: z.string(),
  name: z.string(),
  members: z.number(),
})

const milestone: z.ZodType<RunMilestone> = z.object({
  planned: z.boolean(),
  done: z.number(),
  at: z.string(),
})

const numbers = z.record(z.string(), z.number())

export const runSchema: z.ZodType<RunRecord> = z.object({
  id: z.string(),
  trigger: z.enum(['manual', 'schedule']),
  requested_by: z.string(),
  mode: z.enum(['preview', 'sync']),
  version: z.string(),
  flags,
  status: z.enum(runStatuses),
  phase: z.enum(runPhases),
  progress: z.object({
    done: z.number(),
    total: z.number(),
    waiting_for: z.string().nullable(),
  }),
  requested_at: z.string(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  counts,
  out_of_scope: numbers,
  mailbox_types: numbers,
  guard,
  warnings: z.array(warning),
  error: errorSchema.nullable(),
  report: report.nullable(),
  settingsDigest: z.string().nullable(),
  planStored: z.boolean(),
  resumeAt: z.string().nullable(),
  usage: z.object({
    exchangeCalls: z.number(),
    graphCalls: z.number(),
    zivverCalls: z.number(),
    workSeconds: z.number(),
    slices: z.number(),
  }),
  changeCount: z.number(),
  decided: z.enum(runStatuses).nullable(),
  fence: z.number(),
  zivverCalledAt: z.string().nullable(),
  // A row of an earlier version has none.
  filterGroups: z.array(filterGroup).nullable().default(null),
  reached: milestone.nullable().default(null),
})
