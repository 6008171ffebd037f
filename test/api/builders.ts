import type { JournalChange } from '../../core/model/change.ts'
import type { MappingRow } from '../../core/model/mapping.ts'
import { noCounts, noFlags, noGuard, noUsage, type RunRecord } from '../../core/model/run.ts'

export function aRun(extra: Partial<RunRecord> = {}): RunRecord {
  return {
    id: '8235602400000-0000000a',
    trigger: 'manual',
    requested_by: 'api',
    mode: 'preview',
    version: '0.1.0',
    flags: noFlags,
    status: 'succeeded',
    phase: 'done',
    progress: { done: 3, total: 3, waiting_for: null },
    requested_at: '2026-11-23T01:00:00.000Z',
    started_at: '2026-11-23T01:00:01.000Z',
    finished_at: '2026-11-23T01:02:00.000Z',
    counts: { ...noCounts, create: { planned: 3, applied: 0, failed: 0, deferred: 0 } },
    out_of_scope: { domain_not_included: 4 },
    mailbox_types: { UserMailbox: 380 },
    guard: { ...noGuard, changed: 3, total: 396, limit_percent: 10 },
    warnings: [{ code: 'NO_IDENTIFIER', message: 'no identifier', address: 'a@contoso.example' }],
    error: null,
    report: { email: 'sent' },
    settingsDigest: 'd1',
    planStored: true,
    resumeAt: null,
    usage: noUsage,
    changeCount: 3,
    decided: null,
    fence: 0,
    zivverCalledAt: null,
    filterGroups: null,
    reached: null,
    ...extra,
  }
}

export function aChange(extra: Partial<JournalChange> = {}): JournalChange {
  return {
    sequence: 1,
    action: 'create',
    kind: 'user',
    address: 'anna@contoso.example',
    identifier: '8d2b1e0f-4c77-4d61-8f0a-3a5f7e9c1b20',
    scimId: null,
    displayName: 'Anna Vos',
    fields: [
      { path: 'userName', before: null, after: 'anna@contoso.example' },
      { path: 'aliases', before: [], after: ['a.vos@contoso.example', 'vos@contoso.example'] },
    ],
    reason: 'new_mailbox',
    status: 'planned',
    error: null,
    work: { steps: [], row: null, removeRows: [] },
    stepsDone: 0,
    ...extra,
  }
}

export function aMappingRow(extra: Partial<MappingRow> = {}): MappingRow {
  return {
    key: '8d2b1e0f-4c77-4d61-8f0a-3a5f7e9c1b20',
    kind: 'user',
    scimId: '3f0c8a52-6c1d-4a1e-9f55-0d7a4b8e2c11',
    address: 'anna@contoso.example',
    displayName: 'Anna Vos',
    active: true,
    linkedAt: '2026-11-23T01:00:00.000Z',
    lastRunId: '8235602400000-0000000a',
    refusedAliases: [],
    goneAt: null,
    ...extra,
  }
}
