/** What becomes of each account and each mailbox, before addresses and permitted actions are looked at. */
import { type Belonging, belonging } from './belonging.ts'
import type { Facts } from './facts.ts'
import type { AccountView } from './model.ts'
import type { Mailbox } from './scope.ts'

/** What becomes of an account. */
export type Fate =
  | { readonly kind: 'untouched' }
  | { readonly kind: 'suspended' }
  /** It is made to look as its mailbox wishes, and is active. */
  | { readonly kind: 'synchronised'; readonly mailbox: Mailbox }

export interface Fates {
  readonly belonging: Belonging
  readonly ofAccounts: ReadonlyMap<AccountView, Fate>
  /** Mailboxes that get a new account. */
  readonly creates: readonly Mailbox[]
}

const untouched: Fate = { kind: 'untouched' }
const suspended: Fate = { kind: 'suspended' }

export function judgeFates(facts: Facts): Fates {
  const found = belonging(facts)
  const creates = facts.mailboxes.filter(
    (mailbox) =>
      mailbox.inScope &&
      !found.accountOf.has(mailbox) &&
      !found.frozenMailboxes.has(mailbox) &&
      !facts.isProtected(mailbox.primary),
  )
  const ofAccounts = new Map(
    facts.before.accounts.map((account) => [account, fateOf(account, facts, found)]),
  )
  return { belonging: found, ofAccounts, creates }
}

function fateOf(account: AccountView, facts: Facts, found: Belonging): Fate {
  if (found.frozenAccounts.has(account) || facts.isProtected(account.address)) return untouched
  const mailbox = found.ownerOf(account)
  if (mailbox === undefined) return fateWithoutMailbox(account, facts)
  if (found.frozenMailboxes.has(mailbox) || facts.isProtected(mailbox.primary)) return untouched
  const mayReactivate = facts.before.settings.reactivate === 'all' || facts.isSuspendedByUs(account)
  return facts.isActive(account) || mayReactivate ? { kind: 'synchronised', mailbox } : untouched
}

/** No mailbox in scope has this account. */
function fateWithoutMailbox(account: AccountView, facts: Facts): Fate {
  if (!facts.isActive(account) || facts.isLinkedElsewhere(account)) return untouched
  if (facts.lostRow(account) !== undefined) return suspended
  const linked = facts.linkedMailboxes(account)
  if (linked.length > 0) return linked.some(({ inScope }) => inScope) ? untouched : suspended
  if (!facts.isIncluded(account.address)) return untouched
  if (facts.mailboxesWith(account.address).length > 0) return untouched
  const needsNothing = account.kind === 'functional' && account.delegates.length === 0
  return needsNothing ? untouched : suspended
}
