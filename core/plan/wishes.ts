import type { Account } from '../model/account.ts'
import { domainOf } from '../model/address.ts'
import type { MappingRow } from '../model/mapping.ts'
import type { Policy } from '../model/plan.ts'
import type { Warning } from '../model/warning.ts'
import type { Correlation, PairRule } from './correlate.ts'
import { type DesiredAccount, desiredAccount } from './desired.ts'
import type { KnownAccount, ScopedMailbox } from './directory-index.ts'
import { type Few, listOf } from './few.ts'

/** An in-scope mailbox, the account it has or wants, and what may be done about it. */
export interface Wish {
  /** Of the mailbox among those in scope. */
  readonly place: number
  readonly desired: DesiredAccount
  readonly account: Account | null
  readonly rule: PairRule | null
  readonly action: 'create' | 'update' | 'reactivate'
  /** The installation may take this action; otherwise it is planned and shown as deferred. */
  readonly allowed: boolean
  /** Rows that name the account, whatever their key. */
  readonly rows: Few<MappingRow>
}

/** Wishes that may become changes, and the mailboxes whose accounts stay as they are. */
export interface Wishes {
  readonly wishes: readonly Wish[]
  /** In the target filter: never touched, but may be a delegate. */
  readonly protectedPairs: readonly Wish[]
  /** Suspended by somebody else: untouched. */
  readonly byHand: readonly Wish[]
  readonly warnings: readonly Warning[]
}

export function wishesOf(correlation: Correlation, policy: Policy): Wishes {
  const wishes: Wish[] = []
  const protectedPairs: Wish[] = []
  const byHand: Wish[] = []
  const warnings: Warning[] = []
  for (const { scoped, known, rule } of correlation.pairs) {
    const { account } = known
    const wish = wishOf(scoped, known, rule, policy)
    if (isProtected(policy, account.address, wish.desired.address)) protectedPairs.push(wish)
    else if (wish.action === 'reactivate' && !mayReactivate(wish, policy)) {
      byHand.push(wish)
      warnings.push(suspendedByHand(account))
    } else wishes.push(wish)
  }
  for (const scoped of correlation.unmatched) {
    const wish = wishOf(scoped, null, null, policy)
    // Never created, though the mailbox is in scope: there is no account to count.
    if (!isProtected(policy, wish.desired.address)) wishes.push(wish)
  }
  return { wishes, protectedPairs, byHand, warnings }
}

function wishOf(
  { mailbox, place }: ScopedMailbox,
  known: KnownAccount | null,
  rule: PairRule | null,
  policy: Policy,
): Wish {
  const account = known?.account ?? null
  const action = known === null ? 'create' : isSuspended(known) ? 'reactivate' : 'update'
  return {
    place,
    desired: desiredAccount(mailbox, policy.includedDomains, account?.aliases ?? []),
    account,
    rule,
    action,
    allowed: policy.actions.has(action),
    rows: known?.rows,
  }
}

/** A User says so itself; a Group has no state in the API: our row says so, and it has no members (contract, section 5). */
export function isSuspended({ account, rows }: KnownAccount): boolean {
  return account.kind === 'user' ? !account.active : isOurs(rows) && account.delegates.length === 0
}

/** True when Cloud Sync itself suspended the account. */
function isOurs(rows: Few<MappingRow>): boolean {
  return listOf(rows).some((row) => !row.active)
}

function mayReactivate(wish: Wish, policy: Policy): boolean {
  return policy.reactivate === 'all' || isOurs(wish.rows)
}

/** True when one of the addresses, or its domain, is in the target filter. */
export function isProtected(policy: Policy, ...addresses: readonly string[]): boolean {
  const { addresses: listed, domains } = policy.targetFilter
  if (listed.size === 0 && domains.size === 0) return false
  return addresses.some((address) => listed.has(address) || domains.has(domainOf(address)))
}

function suspendedByHand(account: Account): Warning {
  return {
    code: 'SUSPENDED_BY_HAND',
    message: `${account.address} is suspended in Zivver, but not by Cloud Sync; its mailbox is in scope and the account is left as it is`,
    address: account.address,
  }
}
