/** Whether an answer to a write says what was written: success is what the target confirms (failure story 17). */
import type { AccountKind } from '../../model/mailbox.ts'
import type { ResolvedWrite } from '../../ports.ts'
import { addressPath, type ScimAttributes } from './scim-payloads.ts'

/**
 * Names of the attributes that were sent and that the answer carries with another value. What the answer does not
 * carry proves nothing, and the SSO account key never comes back (reference zivver 6.3).
 */
export function differingAttributes(
  kind: AccountKind,
  write: ResolvedWrite,
  answered: ScimAttributes,
): readonly string[] {
  const { extension } = write
  const delegates = kind === 'user' ? extension?.delegates : write.members
  const agreements: readonly (readonly [string, boolean])[] = [
    [addressPath(kind), agrees(write.address, answered.address, sameText)],
    [
      kind === 'user' ? 'name.formatted' : 'displayName',
      agrees(write.displayName, answered.displayName, sameName),
    ],
    ['active', kind !== 'user' || agrees(write.active, answered.active, Object.is)],
    ['aliases', agrees(extension?.aliases, answered.aliases, sameList)],
    [kind === 'user' ? 'delegates' : 'members', agrees(delegates, answered.delegates, sameList)],
    [
      'ExternalAccountId',
      agrees(extension?.externalAccountId ?? undefined, answered.externalAccountId, sameText),
    ],
  ]
  return agreements.filter(([, agreed]) => !agreed).map(([name]) => name)
}

function agrees<Sent, Answered>(
  sent: Sent | undefined,
  answered: Answered | undefined,
  same: (sent: Sent, answered: Answered) => boolean,
): boolean {
  return sent === undefined || answered === undefined || same(sent, answered)
}

function sameText(sent: string, answered: string | null): boolean {
  return answered !== null && sent.toLowerCase() === answered.toLowerCase()
}

function sameName(sent: string, answered: string): boolean {
  return sent.trim().normalize('NFC') === answered.trim().normalize('NFC')
}

function sameList(sent: readonly string[], answered: readonly string[]): boolean {
  return foldedList(sent) === foldedList(answered)
}

function foldedList(list: readonly string[]): string {
  return JSON.stringify([...new Set(list.map((item) => item.toLowerCase()))].sort())
}
