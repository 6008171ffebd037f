/** Schema URNs of Zivver's SCIM resources and messages (RFC 7643, RFC 7644, reference zivver 6.3 and 6.4). */
import type { AccountKind } from '../../model/mailbox.ts'

export const coreSchema: Readonly<Record<AccountKind, string>> = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  functional: 'urn:ietf:params:scim:schemas:core:2.0:Group',
}

export const zivverSchema = {
  user: 'urn:ietf:params:scim:schemas:zivver:0.1:User',
  functional: 'urn:ietf:params:scim:schemas:zivver:0.1:Group',
} as const satisfies Record<AccountKind, string>

export const patchOpSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** The endpoint of a kind of account, below the base URL (RFC 7644, section 3.2). */
export const endpoint: Readonly<Record<AccountKind, string>> = {
  user: '/Users',
  functional: '/Groups',
}
