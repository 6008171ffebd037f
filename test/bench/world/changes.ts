/** What happens in a tenant between two daily runs. */
import { createRandom } from '../../simulators/shared/random.ts'
import {
  addAlias,
  deleteMailbox,
  renameMailbox,
  setDisplayName,
} from '../../simulators/tenant/mailbox-mutations.ts'
import type { AccountSeed } from '../../simulators/zivver/account.ts'
import { aBenchMailbox, type BenchTenant } from './bench-tenant.ts'

/**
 * Makes `count` changes: a third of them another name, the others in equal parts another address, an alias, a new
 * mailbox and the end of one. Whoever is deleted also disappears from the delegates of other accounts.
 * @returns how many mailboxes were deleted: each is confirmed by one more cmdlet
 */
export function changeTenant({ tenant }: BenchTenant, count: number): { deleted: number } {
  const random = createRandom(2)
  const people = [...tenant.mailboxes.values()].filter(
    ({ recipientTypeDetails }) => recipientTypeDetails === 'UserMailbox',
  )
  const chosen = random.sample(people, count)
  let deleted = 0
  for (const [at, mailbox] of chosen.entries()) {
    const kind = at % 6
    if (kind < 2) setDisplayName(tenant, mailbox, `${mailbox.displayName} (new)`)
    if (kind === 2) renameMailbox(tenant, mailbox, `renamed.${at}@contoso.example`)
    if (kind === 3) addAlias(tenant, mailbox, `alias.${at}@contoso.example`)
    if (kind === 4) {
      tenant.addMailbox(aBenchMailbox(tenant, random, `Newcomer ${at}`, `newcomer.${at}`))
    }
    if (kind === 5) {
      deleteMailbox(tenant, mailbox)
      deleted += 1
    }
  }
  return { deleted }
}

/**
 * Accounts that differ between two states of Zivver, each of them one write (contract, section 9): made, suspended because
 * their mailbox is gone, or with another address, name, alias or delegate. Delegates are compared by account: one that
 * only has another address is no change.
 */
export function writesBetween(
  before: readonly AccountSeed[],
  after: readonly AccountSeed[],
): number {
  const [old, now] = [essences(before), essences(after)]
  const changed = [...now].filter(([id, essence]) => old.get(id) !== essence)
  const gone = [...old.keys()].filter((id) => !now.has(id))
  return changed.length + gone.length
}

/** By identifier, what a write would change. */
function essences(accounts: readonly AccountSeed[]): ReadonlyMap<unknown, string> {
  const ids = new Map(
    accounts.map(({ address, externalAccountId }) => [address, externalAccountId]),
  )
  return new Map(
    accounts.map((account) => {
      const { address, displayName, aliases, delegates, externalAccountId } = account
      const named = delegates?.map((delegate) => ids.get(delegate)).toSorted()
      return [externalAccountId, JSON.stringify([address, displayName, aliases?.toSorted(), named])]
    }),
  )
}
