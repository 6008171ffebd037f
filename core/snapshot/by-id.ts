import type { Account } from '../model/account.ts'
import type { Mailbox } from '../model/mailbox.ts'

/** Mailboxes that have an identifier, by it; of two with the same one the last. */
export function byIdentifier(mailboxes: readonly Mailbox[]): ReadonlyMap<string, Mailbox> {
  const map = new Map<string, Mailbox>()
  for (const mailbox of mailboxes) {
    if (mailbox.identifier !== null) map.set(mailbox.identifier, mailbox)
  }
  return map
}

/** Accounts by SCIM id. */
export function byScimId(accounts: readonly Account[]): ReadonlyMap<string, Account> {
  const map = new Map<string, Account>()
  for (const account of accounts) map.set(account.scimId, account)
  return map
}
