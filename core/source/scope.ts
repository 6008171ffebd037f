import { byText, isInDomain } from '../model/address.ts'
import { kindOfMailbox, type Mailbox } from '../model/mailbox.ts'
import type { Warning } from '../model/warning.ts'

/** Why a mailbox counts as absent, in the order in which the rules are tried (contract, section 4). */
export const scopeReasons = [
  'mailbox_type',
  'no_identifier',
  'mailbox_disabled',
  'domain_not_included',
  'not_in_source_filter',
] as const
export type ScopeReason = (typeof scopeReasons)[number]

/** What decides scope. Domains and object ids are lower case. */
export interface Scope {
  readonly includedDomains: ReadonlySet<string>
  /** Object ids of the source filter's members; `null` = no source filter. */
  readonly filterMembers: ReadonlySet<string> | null
}

/** A mailbox that can be told apart from every other one for good. Every mailbox in scope is one. */
export type IdentifiedMailbox = Mailbox & { readonly identifier: string }

/** All mailboxes of a tenant, sorted into those that are synchronised and counts of those that are not. */
export interface ScopeSummary {
  /** In the order of the input. */
  readonly inScope: readonly IdentifiedMailbox[]
  /** Number of mailboxes by reason; reasons that never applied are left out. */
  readonly outOfScope: Readonly<Partial<Record<ScopeReason, number>>>
  /** Number of mailboxes by `RecipientTypeDetails`, in scope or not, sorted by name. */
  readonly mailboxTypes: Readonly<Record<string, number>>
  /** `NO_IDENTIFIER` for each user or shared mailbox without an identifier, sorted by address. */
  readonly warnings: readonly Warning[]
}

/** Why this mailbox is not synchronised (the first rule that fails), or `null` when it is. */
export function scopeOf(mailbox: Mailbox, scope: Scope): ScopeReason | null {
  const kind = kindOfMailbox(mailbox.recipientTypeDetails)
  if (kind === null) return 'mailbox_type'
  if (mailbox.identifier === null) return 'no_identifier'
  // A shared mailbox always has a disabled account: it says nothing about the mailbox.
  if (kind === 'user' && mailbox.accountDisabled) return 'mailbox_disabled'
  if (!isInDomain(mailbox.primarySmtpAddress, scope.includedDomains)) return 'domain_not_included'
  if (scope.filterMembers !== null && !scope.filterMembers.has(mailbox.identifier)) {
    return 'not_in_source_filter'
  }
  return null
}

/** True for a mailbox that is synchronised. */
export function isInScope(mailbox: Mailbox, scope: Scope): mailbox is IdentifiedMailbox {
  return scopeOf(mailbox, scope) === null && isIdentified(mailbox)
}

function isIdentified(mailbox: Mailbox): mailbox is IdentifiedMailbox {
  return mailbox.identifier !== null
}

/** Sorts a tenant's mailboxes by scope and counts them; the same input in any order gives the same counts and warnings. */
export function summarise(mailboxes: readonly Mailbox[], scope: Scope): ScopeSummary {
  const inScope: IdentifiedMailbox[] = []
  const reasons = new Map<ScopeReason, number>()
  const types = new Map<string, number>()
  const unidentified: Mailbox[] = []
  for (const mailbox of mailboxes) {
    count(types, mailbox.recipientTypeDetails)
    const reason = scopeOf(mailbox, scope)
    if (reason !== null) count(reasons, reason)
    else if (isIdentified(mailbox)) inScope.push(mailbox)
    if (reason === 'no_identifier') unidentified.push(mailbox)
  }
  return {
    inScope,
    outOfScope: Object.fromEntries(
      scopeReasons.flatMap((reason) => {
        const number = reasons.get(reason)
        return number === undefined ? [] : [[reason, number]]
      }),
    ),
    mailboxTypes: Object.fromEntries([...types].sort(([left], [right]) => byText(left, right))),
    warnings: unidentified
      .map(withoutIdentifier)
      .sort((left, right) => byText(left.address, right.address)),
  }
}

function withoutIdentifier(mailbox: Mailbox): Warning & { readonly address: string } {
  const address = mailbox.primarySmtpAddress
  return {
    code: 'NO_IDENTIFIER',
    message: `${address || mailbox.displayName} (${mailbox.recipientTypeDetails}) has no ExternalDirectoryObjectId and is not synchronised`,
    address,
  }
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
