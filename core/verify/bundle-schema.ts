/** A support bundle as it is written and read: what a plan is made from, and the plan, nothing else. */
import * as z from 'zod'
import { actions } from '../model/change.ts'

const kind = z.enum(['user', 'functional'])
const texts = z.array(z.string())
const other = z.record(z.string(), z.unknown())

const mailbox = z.object({
  identifier: z.string().nullable(),
  exchangeGuid: z.string(),
  recipientTypeDetails: z.string(),
  displayName: z.string(),
  primarySmtpAddress: z.string(),
  secondarySmtpAddresses: texts,
  accountDisabled: z.boolean(),
  names: texts,
})

const account = z.object({
  kind,
  scimId: z.string(),
  address: z.string(),
  displayName: z.string(),
  aliases: texts,
  delegates: texts,
  active: z.boolean(),
  externalAccountId: z.string().nullable(),
  otherExtension: other,
  otherName: other,
})

const mapping = z.object({
  key: z.string(),
  kind,
  scimId: z.string(),
  address: z.string(),
  displayName: z.string(),
  active: z.boolean(),
  linkedAt: z.string(),
  lastRunId: z.string(),
  refusedAliases: z.array(
    z.object({
      address: z.string(),
      code: z.enum(['ALIAS_IS_GUEST', 'ALIAS_TAKEN']),
      firstRefusedAt: z.string(),
      lastTriedAt: z.string(),
    }),
  ),
  goneAt: z.string().nullable(),
})

const delegation = z.object({
  identifier: z.string(),
  delegates: texts,
  unknown: texts,
  dropped: z.array(
    z.object({
      text: z.string(),
      reason: z.enum([
        'self',
        'raw_sid',
        'no_user_mailbox',
        'cannot_log_in',
        'not_in_scope',
        'not_found',
      ]),
    }),
  ),
})

const policy = z.object({
  tenantId: z.string(),
  includedDomains: texts,
  ssoAccountKey: z.enum(['object_id', 'omit']),
  targetFilter: z.object({ addresses: texts, domains: texts }),
  actions: z.array(z.enum(actions)),
  reactivate: z.enum(['ours', 'all']),
  delegates: z.boolean(),
  writeIdentifiers: z.boolean(),
  largeSyncPercent: z.number(),
  resetAccountMapping: z.boolean(),
  relink: texts,
  now: z.string(),
  runId: z.string(),
  retentionDays: z.number(),
})

/** One change, as far as two plans are compared by it. */
const plannedChange = z.object({
  action: z.enum(actions),
  kind,
  identifier: z.string().nullable(),
  scimId: z.string().nullable(),
  address: z.string(),
  reason: z.string(),
  paths: texts,
  status: z.string(),
})

/** How the run went that the bundle is about: codes and numbers, no text. */
const runFacts = z.object({
  id: z.string(),
  status: z.string(),
  mode: z.string(),
  version: z.string(),
  errorCode: z.string().nullable(),
  counts: z.record(z.string(), z.unknown()),
  guard: z.object({ blocked: z.boolean(), changed: z.number(), total: z.number() }),
  warnings: z.record(z.string(), z.number()),
})

export const bundleSchema = z.object({
  format: z.literal('cloud-sync-support-bundle'),
  version: z.literal(1),
  madeBy: z.string(),
  madeAt: z.string(),
  snapshot: z.object({
    mailboxes: z.array(mailbox),
    accounts: z.array(account),
    mappings: z.array(mapping),
    filterMembers: texts.nullable(),
    delegations: z.array(delegation).nullable(),
    absentIdentifiers: texts,
    goneScimIds: texts,
  }),
  policy,
  plan: z.array(plannedChange),
  run: runFacts.nullable(),
})

export type SupportBundle = z.output<typeof bundleSchema>
export type PlannedChange = z.output<typeof plannedChange>
