/** What happens in a tenant between two daily runs. */
import { createRandom } from '../../simulators/shared/random.ts'
import {
  addAlias,
  deleteMailbox,
  renameMailbox,
  setDisplayName,
} from '../../simulators/tenant/mailbox-mutations.ts'
import { aBenchMailbox, type BenchTenant } from './bench-tenant.ts'

/**
 * Changes `count` accounts, each by one write: a third get another name, the others in equal parts another address, an
 * alias, a successor (a new mailbox) and an end (a mailbox deleted).
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
