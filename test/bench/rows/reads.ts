/** What reading costs at least, by the ways of Exchange Online and Graph. */
import { callsInFlight, inTurn, pagesInTurn, sideBySide } from '../bounds.ts'
import type { Bound } from '../row.ts'
import type { BenchTenant } from '../world/bench-tenant.ts'

const mailboxPage = 1000
const groupPage = 999

/**
 * Calls that no program can save: pages of mailboxes, one permission reading for each mailbox that is read, pages of
 * groups, the members of each group that is a trustee, and Zivver's two lists.
 */
export function fewestReads(
  { tenant, groupIds, trusteeGroups }: BenchTenant,
  readings: number = tenant.mailboxes.size,
): number {
  const pages = Math.ceil(tenant.mailboxes.size / mailboxPage)
  return pages + readings + Math.ceil(groupIds.length / groupPage) + trusteeGroups + 2
}

/**
 * Permission readings, so many in flight, beside the pages that name the mailboxes. Nothing can be read before the first
 * page is there.
 */
export function permissionReads(
  { tenant }: BenchTenant,
  readings: number,
  { cmdletMs, inFlight }: { readonly cmdletMs: number; readonly inFlight: number },
): Bound {
  const cmdlets = callsInFlight(readings, 'cmdlets', cmdletMs, inFlight)
  const firstPage = { seconds: cmdletMs / 1000, formula: `first page ${cmdletMs} ms` }
  const pages = pagesInTurn(tenant.mailboxes.size, mailboxPage, cmdletMs)
  return sideBySide(pages, inTurn(firstPage, cmdlets))
}
