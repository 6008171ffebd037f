import { byText, fold } from '../model/address.ts'
import type { Trustee } from '../model/mailbox.ts'

/** One row of `Get-MailboxPermission`, as Exchange gives it. */
export interface PermissionEntry {
  /** `User`: a UPN, an address, a name, or a raw SID. */
  readonly user: string
  /** `UserSid`, or `''`. */
  readonly userSid: string
  /** Each element may hold several rights, joined by commas. */
  readonly accessRights: readonly string[]
  readonly deny: boolean
  readonly isInherited: boolean
}

/** The well-known SID of SELF; its name is localised, the SID is not. */
const selfSid = 'S-1-5-10'

/**
 * The trustees that hold Full Access of a mailbox (contract, section 5; reference 4.3):
 *
 * | row | counts |
 * |---|---|
 * | allow, direct, `FullAccess` among the rights | yes |
 * | other rights only | no |
 * | inherited (a default of the system) | no, and an inherited deny suppresses nothing |
 * | SELF: by SID, or by the prefix `NT AUTHORITY\` | no |
 * | direct deny of `FullAccess` | suppresses the allow of the same trustee |
 *
 * @returns each trustee once, sorted by text
 */
export function fullAccessTrustees(entries: readonly PermissionEntry[]): readonly Trustee[] {
  const direct = entries.filter((entry) => !entry.isInherited && !isSelf(entry) && isFull(entry))
  const denied = direct.filter((entry) => entry.deny)
  const allowed = direct.filter(
    (entry) => !entry.deny && !denied.some((deny) => isSameTrustee(deny, entry)),
  )
  const trustees = allowed
    .map(({ user, userSid }): Trustee => ({ text: user, sid: userSid }))
    .sort((left, right) => byText(left.text, right.text) || byText(left.sid, right.sid))
  return [...new Map(trustees.map((one) => [`${fold(one.text)}\n${one.sid}`, one])).values()]
}

function isFull({ accessRights }: PermissionEntry): boolean {
  const rights = accessRights.flatMap((joined) => joined.split(','))
  return rights.some((right) => fold(right) === 'fullaccess')
}

function isSelf({ user, userSid }: PermissionEntry): boolean {
  return userSid === selfSid || fold(user).startsWith('nt authority\\')
}

// Two names can share a text, never a SID; the text decides only where a row has no SID.
function isSameTrustee(left: PermissionEntry, right: PermissionEntry): boolean {
  return left.userSid !== '' && right.userSid !== ''
    ? left.userSid === right.userSid
    : fold(left.user) === fold(right.user)
}
