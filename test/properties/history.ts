/** Attributes of accounts that Cloud Sync does not manage: whoever gave them, they must survive every write. */
import type { Random } from '../simulators/shared/random.ts'
import type { Account, AccountSeed } from '../simulators/zivver/account.ts'
import type { World } from './world.ts'

type History = Pick<Account, 'division' | 'otherExtension' | 'otherName' | 'phoneNumbers'>

/** An organizational unit that the simulated Zivver knows. */
export const otherDivision = 'noord.contoso.example'

/** An account as it may have come to be before our time. */
export function withHistory(account: AccountSeed, random: Random): AccountSeed {
  const often = <T>(some: T, none: T): T => (random.chance(0.4) ? some : none)
  const isUser = account.kind === 'user'
  return {
    ...account,
    division: often(otherDivision, '/'),
    otherExtension: often({ language: 'nl' }, {}),
    otherName: isUser ? often({ givenName: 'Anna', familyName: 'Vos' }, {}) : {},
    phoneNumbers: isUser ? often([{ value: '+31 20 555 0101', type: 'work' }], []) : [],
    ssoAccountKey: isUser ? often('a key from before', null) : null,
  }
}

/** By SCIM id, as text. */
export function histories({ zivver }: World): ReadonlyMap<string, string> {
  const { accounts } = zivver.organisation
  return new Map(
    [...accounts].map(([id, { division, otherExtension, otherName, phoneNumbers }]) => {
      const history: History = { division, otherExtension, otherName, phoneNumbers }
      return [id, JSON.stringify(history)]
    }),
  )
}

/** @param before `histories` before the run */
export function faultsOfHistory(world: World, before: ReadonlyMap<string, string>): string[] {
  const after = histories(world)
  return [...before]
    .filter(([id, history]) => after.get(id) !== history)
    .map(([id, history]) => `${id} had ${history} and has ${after.get(id)}`)
}
