import type { Account } from '../model/account.ts'
import { byText, domainOf } from '../model/address.ts'
import type { Policy } from '../model/plan.ts'
import type { Warning } from '../model/warning.ts'
import { type Correlation, type Leftover, linkedElsewhere } from './correlate.ts'
import type { DirectoryIndex, KnownAccount } from './directory-index.ts'
import { type Draft, draftOfSuspension } from './drafts.ts'
import { isProtected, isSuspended } from './wishes.ts'

/** What becomes of the accounts that no in-scope mailbox has. */
export interface LeftoverPlan {
  readonly drafts: readonly Draft[]
  readonly unchanged: number
  readonly unmanaged: number
  readonly warnings: readonly Warning[]
}

type Decision =
  | { readonly count: 'unchanged' | 'unmanaged'; readonly warning?: Warning }
  | {
      readonly count: 'draft'
      readonly identifier: string | null
      readonly reason: string
    }

/** Decides which accounts without an in-scope mailbox are suspended (contract, section 6). */
export function planLeftovers(
  correlation: Correlation,
  index: DirectoryIndex,
  policy: Policy,
): LeftoverPlan {
  const drafts: Draft[] = []
  const warnings: Warning[] = []
  const counts = { unchanged: 0, unmanaged: 0 }
  for (const [known, leftover] of correlation.leftovers) {
    const decision = decide(known, leftover, policy)
    if (decision.count === 'draft') {
      drafts.push(suspension(known, decision, index, policy))
      continue
    }
    counts[decision.count] += 1
    if (decision.warning !== undefined) warnings.push(decision.warning)
  }
  const kept = drafts.filter((draft) => !draft.allowed && isEmptiedWithoutDelegates(draft, policy))
  if (kept.length > 0) warnings.push(delegatesOff(kept))
  return { drafts, ...counts, warnings }
}

function decide(known: KnownAccount, leftover: Leftover, policy: Policy): Decision {
  const { account } = known
  if (isProtected(policy, account.address)) return { count: 'unmanaged' }
  const suspended = isSuspended(known)
  const included = policy.includedDomains.has(domainOf(account.address))
  switch (leftover.type) {
    case 'elsewhere':
      return { count: 'unmanaged', warning: linkedElsewhere(account) }
    case 'linked_out_of_scope':
      return suspended
        ? { count: 'unchanged' }
        : { count: 'draft', identifier: leftover.identifier, reason: leftover.reason }
    case 'no_mailbox':
      if (!included) return { count: 'unmanaged' }
      if (suspended || isEmptyFunctional(account)) return { count: 'unchanged' }
      return { count: 'draft', identifier: null, reason: 'no_mailbox' }
    case 'address_out_of_scope':
      return suspended || !included || isEmptyFunctional(account)
        ? { count: 'unmanaged' }
        : { count: 'unmanaged', warning: unlinkedOutOfScope(account, leftover.reason) }
    case 'address_of_mailbox':
      return { count: 'unmanaged' }
  }
}

function isEmptyFunctional(account: Account): boolean {
  return account.kind === 'functional' && account.delegates.length === 0
}

function suspension(
  { account, rows }: KnownAccount,
  decision: { readonly identifier: string | null; readonly reason: string },
  index: DirectoryIndex,
  policy: Policy,
): Draft {
  const memberAddresses = account.delegates
    .map((id) => index.accountById(id)?.account.address ?? id)
    .sort(byText)
  return draftOfSuspension(
    account,
    decision.identifier,
    decision.reason,
    rows,
    memberAddresses,
    policy,
  )
}

function isEmptiedWithoutDelegates(draft: Draft, policy: Policy): boolean {
  return !policy.delegates && draft.kind === 'functional' && draft.action === 'suspend'
}

function delegatesOff(drafts: readonly Draft[]): Warning {
  return {
    code: 'DELEGATES_OFF',
    message: `${drafts.length} functional accounts without a mailbox keep their members, because CLOUD_SYNC__DELEGATES is False: ${drafts
      .map((draft) => draft.address)
      .sort(byText)
      .slice(0, 10)
      .join(', ')}`,
  }
}

function unlinkedOutOfScope(account: Account, reason: string): Warning {
  return {
    code: 'UNLINKED_OUT_OF_SCOPE',
    message: `${account.address} is active in Zivver and was never linked to its mailbox, which is not in scope (${reason}); it is left as it is`,
    address: account.address,
  }
}
