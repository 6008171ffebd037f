import type { AccountKind } from './mailbox.ts'

/** An alias that Zivver refused for an account: it is tried again once a week. */
export interface RefusedAlias {
  readonly address: string
  readonly code: 'ALIAS_IS_GUEST' | 'ALIAS_TAKEN'
  /** ISO 8601 UTC. */
  readonly firstRefusedAt: string
  readonly lastTriedAt: string
}

/** One row of `CloudSyncMappings`: identifier ↔ SCIM id, and what we last knew (contract, section 10). */
export interface MappingRow {
  /** The mailbox's identifier, or `scim-<SCIM id>` for an account that never had a mailbox of ours. */
  readonly key: string
  readonly kind: AccountKind
  readonly scimId: string
  readonly address: string
  readonly displayName: string
  /** `false` = Cloud Sync suspended this account. */
  readonly active: boolean
  readonly linkedAt: string
  readonly lastRunId: string
  readonly refusedAliases: readonly RefusedAlias[]
  /** Since when the account is confirmed gone from Zivver; `null` while it exists. */
  readonly goneAt: string | null
}

/** The key of the row of an account that we suspended without ever knowing a mailbox of it. */
export function scimRowKey(scimId: string): string {
  return `scim-${scimId}`
}

/** True when the row links an account to a mailbox (and is not a `scim-` row). */
export function isMailboxRow(row: MappingRow): boolean {
  return !row.key.startsWith('scim-')
}
