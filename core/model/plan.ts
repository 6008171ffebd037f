import type { Account } from './account.ts'
import type { Action, Change } from './change.ts'
import type { Complete } from './complete.ts'
import type { Delegation, Mailbox } from './mailbox.ts'
import type { MappingRow } from './mapping.ts'
import type { GuardVerdict, RunCounts } from './run.ts'
import type { Warning } from './warning.ts'

/** Everything a plan is made from. Absence may be concluded from it: every list in it is complete. */
export interface Snapshot {
  readonly mailboxes: Complete<Mailbox>
  readonly accounts: Complete<Account>
  readonly mappings: Complete<MappingRow>
  /** Object ids of the source filter's members; `null` = no source filter. */
  readonly filterMembers: ReadonlySet<string> | null
  /** By identifier, for every in-scope mailbox; `null` when delegates are not read (`DELEGATES=False`). */
  readonly delegations: ReadonlyMap<string, Delegation> | null
  /** Linked identifiers that are missing from the mailbox list and that Exchange confirms not to exist. */
  readonly absentIdentifiers: ReadonlySet<string>
  /** Mapped SCIM ids that are missing from Zivver's lists and that Zivver confirms not to exist. */
  readonly goneScimIds: ReadonlySet<string>
  /** What the reading stage has to tell. */
  readonly warnings: readonly Warning[]
}

/** The settings and flags that decide scope, wish and guard: the only ones that planning sees. */
export interface Policy {
  readonly tenantId: string
  readonly includedDomains: ReadonlySet<string>
  readonly ssoAccountKey: 'object_id' | 'omit'
  readonly targetFilter: {
    readonly addresses: ReadonlySet<string>
    readonly domains: ReadonlySet<string>
  }
  readonly actions: ReadonlySet<Action>
  readonly reactivate: 'ours' | 'all'
  readonly delegates: boolean
  readonly writeIdentifiers: boolean
  readonly largeSyncPercent: number
  readonly resetAccountMapping: boolean
  readonly relink: ReadonlySet<string>
  /** The moment of planning, ISO 8601 UTC: decides which refused aliases are tried again. */
  readonly now: string
  readonly runId: string
  /** Days after which rows of accounts gone from both sides are deleted. */
  readonly retentionDays: number
}

/** A plan: sorted changes, and what was found on the way. Pure data, deterministic. */
export interface Plan {
  readonly changes: readonly Change[]
  readonly counts: RunCounts
  readonly outOfScope: Readonly<Record<string, number>>
  readonly mailboxTypes: Readonly<Record<string, number>>
  readonly warnings: readonly Warning[]
  readonly guard: GuardVerdict
  /** On how many existing accounts the SSO account key would be written. */
  readonly ssoKeysOnExisting: number
  /** Row upkeep that belongs to no change: accounts gone since, rows left over by a reset. */
  readonly upkeep: RowUpkeep
}

export interface RowUpkeep {
  /** Rows to store again with `goneAt` set or taken back. */
  readonly rows: readonly MappingRow[]
  /** Keys to delete after the last change, if every change of theirs was applied. */
  readonly removeRows: readonly string[]
}
