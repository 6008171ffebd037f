import { newRunId } from '../../core/adapters/tables/run-id.ts'
import type { DelegateRef, JournalChange } from '../../core/model/change.ts'
import { noCounts, noFlags, noGuard, noUsage, type RunRecord } from '../../core/model/run.ts'

let clockMs = Date.parse('2026-11-23T01:00:00Z')

/** Run ids that are newer than all before, a second apart. */
export function nextRunId(): string {
  clockMs += 1000
  return newRunId(new Date(clockMs))
}

/** A queued manual preview, with a fresh id. */
export function aRun(properties: Partial<RunRecord> = {}): RunRecord {
  return {
    id: nextRunId(),
    trigger: 'manual',
    requested_by: 'admin@contoso.example',
    mode: 'preview',
    version: '1.0.0',
    flags: noFlags,
    status: 'queued',
    phase: 'reading',
    progress: { done: 0, total: 0, waiting_for: null },
    requested_at: '2026-11-23T01:00:00.000Z',
    started_at: null,
    finished_at: null,
    counts: noCounts,
    out_of_scope: {},
    mailbox_types: {},
    guard: noGuard,
    warnings: [],
    error: null,
    report: null,
    settingsDigest: null,
    planStored: false,
    resumeAt: null,
    usage: noUsage,
    changeCount: 0,
    decided: null,
    fence: 0,
    zivverCalledAt: null,
    filterGroups: null,
    reached: null,
    ...properties,
  }
}

/** The run as it ends. */
export function ended(run: RunRecord, properties: Partial<RunRecord> = {}): RunRecord {
  return {
    ...run,
    status: 'succeeded',
    phase: 'done',
    finished_at: '2026-11-23T01:05:00.000Z',
    report: { email: 'skipped' },
    ...properties,
  }
}

/** A planned create. */
export function aChange(sequence: number, properties: Partial<JournalChange> = {}): JournalChange {
  const address = `user${sequence}@contoso.example`
  return {
    sequence,
    action: 'create',
    kind: 'user',
    address,
    identifier: guid(sequence),
    scimId: null,
    displayName: `Gebruiker ${sequence} – Zoë`,
    fields: [{ path: 'userName', before: null, after: address }],
    reason: 'new_mailbox',
    status: 'planned',
    error: null,
    work: {
      steps: [
        {
          position: sequence,
          after: [],
          call: 'create',
          write: { address, displayName: `Gebruiker ${sequence}` },
          purpose: 'main',
        },
      ],
      row: {
        key: guid(sequence),
        kind: 'user',
        scimId: '',
        address,
        displayName: `Gebruiker ${sequence}`,
        active: true,
        linkedAt: '2026-11-23T01:00:00.000Z',
        lastRunId: 'r',
        refusedAliases: [],
        goneAt: null,
      },
      removeRows: [],
    },
    stepsDone: 0,
    ...properties,
  }
}

/** A functional account whose delegates change, all of them new; ids do not compress, as in a real tenant. */
export function changeOfDelegates(sequence: number, count: number): JournalChange {
  const members = Array.from({ length: count }, (_, index): DelegateRef => {
    const identifier = crypto.randomUUID()
    const address = `${identifier.slice(0, 8)}.medewerker${index}@contoso.example`
    return { identifier, scimId: crypto.randomUUID(), address }
  })
  const after = members.map(({ address }) => address).sort()
  return aChange(sequence, {
    action: 'update',
    kind: 'functional',
    scimId: guid(sequence),
    fields: [{ path: 'delegates', before: [], after }],
    reason: 'differs',
    work: {
      steps: [
        {
          position: sequence,
          after: [1, 2],
          call: 'update',
          write: {
            members,
            extension: {
              aliases: [],
              delegates: [],
              externalAccountId: guid(sequence),
              ssoAccountKey: null,
              other: { division: 'x' },
            },
          },
          purpose: 'main',
        },
      ],
      row: null,
      removeRows: [],
    },
  })
}

function guid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}
