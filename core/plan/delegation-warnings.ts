import type { Delegation, DroppedTrustee, Mailbox } from '../model/mailbox.ts'
import type { Snapshot } from '../model/plan.ts'
import type { Warning } from '../model/warning.ts'
import type { DirectoryIndex } from './directory-index.ts'
import { listOf } from './few.ts'

const mostNamed = 10

const whyDropped: Readonly<Record<DroppedTrustee['reason'], string>> = {
  self: 'the mailbox itself',
  raw_sid: 'deleted, only its SID is left',
  no_user_mailbox: 'has no user mailbox',
  cannot_log_in: 'cannot log in',
  not_in_scope: 'its mailbox is not in scope',
  not_found: 'not found',
}

/** One grouped warning per mailbox for trustees that are no delegates, and one for what is unknown (contract, section 5). */
export function delegationWarnings(snapshot: Snapshot, index: DirectoryIndex): Warning[] {
  const { delegations } = snapshot
  if (delegations === null) return []
  const warnings: Warning[] = []
  for (const [identifier, delegation] of delegations) {
    if (delegation.dropped.length + delegation.unknown.length === 0) continue
    const mailboxes = listOf(index.identities.get(identifier)?.mailbox)
    for (const mailbox of mailboxes) {
      if (index.scopeReason(mailbox) === null) warnings.push(...warningsOf(mailbox, delegation))
    }
  }
  return warnings
}

function warningsOf(mailbox: Mailbox, { dropped, unknown }: Delegation): Warning[] {
  const address = mailbox.primarySmtpAddress
  const warnings: Warning[] = []
  if (dropped.length > 0) {
    const named = dropped.map(({ text, reason }) => `${text} (${whyDropped[reason]})`)
    const message = `${address}: ${dropped.length} with Full Access cannot be delegates: ${listed(named)}`
    warnings.push({ code: 'DELEGATES_DROPPED', message, address })
  }
  if (unknown.length > 0) {
    const message = `${address}: not all delegates are known, so none is removed: ${listed(unknown)}`
    warnings.push({ code: 'DELEGATES_UNKNOWN', message, address })
  }
  return warnings
}

function listed(items: readonly string[]): string {
  const shown = [...items].sort().slice(0, mostNamed).join(', ')
  return items.length > mostNamed ? `${shown} and ${items.length - mostNamed} more` : shown
}
