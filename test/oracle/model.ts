/**
 * What the oracle is given and what it says, as plain data: it works on the simulators' models, in process and over
 * HTTP alike, and knows nothing of the code that it judges.
 */
import type { TenantData } from '../simulators/tenant/model.ts'
import type { AccountKind, AccountView } from '../simulators/zivver/account.ts'

export type { AccountKind, AccountView }

/** One row of `CloudSyncMappings`, as far as the contract gives it a meaning (section 10). */
export interface OracleRow {
  /** The mailbox's identifier, or `scim-<SCIM id>`. */
  readonly key: string
  readonly kind: AccountKind
  readonly scimId: string
  readonly address: string
  readonly displayName: string
  readonly active: boolean
}

/** The settings that decide scope and wish (contract, section 2); lists as an administrator writes them. */
export interface OracleSettings {
  readonly includedDomains: readonly string[]
  readonly ssoAccountKey: 'object_id' | 'omit'
  readonly sourceFilter: readonly string[]
  readonly nestedGroups: boolean
  /** Addresses and domains. */
  readonly targetFilter: readonly string[]
  /** Actions that `ACTIONS` leaves out; the oracle knows what it means for these three. */
  readonly notPermitted: readonly ('create' | 'suspend' | 'reactivate')[]
  readonly reactivate: 'ours' | 'all'
  readonly delegates: boolean
  readonly writeIdentifiers: boolean
}

/** What only the upstreams know, and what a run learns of it by asking. */
export interface Upstream {
  /** Addresses that Zivver refuses as an alias, or as a primary address. */
  readonly guests: readonly string[]
  readonly outsideOrganization: readonly string[]
  /** Identifiers of mailboxes whose permissions Exchange definitely refuses to show. */
  readonly unreadableMailboxes: readonly string[]
  /** Whether the members of groups with hidden membership can be read. */
  readonly readsHiddenMembers: boolean
}

/** Everything that one sync run begins with. */
export interface Before {
  readonly tenant: TenantData
  readonly accounts: readonly AccountView[]
  readonly rows: readonly OracleRow[]
  readonly settings: OracleSettings
  readonly flags: { readonly resetAccountMapping: boolean; readonly relink: readonly string[] }
  readonly upstream: Upstream
}

/** One account as a run must leave it. */
export interface ExpectedAccount {
  /** `null` = the run creates it. */
  readonly id: string | null
  readonly kind: AccountKind
  readonly address: string
  readonly displayName: string
  readonly aliases: readonly string[]
  /** Primary addresses, sorted. */
  readonly delegates: readonly string[]
  /**
   * Delegates with a right whose accounts are suspended: a User that names one is refused as a whole, so they stay or
   * go with whatever else is written; nobody can use the difference.
   */
  readonly suspendedDelegates: readonly string[]
  readonly active: boolean
  readonly externalAccountId: string | null
}

/** One mapping row as a run must leave it. */
export interface ExpectedRow {
  readonly key: string
  /** SCIM id, or for an account that the run creates: its address. */
  readonly account: { readonly id: string } | { readonly address: string }
  readonly active: boolean
}

/** The end of a run: `refused` = it must stop before anything is written, and all stays as it is. */
export interface Expected {
  readonly refused: 'SOURCE_FILTER_UNREADABLE' | 'SOURCE_FILTER_EMPTY' | null
  readonly accounts: readonly ExpectedAccount[]
  readonly rows: readonly ExpectedRow[]
}

/** Healthy upstreams that refuse nothing. */
export const healthyUpstream: Upstream = {
  guests: [],
  outsideOrganization: [],
  unreadableMailboxes: [],
  readsHiddenMembers: true,
}
