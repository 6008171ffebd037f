import type { DirectoryMember, Mailbox } from '../model/mailbox.ts'
import type { RecipientFinding } from '../ports.ts'
import type { Resolution } from './trustees.ts'

/** What Graph and, where Graph knows nothing, `Get-Recipient` say about one trustee's text. */
export interface LookUp {
  /** `null` = a definite not-found in Graph. */
  readonly object: DirectoryMember | null
  /** `null` = not asked, because Graph knew. */
  readonly recipient: RecipientFinding | null
}

/**
 * Who a trustee is that the index did not know (contract, section 5: only a definite not-found in both Graph and
 * `Get-Recipient` is nobody).
 * @param mailboxOf the listed mailbox with an identifier
 */
export function judgeLookUp(
  lookUp: LookUp,
  mailboxOf: (identifier: string) => Mailbox | undefined,
): Resolution {
  if (lookUp.object !== null) return ofObject(lookUp.object, mailboxOf)
  const { recipient } = lookUp
  if (recipient === null) return { kind: 'unresolved' }
  if (recipient.status === 'absent') return { kind: 'dropped', reason: 'not_found' }
  if (recipient.status === 'unknown') return { kind: 'unknown', reason: recipient.reason }
  return ofRecipient(recipient.identifier, recipient.recipientTypeDetails, mailboxOf)
}

function ofObject(
  object: DirectoryMember,
  mailboxOf: (identifier: string) => Mailbox | undefined,
): Resolution {
  if (object.type === 'group') return { kind: 'group', id: object.id }
  const mailbox = mailboxOf(object.id)
  if (mailbox !== undefined) return { kind: 'mailbox', mailbox }
  return {
    kind: 'dropped',
    reason: object.type === 'user' ? 'no_user_mailbox' : 'cannot_log_in',
  }
}

function ofRecipient(
  identifier: string | null,
  type: string,
  mailboxOf: (identifier: string) => Mailbox | undefined,
): Resolution {
  const mailbox = identifier === null ? undefined : mailboxOf(identifier)
  if (mailbox !== undefined) return { kind: 'mailbox', mailbox }
  if (isGroupType(type)) {
    return identifier === null
      ? { kind: 'unknown', reason: `its members cannot be read: a ${type} is not in Graph` }
      : { kind: 'group', id: identifier }
  }
  // The listing was complete a moment ago: such a mailbox is too new to be judged.
  if (type === 'UserMailbox') {
    return { kind: 'unknown', reason: 'its mailbox is not in the mailbox list yet' }
  }
  return { kind: 'dropped', reason: canLogIn(type) ? 'no_user_mailbox' : 'cannot_log_in' }
}

/** `MailUniversalSecurityGroup`, `GroupMailbox`, `DynamicDistributionGroup`, …; a room list is a distribution group. */
function isGroupType(recipientTypeDetails: string): boolean {
  return recipientTypeDetails.includes('Group') || recipientTypeDetails === 'RoomList'
}

/** `MailUser`, `GuestMailUser`, `RemoteUserMailbox`, …; not contacts, rooms, shared and system mailboxes. */
function canLogIn(recipientTypeDetails: string): boolean {
  return recipientTypeDetails.includes('User')
}
