/** Sections 5 and 6 of the contract: what the accounts look like after a run. */
import type { Facts } from './facts.ts'
import type { Fate, Fates } from './fates.ts'
import { fullAccessOf } from './full-access.ts'
import type { AccountView, ExpectedAccount } from './model.ts'
import type { Mailbox } from './scope.ts'
import { isSameText, lower, sorted } from './text.ts'

/** One account after the run. */
export interface Outcome extends Omit<ExpectedAccount, 'id' | 'delegates' | 'suspendedDelegates'> {
  /** The account before; `null` = the run creates it. */
  readonly before: AccountView | null
  readonly fate: Fate
  /** A change is wished for that this installation may not make. */
  readonly isDeferred: boolean
}

/**
 * Every account after the run, delegates apart. A mailbox whose wished address somebody else keeps is left alone with
 * its account; then its own address is kept too, so this is repeated until nobody else is affected.
 */
export function outcomes(facts: Facts, fates: Fates): readonly Outcome[] {
  const leftAlone = new Set<Mailbox>()
  for (;;) {
    const all = [
      ...facts.before.accounts.map((account) => changeOf(account, facts, fates, leftAlone)),
      ...creates(facts, fates, leftAlone),
    ]
    const blocked = all.flatMap((outcome) =>
      outcome.fate.kind === 'synchronised' && isAddressRefused(outcome, all, facts)
        ? [outcome.fate.mailbox]
        : [],
    )
    if (blocked.length === 0) return all.map((outcome) => withoutTakenAliases(outcome, all))
    for (const mailbox of blocked) leftAlone.add(mailbox)
  }
}

function changeOf(
  account: AccountView,
  facts: Facts,
  { ofAccounts }: Fates,
  leftAlone: ReadonlySet<Mailbox>,
): Outcome {
  const { notPermitted } = facts.before.settings
  const fate = ofAccounts.get(account)
  const kept = {
    ...account,
    before: account,
    fate: { kind: 'untouched' },
    isDeferred: false,
  } as const
  if (fate?.kind === 'suspended') {
    if (!maySuspend(account, facts)) return { ...kept, isDeferred: true }
    return { ...kept, fate, active: account.kind === 'functional' }
  }
  if (fate?.kind !== 'synchronised' || leftAlone.has(fate.mailbox)) return kept
  const isReactivation = !facts.isActive(account)
  if (isReactivation && notPermitted.includes('reactivate')) return { ...kept, isDeferred: true }
  return { ...wishOf(fate.mailbox, account, facts), before: account, fate, isDeferred: false }
}

/** To suspend a functional account means to empty its members, which `DELEGATES=False` forbids. */
function maySuspend(account: AccountView, facts: Facts): boolean {
  const { notPermitted, delegates } = facts.before.settings
  if (account.kind === 'user') return !notPermitted.includes('suspend')
  if (account.delegates.length > 0) return delegates && !notPermitted.includes('suspend')
  // Where nothing has to be written but a row that did not exist, it is a link.
  return facts.rowsTo(account).length === 0 || !notPermitted.includes('suspend')
}

function creates(facts: Facts, fates: Fates, leftAlone: ReadonlySet<Mailbox>): readonly Outcome[] {
  if (facts.before.settings.notPermitted.includes('create')) return []
  return fates.creates
    .filter((mailbox) => !leftAlone.has(mailbox))
    .map((mailbox) => ({
      ...wishOf(mailbox, null, facts),
      before: null,
      fate: { kind: 'synchronised', mailbox },
      isDeferred: false,
    }))
}

/** Section 5: what an account should look like; `current` = what it looks like now. */
function wishOf(mailbox: Mailbox, current: AccountView | null, facts: Facts) {
  const { upstream, settings } = facts.before
  const has = current === null ? [] : [current.address, ...current.aliases]
  const identifier = current?.externalAccountId ?? null
  const isKnown = identifier !== null && isSameText(identifier, mailbox.identifier ?? '')
  const guests = new Set(upstream.guests.map(lower))
  const wished = mailbox.secondary.filter((alias) => facts.isIncluded(alias))
  const allowed = wished.filter((alias) => !guests.has(alias) || has.includes(alias))
  const kept = (current?.aliases ?? []).filter((alias) => !facts.isIncluded(alias))
  const isSameName = current !== null && isSameText(current.displayName, mailbox.displayName)
  return {
    kind: mailbox.kind ?? 'user',
    address: mailbox.primary,
    displayName: isSameName ? current.displayName : mailbox.displayName,
    aliases: sorted([...allowed, ...kept].filter((alias) => alias !== mailbox.primary)),
    active: true,
    externalAccountId: settings.writeIdentifiers && !isKnown ? mailbox.identifier : identifier,
  }
}

/** A new address belongs outside the organisation, or another account keeps the wished primary address. */
function isAddressRefused(outcome: Outcome, all: readonly Outcome[], facts: Facts): boolean {
  const { address, aliases, before } = outcome
  const owned = new Set(before === null ? [] : [before.address, ...before.aliases])
  const added = [address, ...aliases].filter((each) => !owned.has(each))
  const outside = new Set(facts.before.upstream.outsideOrganization.map(lower))
  if (added.some((each) => outside.has(each))) return true
  return all.some((other) => other !== outcome && keeps(other, address))
}

/** An alias that another account owns is left out, the rest is synchronised. */
function withoutTakenAliases(outcome: Outcome, all: readonly Outcome[]): Outcome {
  if (outcome.fate.kind !== 'synchronised') return outcome
  const others = all.filter((other) => other !== outcome)
  const aliases = outcome.aliases.filter((alias) => !others.some((other) => keeps(other, alias)))
  return { ...outcome, aliases }
}

/** Aliases that an account merely wishes for are no obstacle: no address belongs to two mailboxes. */
function keeps({ address, aliases, fate }: Outcome, wanted: string): boolean {
  return address === wanted || (fate.kind !== 'synchronised' && aliases.includes(wanted))
}

/** Adds the delegates, by account: one that is suspended is not added, and not taken away from a functional account. */
export function withDelegates(
  all: readonly Outcome[],
  facts: Facts,
  fates: Fates,
): readonly ExpectedAccount[] {
  return all.map((outcome) => {
    const { before, fate, isDeferred, ...account } = outcome
    const current = currentDelegates(outcome, all)
    const wished = wishedDelegates(outcome, current, all, facts, fates)
    const suspended = wished.filter((each) => !each.active && current.includes(each))
    return {
      ...account,
      id: before?.id ?? null,
      aliases: sorted(account.aliases),
      delegates: addressesOf(wished.filter(({ active }) => active)),
      suspendedDelegates: addressesOf(suspended),
    }
  })
}

function currentDelegates({ before }: Outcome, all: readonly Outcome[]): readonly Outcome[] {
  const addresses = before?.delegates ?? []
  return all.filter((other) => other.before !== null && addresses.includes(other.before.address))
}

function wishedDelegates(
  { before, fate }: Outcome,
  current: readonly Outcome[],
  all: readonly Outcome[],
  facts: Facts,
  fates: Fates,
): readonly Outcome[] {
  if (fate.kind === 'suspended' && before?.kind === 'functional') return []
  if (fate.kind !== 'synchronised' || !facts.before.settings.delegates) return current
  const { people, isUnknown } = fullAccessOf(fate.mailbox, facts.before, facts.mailboxes)
  const mailboxes = [...people].flatMap((identifier) => facts.mailboxOf(identifier) ?? [])
  // Which account a frozen mailbox has is not known, and unknown is never "none".
  const certain = mailboxes.filter((mailbox) => !fates.belonging.frozenMailboxes.has(mailbox))
  const wished = certain.flatMap((mailbox) => outcomeOf(mailbox, all, fates) ?? [])
  return isUnknown || certain.length < mailboxes.length ? [...wished, ...current] : wished
}

function outcomeOf(mailbox: Mailbox, all: readonly Outcome[], { belonging }: Fates) {
  const account = belonging.accountOf.get(mailbox)
  return all.find(({ before, fate }) =>
    before === null ? fate.kind === 'synchronised' && fate.mailbox === mailbox : before === account,
  )
}

function addressesOf(outcomes: readonly Outcome[]): readonly string[] {
  return sorted(outcomes.map(({ address }) => address))
}
