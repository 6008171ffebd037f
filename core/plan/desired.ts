import { isInDomain, sameList } from '../model/address.ts'
import type { AccountKind, Mailbox } from '../model/mailbox.ts'
import { kindOfMailbox } from '../model/mailbox.ts'
import type { IdentifiedMailbox } from '../source/scope.ts'

/**
 * What the account of a mailbox should look like, before ownership of addresses and delegates are settled
 * (contract, section 5):
 *
 * | | User | Group |
 * |---|---|---|
 * | primary address, lower case | `userName` | `externalId` |
 * | display name, trimmed; empty → primary address | `name.formatted` | `displayName` |
 * | secondary addresses in included domains | `aliases` | `aliases` |
 * | identifier | `ExternalAccountId` | `ExternalAccountId` |
 */
export interface DesiredAccount {
  readonly kind: AccountKind
  readonly identifier: string
  readonly address: string
  readonly displayName: string
  /** Sorted. */
  readonly aliases: readonly string[]
}

/**
 * The wished account of an in-scope mailbox.
 * @param held the aliases that its account has now: where they are the wished ones, no second list is kept
 */
export function desiredAccount(
  mailbox: IdentifiedMailbox,
  includedDomains: ReadonlySet<string>,
  held: readonly string[],
): DesiredAccount {
  const address = mailbox.primarySmtpAddress
  const aliases = mailbox.secondarySmtpAddresses.filter((alias) =>
    isInDomain(alias, includedDomains),
  )
  return {
    kind: kindOfScoped(mailbox),
    identifier: mailbox.identifier,
    address,
    displayName: displayNameOf(mailbox),
    aliases: sameList(aliases, held) ? held : aliases,
  }
}

/** The kind of account of a mailbox whose type is known to be synchronised. */
export function kindOfScoped(mailbox: IdentifiedMailbox): AccountKind {
  return kindOfMailbox(mailbox.recipientTypeDetails) ?? 'user'
}

/** The display name as it is compared and written. */
export function displayNameOf(mailbox: Mailbox): string {
  return mailbox.displayName.trim() || mailbox.primarySmtpAddress
}
