import type { ErrorCode } from '../errors.ts'
import type { AccountKind } from './mailbox.ts'
import type { MappingRow } from './mapping.ts'

export const actions = ['create', 'update', 'suspend', 'reactivate', 'link'] as const
export type Action = (typeof actions)[number]

export const fieldPaths = [
  'userName',
  'externalId',
  'name.formatted',
  'displayName',
  'aliases',
  'delegates',
  'active',
  'ExternalAccountId',
  'SsoAccountKey',
] as const
export type FieldPath = (typeof fieldPaths)[number]

export type FieldValue = string | boolean | null | readonly string[]

/** One attribute that differs, as it is shown. Lists are sorted; delegates are addresses for both kinds. */
export interface FieldChange {
  readonly path: FieldPath
  readonly before: FieldValue
  readonly after: FieldValue
}

export type ChangeStatus = 'planned' | 'applied' | 'failed' | 'deferred'

/**
 * A delegate by account. The address is the one before the run (or the wished one of an account that the
 * run creates); what is really written is decided when the write is made, from what was applied by then.
 */
export interface DelegateRef {
  /** Identifier of the delegate's mailbox; `null` for a delegate that is only known in Zivver and is kept. */
  readonly identifier: string | null
  /** SCIM id; `null` while the account is still to be created by this run. */
  readonly scimId: string | null
  readonly address: string
}

/** The Zivver extension as a whole: it is always written as a whole (reference/zivver.md Q1, Q10). */
export interface ExtensionWrite {
  readonly aliases: readonly string[]
  /** Only for users; groups have `members`. */
  readonly delegates: readonly DelegateRef[]
  readonly externalAccountId: string | null
  /** Written beside the rest when the setting says so (never read back). */
  readonly ssoAccountKey: string | null
  readonly other: Readonly<Record<string, unknown>>
}

/** Attributes of one write; what is absent is not sent and stays as it is in Zivver. */
export interface AccountWrite {
  readonly address?: string
  readonly displayName?: string
  /** Sent back beside `name.formatted`. */
  readonly otherName?: Readonly<Record<string, unknown>>
  readonly active?: boolean
  readonly extension?: ExtensionWrite
  /** A functional account's members, complete and not empty (an empty list does not empty a group). */
  readonly members?: readonly DelegateRef[]
}

/**
 * One call to Zivver. `position` is its place in the run's order; `after` are positions that must have
 * ended (applied or failed) before it begins.
 */
export interface WriteStep {
  readonly position: number
  readonly after: readonly number[]
  readonly call: 'create' | 'update' | 'empty_members'
  readonly write: AccountWrite
  /** Why there is more than one write: shown in the log. */
  readonly purpose: 'main' | 'park' | 'delegate_ring' | 'empty_members'
}

/** What is needed to apply a change after a restart. */
export interface ChangeWork {
  /** Empty for a change that writes only the mapping row. */
  readonly steps: readonly WriteStep[]
  /** The row to store once all steps are done (`scimId` is filled in for a create); `null` = none. */
  readonly row: MappingRow | null
  /** Keys of rows that go with it: the account is linked to another mailbox, or its former account is gone. */
  readonly removeRows: readonly string[]
}

export interface ChangeError {
  readonly code: ErrorCode
  readonly message: string
}

/** One change of a plan: one account, one action (contract, section 3). */
export interface Change {
  readonly sequence: number
  readonly action: Action
  readonly kind: AccountKind
  /** The account's current primary address; the wished one for a create. */
  readonly address: string
  readonly identifier: string | null
  readonly scimId: string | null
  readonly displayName: string
  readonly fields: readonly FieldChange[]
  /** Why, as a stable word: a reason of section 4, `no_mailbox`, `new_mailbox`, `differs`, `back_in_scope`, `adopted`, … */
  readonly reason: string
  readonly status: ChangeStatus
  readonly error: ChangeError | null
  readonly work: ChangeWork
}

/** A change as the journal keeps it while it is applied. */
export interface JournalChange extends Change {
  /** How many of `work.steps` are done. */
  readonly stepsDone: number
}

/**
 * What a step's or a change's end has brought; it is stored before it is reported.
 */
export interface ChangeOutcome {
  readonly sequence: number
  readonly status: ChangeStatus
  readonly stepsDone: number
  readonly scimId: string | null
  readonly error: ChangeError | null
}
