import type { Account } from '../../core/model/account.ts'
import { sealComplete } from '../../core/model/complete.ts'
import type { Delegation, Mailbox } from '../../core/model/mailbox.ts'
import type { MappingRow } from '../../core/model/mapping.ts'
import type { Policy, Snapshot } from '../../core/model/plan.ts'

/** A GUID made of a small number, for readable tests. */
export function guid(number: number): string {
  return `${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`
}

/** A user mailbox in scope; give what matters to the test. */
export function aMailbox(part: Partial<Mailbox> & { primarySmtpAddress: string }): Mailbox {
  return {
    identifier: guid(1),
    exchangeGuid: `e-${part.identifier ?? part.primarySmtpAddress}`,
    recipientTypeDetails: 'UserMailbox',
    displayName: part.primarySmtpAddress.split('@')[0] ?? '',
    secondarySmtpAddresses: [],
    accountDisabled: part.recipientTypeDetails === 'SharedMailbox',
    names: [],
    ...part,
  }
}

/** An active user account that agrees with `aMailbox` of the same address. */
export function anAccount(part: Partial<Account> & { address: string; scimId: string }): Account {
  return {
    kind: 'user',
    displayName: part.address.split('@')[0] ?? '',
    aliases: [],
    delegates: [],
    active: true,
    externalAccountId: null,
    otherExtension: {},
    otherName: {},
    ...part,
  }
}

/** The mapping row of an account. */
export function aRow(part: Partial<MappingRow> & { key: string; scimId: string; address: string }) {
  return {
    kind: 'user' as const,
    displayName: part.address.split('@')[0] ?? '',
    active: true,
    linkedAt: '2026-01-01T00:00:00.000Z',
    lastRunId: 'earlier',
    refusedAliases: [],
    goneAt: null,
    ...part,
  }
}

export interface SnapshotParts {
  readonly mailboxes?: readonly Mailbox[]
  readonly accounts?: readonly Account[]
  readonly mappings?: readonly MappingRow[]
  readonly filterMembers?: readonly string[]
  /** Delegates by identifier of the mailbox; mailboxes that are not named have none. `null` = not read. */
  readonly delegates?: Readonly<Record<string, Partial<Delegation>>> | null
  readonly absent?: readonly string[]
  readonly gone?: readonly string[]
}

export function aSnapshot(parts: SnapshotParts): Snapshot {
  const mailboxes = parts.mailboxes ?? []
  const delegations = new Map<string, Delegation>()
  for (const { identifier } of mailboxes) {
    if (identifier === null) continue
    const given = parts.delegates?.[identifier]
    delegations.set(identifier, { delegates: [], unknown: [], dropped: [], ...given })
  }
  return {
    mailboxes: sealComplete(mailboxes),
    accounts: sealComplete(parts.accounts ?? []),
    mappings: sealComplete(parts.mappings ?? []),
    filterMembers: parts.filterMembers === undefined ? null : new Set(parts.filterMembers),
    delegations: parts.delegates === null ? null : delegations,
    absentIdentifiers: new Set(parts.absent),
    goneScimIds: new Set(parts.gone),
    warnings: [],
  }
}

export function aPolicy(part: Partial<Policy> = {}): Policy {
  return {
    tenantId: guid(0xffff),
    includedDomains: new Set(['contoso.example', 'fabrikam.example']),
    ssoAccountKey: 'omit',
    targetFilter: { addresses: new Set(), domains: new Set() },
    actions: new Set(['create', 'update', 'suspend', 'reactivate', 'link']),
    reactivate: 'ours',
    delegates: true,
    writeIdentifiers: true,
    largeSyncPercent: 10,
    resetAccountMapping: false,
    relink: new Set(),
    now: '2026-11-23T01:00:00.000Z',
    runId: 'run-1',
    retentionDays: 180,
    ...part,
  }
}
