/** The mailbox types that are synchronised, by `RecipientTypeDetails`. */
export type AccountKind = 'user' | 'functional'

/** One mailbox of the tenant as Exchange Online describes it, normalised: what a plan needs and no more. */
export interface Mailbox {
  /** `ExternalDirectoryObjectId`, lower case; `null` where Exchange gives none (system mailboxes). */
  readonly identifier: string | null
  /** `ExchangeGuid`, lower case: the identity that every cmdlet accepts. */
  readonly exchangeGuid: string
  /** `RecipientTypeDetails`, an open set: `UserMailbox`, `SharedMailbox`, `RoomMailbox`, … */
  readonly recipientTypeDetails: string
  /** `DisplayName`, as Exchange gives it (not trimmed). */
  readonly displayName: string
  /** `PrimarySmtpAddress`, lower case. */
  readonly primarySmtpAddress: string
  /** Secondary `smtp:` proxy addresses: lower case, sorted, unique, without the primary. */
  readonly secondarySmtpAddresses: readonly string[]
  readonly accountDisabled: boolean
  /** Further names by which a permission row may call this mailbox (UPN, Name, Alias, Identity), lower case, unique. */
  readonly names: readonly string[]
}

/** The kind of account that a mailbox type asks for, or `null` where it is not synchronised. */
export function kindOfMailbox(recipientTypeDetails: string): AccountKind | null {
  if (recipientTypeDetails === 'UserMailbox') return 'user'
  if (recipientTypeDetails === 'SharedMailbox') return 'functional'
  return null
}

/** One trustee of a Full Access permission row that counts (allowed, direct, not SELF, not suppressed by a deny). */
export interface Trustee {
  /** The `User` text of the row. */
  readonly text: string
  /** `UserSid` of the row, or `''`. */
  readonly sid: string
}

/**
 * One reading of a mailbox's Full Access permissions. `failed` is a definite error for this one mailbox:
 * its delegates are unknown, which is never "none".
 */
export type FullAccessReading =
  | { readonly identifier: string; readonly status: 'read'; readonly trustees: readonly Trustee[] }
  | { readonly identifier: string; readonly status: 'failed'; readonly reason: string }

/** A trustee that is known not to be a delegate, and why. */
export interface DroppedTrustee {
  readonly text: string
  readonly reason:
    | 'self'
    | 'raw_sid'
    | 'no_user_mailbox'
    | 'cannot_log_in'
    | 'not_in_scope'
    | 'not_found'
}

/** What Full Access means for one mailbox after every trustee was resolved. Three-valued on purpose. */
export interface Delegation {
  /** Identifiers of in-scope user mailboxes, sorted, unique. */
  readonly delegates: readonly string[]
  /** Why something about this mailbox is unknown; not empty = no delegate may be removed. */
  readonly unknown: readonly string[]
  readonly dropped: readonly DroppedTrustee[]
}

/** A member of an Entra group, as Graph's `@odata.type` and `id` say it. */
export interface DirectoryMember {
  /** Object id, lower case. */
  readonly id: string
  readonly type: 'user' | 'group' | 'other'
}

/** An Entra group that may hold Full Access or filter the source. */
export interface DirectoryGroup {
  readonly id: string
  readonly displayName: string
  readonly mail: string | null
  readonly mailNickname: string | null
  readonly proxyAddresses: readonly string[]
  readonly hiddenMembership: boolean
}
