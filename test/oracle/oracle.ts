/**
 * What the contract wants: from a tenant, a Zivver organisation and the mapping rows before a sync run, the accounts
 * and the mapping rows after it. It is written from sections 4, 5 and 6 of the contract alone, as plainly as they
 * read and without a thought for speed, and imports nothing of the code that it judges.
 */
import { Facts } from './facts.ts'
import { judgeFates } from './fates.ts'
import type { Before, Expected } from './model.ts'
import { outcomes, withDelegates } from './outcome.ts'
import { rowsAfter } from './rows.ts'
import { mailboxesOf, sourceFilter } from './scope.ts'

/** The state that a sync run with these beginnings must end in. */
export function expectedFinalState(before: Before): Expected {
  const filter = sourceFilter(before)
  if (filter.refused !== null) return unchanged(before, filter.refused)
  const facts = new Facts(before, mailboxesOf(before, filter.members))
  const fates = judgeFates(facts)
  const all = outcomes(facts, fates)
  return {
    refused: null,
    accounts: withDelegates(all, facts, fates),
    rows: rowsAfter(facts, all),
  }
}

function unchanged({ accounts, rows }: Before, refused: Expected['refused']): Expected {
  return {
    refused,
    accounts: accounts.map((account) => ({ ...account, suspendedDelegates: [] })),
    rows: rows.map(({ key, scimId, active }) => ({ key, account: { id: scimId }, active })),
  }
}
