import type { Account, AccountKind } from './account.ts'
import type { Options } from './options.ts'
import type { Organisation } from './organisation.ts'
import { urns } from './payloads.ts'

/** Path segment and `resourceType` of each kind. */
export const resourceTypes = {
  user: { endpoint: 'Users', name: 'User', address: 'userName' },
  functional: { endpoint: 'Groups', name: 'Group', address: 'externalId' },
} as const satisfies Record<AccountKind, object>

/** `meta.location`, which lacks the `/api` of the real path (reference 6.3). */
export function locationOf({ kind, id }: Account): string {
  return `/scim/v2/${resourceTypes[kind].endpoint}/${id}`
}

/** An account as the API shows it: never with `SsoAccountKey` (Q2). */
export function scimResource(
  account: Account,
  organisation: Organisation,
  { addressCase }: Options,
): object {
  const show = addressCase === 'mixed' ? mixCase : (address: string) => address
  const common = {
    id: account.id,
    meta: {
      resourceType: resourceTypes[account.kind].name,
      created: account.created,
      location: locationOf(account),
    },
    // The User URN, on Groups too (Q11).
    [urns.enterpriseUser]: { division: account.division },
  }
  const extension = {
    ...account.otherExtension,
    aliases: account.aliases.map(show),
    ...(account.externalAccountId !== null && { ExternalAccountId: account.externalAccountId }),
  }
  if (account.kind === 'functional') {
    return {
      ...common,
      schemas: [urns.group, urns.zivverGroup, urns.enterpriseUser],
      externalId: show(account.address),
      displayName: account.displayName,
      members: account.delegates.map((value) => ({ value })),
      [urns.zivverGroup]: extension,
    }
  }
  return {
    ...common,
    schemas: [urns.user, urns.enterpriseUser, urns.zivverUser],
    userName: show(account.address),
    name: { ...account.otherName, formatted: account.displayName },
    phoneNumbers: account.phoneNumbers,
    active: account.active,
    [urns.zivverUser]: {
      ...extension,
      delegates: organisation.delegateAddresses(account).map(show),
    },
  }
}

function mixCase(address: string): string {
  return address.replace(/(^|[.@-])([a-z])/g, (found) => found.toUpperCase())
}
