/** Sections 6 and 10 of the contract: the mapping rows after a run. */
import type { Facts } from './facts.ts'
import type { AccountView, ExpectedRow } from './model.ts'
import type { Outcome } from './outcome.ts'

/**
 * Every synchronised or suspended account has its row; a row goes only when its account is linked to another mailbox,
 * or when its mailbox is linked to another account. With a reset, a row that was not linked afresh goes too, but for
 * those of accounts whose change was deferred.
 */
export function rowsAfter(facts: Facts, all: readonly Outcome[]): readonly ExpectedRow[] {
  const written = all.flatMap((outcome) => rowsOf(outcome, facts))
  const keys = new Set(written.map(({ key }) => key))
  const linked = new Set(written.flatMap(({ account }) => ('id' in account ? account.id : [])))
  const deferred = new Set(all.flatMap(({ before, isDeferred }) => (isDeferred ? before?.id : [])))
  const standing = facts.before.rows
    .filter(({ key, scimId }) => !keys.has(key) && !linked.has(scimId))
    .filter(({ scimId }) => facts.knowsIdentifiers || deferred.has(scimId))
  return [
    ...written,
    ...standing.map(({ key, scimId, active }) => ({ key, account: { id: scimId }, active })),
  ]
}

function rowsOf({ before, address, fate }: Outcome, facts: Facts): readonly ExpectedRow[] {
  if (fate.kind === 'untouched') return []
  if (fate.kind === 'synchronised') {
    const key = fate.mailbox.identifier ?? ''
    return [{ key, account: before === null ? { address } : { id: before.id }, active: true }]
  }
  return before === null ? [] : [suspendedRow(before, facts)]
}

/** Under the identifier that links the account; `scim-<SCIM id>` for one that never had a mailbox of ours. */
function suspendedRow(account: AccountView, facts: Facts): ExpectedRow {
  const [mailbox] = facts.linkedMailboxes(account)
  const key = mailbox?.identifier ?? facts.lostRow(account)?.key ?? `scim-${account.id}`
  return { key, account: { id: account.id }, active: false }
}
