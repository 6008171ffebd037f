/** Sample runs: made of a few words each, so that a test shows only what matters to it. */
import type { FieldChange, JournalChange } from '../../core/model/change.ts'
import { noCounts, noFlags, noGuard, type RunRecord } from '../../core/model/run.ts'
import { withChanges } from '../../core/plan/plan.ts'
import type { ReportInput } from '../../core/report/mail.ts'

/** 23 November 2026, 02:04 in Amsterdam. */
export const now = new Date('2026-11-23T01:04:12.000Z')

const hourMs = 3_600_000

/** A moment so many hours before `now`. */
export function hoursAgo(hours: number): string {
  return new Date(now.getTime() - hours * hourMs).toISOString()
}

const given = ['Anna', 'Bram', 'Chloé', 'Daan', 'Esra', 'Finn', 'Gülsüm', 'Hidde', 'Iris', 'Jesse']
const family = ['de Vries', 'Jansen', 'Öztürk', 'van den Berg', 'Bakker', 'El Idrissi', 'Smit']

function nameOf(sequence: number): string {
  return `${given[sequence % given.length]} ${family[Math.floor(sequence / given.length) % family.length]}`
}

function addressOf(sequence: number): string {
  const local = nameOf(sequence)
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(' ', '.')
  return `${local}${sequence >= 70 ? sequence : ''}@fabrikam.example`
}

function idOf(sequence: number): string {
  return `${sequence.toString(16).padStart(8, '0')}-5b1e-4c7a-9d20-6f2f8f0a1b2c`
}

/** A change with the fields that its action has; give what matters to the test. */
export function aChange(sequence: number, part: Partial<JournalChange> = {}): JournalChange {
  const action = part.action ?? 'update'
  const address = part.address ?? addressOf(sequence)
  const displayName = part.displayName ?? nameOf(sequence)
  return {
    sequence,
    action,
    kind: 'user',
    address,
    identifier: idOf(sequence),
    scimId: action === 'create' && part.status !== 'applied' ? null : `zv-${1000 + sequence}`,
    displayName,
    fields: fieldsOf(action, address, displayName),
    reason: reasons[action],
    status: 'planned',
    error: null,
    work: { steps: [], row: null, removeRows: [] },
    stepsDone: 0,
    ...part,
  }
}

const reasons = {
  create: 'new_mailbox',
  update: 'differs',
  suspend: 'mailbox_disabled',
  reactivate: 'back_in_scope',
  link: 'adopted_by_identifier',
} as const

function fieldsOf(
  action: JournalChange['action'],
  address: string,
  displayName: string,
): FieldChange[] {
  switch (action) {
    case 'create':
      return [
        { path: 'userName', before: null, after: address },
        { path: 'name.formatted', before: null, after: displayName },
        { path: 'active', before: null, after: true },
      ]
    case 'update':
      return [
        {
          path: 'aliases',
          before: [`old.${address}`, `x.${address}`],
          after: [`new.${address}`, `x.${address}`],
        },
      ]
    case 'suspend':
      return [{ path: 'active', before: true, after: false }]
    case 'reactivate':
      return [{ path: 'active', before: false, after: true }]
    case 'link':
      return []
  }
}

/** So many changes alike, in sequence from `first`. */
export function changes(
  first: number,
  count: number,
  part: Partial<JournalChange> = {},
): JournalChange[] {
  return Array.from({ length: count }, (_, offset) => aChange(first + offset, part))
}

/** A finished scheduled sync whose counts are those of its changes. */
export function aRun(
  part: Partial<RunRecord> = {},
  planned: readonly JournalChange[] = [],
): RunRecord {
  return {
    id: '7f8a2b31-20261123T010000Z',
    trigger: 'schedule',
    requested_by: 'scheduledSync',
    mode: 'sync',
    version: '1.4.0+3c1d9aa',
    flags: noFlags,
    status: 'succeeded',
    phase: 'reporting',
    progress: { done: planned.length, total: planned.length, waiting_for: null },
    requested_at: '2026-11-23T01:00:00.000Z',
    started_at: '2026-11-23T01:00:03.000Z',
    finished_at: '2026-11-23T01:04:12.000Z',
    counts: withChanges({ ...noCounts, unchanged: 1902, skipped: 2, unmanaged: 1 }, planned),
    out_of_scope: { mailbox_type: 7, domain_not_included: 4 },
    mailbox_types: { UserMailbox: 1811, SharedMailbox: 129, RoomMailbox: 7 },
    guard: { ...noGuard, changed: planned.length, total: 1940, limit_percent: 10 },
    warnings: [],
    error: null,
    report: null,
    settingsDigest: 'digest',
    planStored: true,
    resumeAt: null,
    usage: {
      exchangeCalls: 412,
      graphCalls: 9,
      zivverCalls: 20 + planned.length,
      workSeconds: 187.4,
      slices: 1,
    },
    changeCount: planned.length,
    decided: null,
    fence: 0,
    zivverCalledAt: null,
    filterGroups: null,
    reached: null,
    ...part,
  }
}

/** Earlier scheduled syncs, one a day, newest first: the last one so many days ago was the last success. */
export function aHistory(lastSuccessDaysAgo: number, since: Partial<RunRecord> = {}): RunRecord[] {
  return Array.from({ length: 40 }, (_, index) => {
    const days = index + 1
    const applied =
      days < lastSuccessDaysAgo
        ? []
        : changes(1, (days * 7) % 11, { status: 'applied' }).map((change, position) => ({
            ...change,
            action: (['create', 'update', 'suspend', 'update'] as const)[position % 4] ?? 'update',
          }))
    return aRun(
      {
        id: `earlier-${days}`,
        requested_at: hoursAgo(24 * days),
        started_at: hoursAgo(24 * days),
        finished_at: hoursAgo(24 * days - 0.1),
        ...(days < lastSuccessDaysAgo ? since : {}),
      },
      applied,
    )
  })
}

/** An input for the mail; the run's counts follow from the changes unless it is given. */
export function anInput(part: Partial<ReportInput> = {}): ReportInput {
  return {
    run: aRun({}, part.changes),
    changes: [],
    history: aHistory(1),
    language: 'en',
    timeZone: 'Europe/Amsterdam',
    schedule: '0 0 1 * * *',
    performSync: true,
    environment: 'fabrikam.example',
    dashboardUrl: 'https://cloud-sync.fabrikam.example/api/dashboard',
    debugLog: null,
    now,
    ...part,
  }
}
