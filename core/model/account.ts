import type { AccountKind } from './mailbox.ts'

/** A Zivver account: a SCIM User (`user`) or a SCIM Group (`functional`), normalised. */
export interface Account {
  readonly kind: AccountKind
  /** SCIM `id`. */
  readonly scimId: string
  /** `userName` of a User, `externalId` of a Group; lower case. */
  readonly address: string
  /** `name.formatted` of a User, `displayName` of a Group. */
  readonly displayName: string
  /** Zivver extension `aliases`: lower case, sorted, unique. */
  readonly aliases: readonly string[]
  /** A User's `delegates`: addresses, lower case, sorted; a Group's `members[].value`: SCIM ids, sorted. */
  readonly delegates: readonly string[]
  /** `active` of a User; a Group has none in the API and is `true` here: its state is in our mapping row. */
  readonly active: boolean
  /** Zivver extension `ExternalAccountId`, as it is; `null` when empty or absent. */
  readonly externalAccountId: string | null
  /** Attributes of the Zivver extension that we do not manage; every PUT of the extension carries them back. */
  readonly otherExtension: Readonly<Record<string, unknown>>
  /** Sub-attributes of `name` that we do not manage (`givenName`, …); every PUT of `name` carries them back. */
  readonly otherName: Readonly<Record<string, unknown>>
}
