import { byText } from '../model/address.ts'
import {
  type Delegation,
  type DroppedTrustee,
  type FullAccessReading,
  kindOfMailbox,
  type Mailbox,
  type Trustee,
} from '../model/mailbox.ts'
import type { GroupExpansion } from './groups.ts'
import type { Resolution } from './trustees.ts'

/** What the trustees of a whole tenant were resolved to. */
export interface ResolvedTrustees {
  readonly resolve: (trustee: Trustee) => Resolution
  /** The members of a group who are among `inScopeUsers`. */
  readonly expandGroup: (groupId: string) => GroupExpansion
  /** Identifiers of the user mailboxes in scope: nobody else can be a delegate. */
  readonly inScopeUsers: ReadonlySet<string>
}

/** What one trustee brings to a delegation. */
interface TrusteeFinding {
  readonly delegates?: Iterable<string>
  readonly unknown?: readonly string[]
  readonly dropped?: DroppedTrustee['reason']
}

/** Most mailboxes have no delegates: they share one value. */
const nobody: Delegation = { delegates: [], unknown: [], dropped: [] }

/**
 * What Full Access means for one mailbox (contract, section 5). Members of a trustee group who are not user mailboxes
 * in scope are left out silently: only trustees themselves are told as dropped.
 */
export function delegationOf(reading: FullAccessReading, trustees: ResolvedTrustees): Delegation {
  if (reading.status === 'failed') {
    return { ...nobody, unknown: [`its permissions could not be read: ${reading.reason}`] }
  }
  if (reading.trustees.length === 0) return nobody
  const delegates = new Set<string>()
  const unknown = new Set<string>()
  const dropped = new Map<string, DroppedTrustee>()
  for (const trustee of reading.trustees) {
    const finding = judgeTrustee(trustee, reading.identifier, trustees)
    for (const delegate of finding.delegates ?? []) delegates.add(delegate)
    for (const reason of finding.unknown ?? []) unknown.add(reason)
    const { text } = trustee
    if (finding.dropped !== undefined) dropped.set(text, { text, reason: finding.dropped })
  }
  // A group may name the mailbox itself among its members.
  delegates.delete(reading.identifier)
  return {
    delegates: [...delegates].sort(),
    unknown: [...unknown].sort(),
    dropped: [...dropped.values()].sort((left, right) => byText(left.text, right.text)),
  }
}

function judgeTrustee(
  trustee: Trustee,
  own: string,
  { resolve, expandGroup, inScopeUsers }: ResolvedTrustees,
): TrusteeFinding {
  const name = `"${trustee.text}"`
  const resolution = resolve(trustee)
  switch (resolution.kind) {
    case 'mailbox':
      return judgeMailbox(resolution.mailbox, own, inScopeUsers)
    case 'group': {
      const { members, unreadable } = expandGroup(resolution.id)
      return {
        delegates: members,
        unknown: unreadable.map((reason) => `members of ${name}: ${reason}`),
      }
    }
    case 'dropped':
      return { dropped: resolution.reason }
    case 'ambiguous':
      return { unknown: [`${name} is the name of more than one mailbox or group`] }
    case 'unknown':
      return { unknown: [`${name}: ${resolution.reason}`] }
    case 'unresolved':
      break
  }
  return { unknown: [`${name} was not looked up`] }
}

function judgeMailbox(
  mailbox: Mailbox,
  own: string,
  inScopeUsers: ReadonlySet<string>,
): TrusteeFinding {
  const { identifier } = mailbox
  if (identifier === own) return { dropped: 'self' }
  if (kindOfMailbox(mailbox.recipientTypeDetails) !== 'user') return { dropped: 'cannot_log_in' }
  if (identifier === null || !inScopeUsers.has(identifier)) return { dropped: 'not_in_scope' }
  return { delegates: [identifier] }
}
