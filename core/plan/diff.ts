import type { Account } from '../model/account.ts'
import { sameList, sameText } from '../model/address.ts'
import type { AccountWrite, ExtensionWrite, FieldChange } from '../model/change.ts'
import type { Policy } from '../model/plan.ts'
import type { DelegateComparison } from './delegates.ts'
import type { GrantedWish } from './ownership.ts'

/** How `SsoAccountKey` is shown: it is a credential of the user's sign-in. */
const maskedKey = '********'

/** Which attributes of one account differ from the wish (contract, section 5). */
export interface Difference {
  readonly address: boolean
  readonly displayName: boolean
  readonly aliases: boolean
  readonly delegates: boolean
  readonly externalAccountId: boolean
}

/** Compares one existing account with its wish. Case alone is never a difference. */
export function differenceOf(
  account: Account,
  granted: GrantedWish,
  delegates: DelegateComparison,
  policy: Policy,
): Difference {
  return {
    address: account.address !== granted.wish.desired.address,
    displayName: !sameText(account.displayName, granted.wish.desired.displayName),
    aliases: !sameList(account.aliases, granted.aliases),
    delegates: delegates.differs,
    externalAccountId:
      policy.writeIdentifiers &&
      account.externalAccountId?.toLowerCase() !== granted.wish.desired.identifier,
  }
}

export function isDifferent(difference: Difference): boolean {
  return (
    difference.address ||
    difference.displayName ||
    difference.aliases ||
    difference.delegates ||
    difference.externalAccountId
  )
}

// The Zivver extension is written as a whole and only when something in it differs: a PUT that carries it
// without SsoAccountKey can break SSO (reference/zivver.md Q1), one without ExternalAccountId may clear it (Q10).
function touchesExtension(granted: GrantedWish, difference: Difference): boolean {
  return (
    difference.aliases ||
    difference.externalAccountId ||
    (difference.delegates && granted.wish.desired.kind === 'user')
  )
}

/** The Zivver extension of an account as it is to be written. */
export function extensionOf(
  granted: GrantedWish,
  delegates: DelegateComparison,
  policy: Policy,
): ExtensionWrite {
  const { desired, account } = granted.wish
  const isUser = desired.kind === 'user'
  return {
    aliases: granted.aliases,
    delegates: isUser ? delegates.wanted : [],
    externalAccountId: policy.writeIdentifiers
      ? desired.identifier
      : (account?.externalAccountId ?? null),
    ssoAccountKey: isUser && policy.ssoAccountKey === 'object_id' ? desired.identifier : null,
    other: account?.otherExtension ?? {},
  }
}

/** The one write that makes an existing account what it should be; `null` when only its members are emptied, or nothing. */
export function updateWrite(
  granted: GrantedWish,
  difference: Difference,
  delegates: DelegateComparison,
  policy: Policy,
): AccountWrite | null {
  const { desired, account } = granted.wish
  const write: AccountWrite = {
    ...(difference.address ? { address: desired.address } : {}),
    ...(difference.displayName
      ? { displayName: desired.displayName, otherName: account?.otherName ?? {} }
      : {}),
    ...(granted.wish.action === 'reactivate' && desired.kind === 'user' ? { active: true } : {}),
    ...(touchesExtension(granted, difference)
      ? { extension: extensionOf(granted, delegates, policy) }
      : {}),
    ...(setsMembers(granted, delegates) ? { members: delegates.wanted } : {}),
  }
  return Object.keys(write).length === 0 ? null : write
}

function setsMembers(granted: GrantedWish, delegates: DelegateComparison): boolean {
  return (
    granted.wish.desired.kind === 'functional' && delegates.differs && delegates.wanted.length > 0
  )
}

/** An empty list does not empty a group: that takes a call of its own (reference/zivver.md Q4). */
export function emptiesMembers(granted: GrantedWish, delegates: DelegateComparison): boolean {
  return (
    granted.wish.account !== null &&
    granted.wish.desired.kind === 'functional' &&
    delegates.differs &&
    delegates.wanted.length === 0
  )
}

/** The write that creates an account. */
export function createWrite(
  granted: GrantedWish,
  delegates: DelegateComparison,
  policy: Policy,
): AccountWrite {
  const { desired } = granted.wish
  const isUser = desired.kind === 'user'
  return {
    address: desired.address,
    displayName: desired.displayName,
    ...(isUser ? { active: true } : {}),
    extension: extensionOf(granted, delegates, policy),
    ...(!isUser && delegates.wanted.length > 0 ? { members: delegates.wanted } : {}),
  }
}

/** What differs, as it is shown: before and after of each attribute. */
export function fieldsOf(
  granted: GrantedWish,
  difference: Difference,
  delegates: DelegateComparison,
  policy: Policy,
): FieldChange[] {
  const { desired, account } = granted.wish
  const isUser = desired.kind === 'user'
  const fields: FieldChange[] = []
  if (difference.address) {
    fields.push({
      path: isUser ? 'userName' : 'externalId',
      before: account?.address ?? null,
      after: desired.address,
    })
  }
  if (difference.displayName) {
    fields.push({
      path: isUser ? 'name.formatted' : 'displayName',
      before: account?.displayName ?? null,
      after: desired.displayName,
    })
  }
  if (difference.aliases) {
    fields.push({ path: 'aliases', before: account?.aliases ?? [], after: granted.aliases })
  }
  if (difference.delegates) {
    fields.push({ path: 'delegates', before: delegates.before, after: delegates.after })
  }
  if (granted.wish.action === 'reactivate')
    fields.push({ path: 'active', before: false, after: true })
  if (granted.wish.action === 'create' && isUser) {
    fields.push({ path: 'active', before: null, after: true })
  }
  if (difference.externalAccountId) {
    fields.push({
      path: 'ExternalAccountId',
      before: account?.externalAccountId ?? null,
      after: desired.identifier,
    })
  }
  const carriesExtension = granted.wish.action === 'create' || touchesExtension(granted, difference)
  if (isUser && policy.ssoAccountKey === 'object_id' && carriesExtension) {
    fields.push({ path: 'SsoAccountKey', before: null, after: maskedKey })
  }
  return fields
}

/** What a create shows as its difference: everything that it sets. */
export function differenceOfCreate(
  granted: GrantedWish,
  delegates: DelegateComparison,
  policy: Policy,
): Difference {
  return {
    address: true,
    displayName: true,
    aliases: granted.aliases.length > 0,
    delegates: delegates.wanted.length > 0,
    externalAccountId: policy.writeIdentifiers,
  }
}
