/** Every way in which a run can end, with changes and warnings as a tenant of 1,940 accounts brings them. */
import type { JournalChange } from '../../core/model/change.ts'
import type { RunRecord } from '../../core/model/run.ts'
import type { Warning } from '../../core/model/warning.ts'
import type { ReportInput } from '../../core/report/mail.ts'
import { reviewFailures } from '../../core/run/standing-failures.ts'
import { aChange, aHistory, anInput, aRun, changes } from './sample.ts'

const applied = { status: 'applied' } as const

const ordinary = (part: Partial<JournalChange>): JournalChange[] => [
  ...changes(1, 3, { action: 'create', ...part }),
  aChange(4, {
    ...part,
    fields: [
      {
        path: 'userName',
        before: 'esra.jansen@fabrikam.example',
        after: 'esra.kaya@fabrikam.example',
      },
      { path: 'name.formatted', before: 'Esra Jansen', after: 'Esra Kaya' },
      { path: 'aliases', before: [], after: ['esra.jansen@fabrikam.example'] },
    ],
  }),
  ...changes(5, 2, part),
  aChange(7, {
    ...part,
    kind: 'functional',
    address: 'info@fabrikam.example',
    displayName: 'Info Fabrikam',
    fields: [
      {
        path: 'delegates',
        before: ['anna.de.vries@fabrikam.example'],
        after: ['bram.de.vries@fabrikam.example', 'anna.de.vries@fabrikam.example'],
      },
    ],
  }),
  aChange(8, { action: 'suspend', ...part }),
]

const warnings: Warning[] = [
  {
    code: 'KIND_MISMATCH',
    message:
      'Skipping account iris.smit@fabrikam.example because it is a group in one system and a user mailbox in the other',
    address: 'iris.smit@fabrikam.example',
  },
  {
    code: 'CAN_STILL_LOG_IN',
    message:
      'iris.smit@fabrikam.example can still log in: its mailbox is a shared one now, its Zivver account an active user account',
    address: 'iris.smit@fabrikam.example',
  },
  {
    code: 'ALIAS_TAKEN',
    message:
      'the alias hr@fabrikam.example of daan.bakker@fabrikam.example belongs to another account (personeel@fabrikam.example) and is left out',
    address: 'daan.bakker@fabrikam.example',
  },
]

function blockedPlan(): JournalChange[] {
  return [
    ...changes(1, 6, { action: 'create' }),
    ...changes(7, 12),
    ...changes(19, 401, { action: 'suspend', reason: 'not_in_source_filter' }),
    ...changes(420, 9, { action: 'suspend', reason: 'mailbox_disabled' }),
    ...changes(429, 2, { action: 'suspend', reason: 'no_mailbox', identifier: null }),
  ]
}

function overLimit(plan: readonly JournalChange[]): RunRecord['guard'] {
  return {
    blocked: true,
    changed: plan.length,
    total: 1940,
    limit_percent: 10,
    findings: [`${plan.length} of 1940 accounts would be changed`],
  }
}

const grown = { mailbox_type: 7, domain_not_included: 4, not_in_source_filter: 413 }

function blocked(
  history: readonly RunRecord[],
  plan = blockedPlan(),
  part: Partial<RunRecord> = {},
): ReportInput {
  const found = { status: 'blocked', guard: overLimit(plan), out_of_scope: grown } as const
  return anInput({ changes: plan, history, run: aRun({ ...found, ...part }, plan) })
}

const filterGroup = (name: string, members: number) => ({ id: name.toLowerCase(), name, members })

/** Blocked because of the source filter: its groups in the last sync, and now. */
function blockedByFilter(
  before: RunRecord['filterGroups'],
  filterGroups: RunRecord['filterGroups'],
): ReportInput {
  const plan = [
    ...changes(1, 412, { action: 'suspend', reason: 'not_in_source_filter' }),
    ...changes(413, 18, { action: 'suspend', reason: 'mailbox_disabled' }),
  ]
  const history = aHistory(1).map((run) => ({ ...run, filterGroups: before }))
  return blocked(history, plan, { filterGroups })
}

function failed(
  error: NonNullable<RunRecord['error']>,
  part: Partial<RunRecord> = {},
): ReportInput {
  const run = aRun({
    status: 'failed',
    error,
    planStored: false,
    guard: { blocked: false, changed: 0, total: 0, limit_percent: 0, findings: [] },
    out_of_scope: {},
    mailbox_types: {},
    ...part,
  })
  return anInput({ run })
}

function stoppedHalfWay(part: Partial<RunRecord>): ReportInput {
  const plan = [
    ...changes(1, 12, { action: 'create', ...applied }),
    ...changes(13, 25, { action: 'create' }),
  ]
  return anInput({ changes: plan, run: aRun(part, plan) })
}

/** A sync in which some failures are those of the two syncs before. */
function repeating(
  plan: readonly JournalChange[],
  repeated: readonly JournalChange[],
): ReportInput {
  const known = reviewFailures(aRun(), repeated, []).upsert.map((failure) => ({
    ...failure,
    firstSeen: '2026-11-21T01:00:03.000Z',
    timesSeen: 2,
    lastRunId: 'earlier-1',
  }))
  const { warnings: repeatedly } = reviewFailures(aRun(), plan, known)
  const run = aRun({ status: 'completed_with_errors', warnings: repeatedly }, plan)
  return anInput({ changes: plan, run })
}

/** By name: what the mail is about, in English. */
export const outcomes: Readonly<Record<string, () => ReportInput>> = {
  'nothing to do': () => anInput(),
  success: () => {
    const plan = ordinary(applied)
    return anInput({ changes: plan, run: aRun({ warnings }, plan) })
  },
  'partial failure': () => {
    const error = {
      code: 'ALIAS_IS_GUEST',
      message:
        'Zivver answered 400 for PUT /Users/{id} (“Alias is a guest: sales@fabrikam.example”): the alias already receives Zivver mail as a guest account: merge that guest account',
    } as const
    const plan = [
      ...ordinary(applied).slice(0, 6),
      aChange(7, { status: 'failed', error }),
      aChange(8, {
        action: 'create',
        status: 'failed',
        error: {
          code: 'ACCOUNT_OUTSIDE_ORGANIZATION',
          message:
            'Zivver answered 400 for POST /Users (“Account is outside the organization”): adopt the account into the organisation, or change its type where that differs',
        },
      }),
      aChange(9, { action: 'suspend', status: 'deferred' }),
    ]
    return anInput({ changes: plan, run: aRun({ status: 'completed_with_errors' }, plan) })
  },
  'partial failure, one of them again': () => {
    const refused = {
      code: 'ALIAS_TAKEN',
      message:
        'Zivver answered 400 for PUT /Users/{id} (“Alias is already taken”): the alias belongs to another Zivver account: merge it or remove the alias there',
    } as const
    const plan = [
      ...ordinary(applied).slice(0, 6),
      aChange(7, { status: 'failed', error: refused }),
      aChange(8, {
        status: 'failed',
        error: {
          code: 'WRITE_REJECTED',
          message:
            'Zivver answered 400 for PUT /Users/{id} (“Invalid name”): nothing was written; correct the account or list it in the target filter',
        },
      }),
    ]
    return repeating(plan, plan.slice(6, 7))
  },
  'still failing, nothing new': () => {
    const outside = {
      code: 'ACCOUNT_OUTSIDE_ORGANIZATION',
      message:
        'Zivver answered 400 for POST /Users (“Account is outside the organization”): adopt the account into the organisation, or change its type where that differs',
    } as const
    const plan = [
      aChange(1, { action: 'create', status: 'failed', error: outside }),
      aChange(2, { action: 'create', status: 'failed', error: outside }),
    ]
    return repeating(plan, plan)
  },
  'preview, below the limit but for one kind': () => {
    const plan = changes(1, 16, { kind: 'functional' })
    const guard = {
      blocked: false,
      changed: 16,
      total: 200,
      limit_percent: 10,
      findings: ['8.0 % in total, but 100.0 % of the functional accounts (16 of 16)'],
    }
    const run = aRun({ mode: 'preview', trigger: 'manual', guard }, plan)
    return anInput({ changes: plan, run, performSync: false })
  },
  preview: () => {
    const plan = ordinary({})
    const run = aRun({ mode: 'preview', trigger: 'manual', warnings: warnings.slice(2) }, plan)
    return anInput({ changes: plan, run, performSync: false })
  },
  'preview, nothing to do': () => anInput({ run: aRun({ mode: 'preview' }), performSync: false }),
  'preview of a first sync': () => {
    const plan = [
      ...changes(1, 320, { action: 'create' }),
      ...changes(321, 40, { action: 'link', reason: 'adopted_by_address' }),
    ]
    const guard = {
      blocked: false,
      changed: 320,
      total: 0,
      limit_percent: 10,
      findings: ['320 accounts would be changed, but Zivver has none yet'],
    }
    const run = aRun({ mode: 'preview', trigger: 'manual', guard }, plan)
    return anInput({ changes: plan, run, history: [], performSync: false })
  },
  'blocked, day 1': () => blocked(aHistory(1)),
  'blocked, day 2': () => blocked(aHistory(2, { status: 'blocked' })),
  'blocked, a filter group shrank': () =>
    blockedByFilter([filterGroup('Staff-NL', 1940)], [filterGroup('Staff-NL', 1528)]),
  'blocked, the filter groups were changed': () =>
    blockedByFilter(
      [filterGroup('Staff-NL', 1540), filterGroup('Staff-BE', 391), filterGroup('Board', 9)],
      [filterGroup('Staff-NL', 1519), filterGroup('Board', 8), filterGroup('Interns', 1)],
    ),
  'failed: settings': () =>
    failed(
      {
        code: 'CONFIG_INVALID',
        message:
          'CLOUD_SYNC__INCLUDED_DOMAINS is required and is not set; CLOUD_SYNC__SCHEDULE has a wrong hour field: only numbers 0-23 and the signs * , - / are known',
      },
      { phase: 'reading' },
    ),
  'failed: Exchange refused': () =>
    failed({
      code: 'EXCHANGE_FORBIDDEN',
      message:
        'Exchange Online refused Get-Mailbox with 403 (request id 3c1f0a52-77d4-4b0c-9a7e-2a6b9c1d0e4f): app role or directory role missing, or token cached up to 24 h. The managed identity needs the app role Exchange.ManageAsApp and the Entra role Global Reader.',
    }),
  'failed: source filter empty': () =>
    failed({
      code: 'SOURCE_FILTER_EMPTY',
      message:
        'source filter group "Staff-NL" (8d6f2b10-4c1e-4f6a-9b57-0c2d1e3f4a5b) has no members; a source filter never means "nobody"',
    }),
  'failed: Zivver refused, day 4': () => ({
    ...failed({
      code: 'ZIVVER_UNAUTHORIZED',
      message:
        'An error occurred while attempting to fetch SCIM Users [401 Unauthorized]: Zivver does not accept the API key; make a new one in Zivver and set CLOUD_SYNC__ZIVVER_API_KEY',
    }),
    history: aHistory(4, { status: 'failed' }),
  }),
  'failed while planning': () =>
    failed(
      { code: 'INTERNAL', message: 'the order of addresses still has a cycle' },
      { phase: 'planning' },
    ),
  'failed while applying': () =>
    stoppedHalfWay({
      status: 'failed',
      error: {
        code: 'TARGET_UNREACHABLE',
        message: 'Zivver left 5 writes in a row without an answer; the rest was not begun',
      },
    }),
  'failed after a day at a standstill': () =>
    stoppedHalfWay({
      status: 'failed',
      error: {
        code: 'RUN_STALLED',
        message:
          "no reading and no change was made since 2026-11-22T01:04:00.000Z, and the run would wait 3600 s for Zivver's rate limit; a run is given up after 24 hours like this",
      },
    }),
  'failed each time it was taken up': () =>
    failed({
      code: 'RUN_POISONED',
      message:
        'the run failed every time it was taken up and was given up; see the log of executeRun',
    }),
  cancelled: () => stoppedHalfWay({ status: 'cancelled' }),
  'cancelled while it was queued': () =>
    anInput({ run: aRun({ status: 'cancelled', started_at: null, planStored: false }) }),
  'settings changed': () =>
    stoppedHalfWay({
      status: 'cancelled',
      error: {
        code: 'SETTINGS_CHANGED',
        message:
          'settings or version changed while the run was under way; what was applied stays, the rest was not begun',
      },
    }),
  'continued after a crash, in many slices': () => {
    const plan = changes(1, 1200, { action: 'create', ...applied })
    const run = aRun(
      {
        trigger: 'manual',
        flags: {
          perform_sync: true,
          allow_large_sync: true,
          reset_account_mapping: false,
          relink: [],
          approve_run: null,
        },
        started_at: '2026-11-23T00:12:03.000Z',
        usage: {
          exchangeCalls: 4120,
          graphCalls: 31,
          zivverCalls: 1260,
          workSeconds: 3044,
          slices: 7,
        },
      },
      plan,
    )
    return anInput({ changes: plan, run })
  },
}
