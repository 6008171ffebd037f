/**
 * Bodies of the writes: pure. Only what is in the write is sent, for what is absent stays as it is in Zivver; the Zivver
 * extension is always sent whole (reference zivver 6.3, 6.4, quirks Q1 and Q10; failure story 26).
 */
import type { AccountKind } from '../../model/mailbox.ts'
import type { ResolvedWrite } from '../../ports.ts'
import { coreSchema, patchOpSchema, zivverSchema } from './scim-schemas.ts'

export type ScimBody = Readonly<Record<string, unknown>>

/** The body of a POST or PUT; `schemas` lists exactly the schemas that the body has attributes of (RFC 7643, section 3). */
export function resourceBody(kind: AccountKind, write: ResolvedWrite): ScimBody {
  const extension = write.extension && extensionBody(kind, write.extension)
  return {
    schemas: extension ? [coreSchema[kind], zivverSchema[kind]] : [coreSchema[kind]],
    ...(kind === 'user' ? userAttributes(write) : groupAttributes(write)),
    ...(extension && { [zivverSchema[kind]]: extension }),
  }
}

/**
 * The body of the PATCH that empties a functional account: an empty list in a PUT does not (quirk Q4), and `remove`
 * drops all members, which is what is wanted here (quirk Q3).
 */
export function emptyMembersBody(): ScimBody {
  return { schemas: [patchOpSchema], Operations: [{ op: 'remove', path: 'members' }] }
}

function userAttributes(write: ResolvedWrite): ScimBody {
  return {
    ...(write.address !== undefined && { userName: write.address }),
    ...(write.displayName !== undefined && {
      name: { ...write.otherName, formatted: write.displayName },
    }),
    ...(write.active !== undefined && { active: write.active }),
  }
}

// A Group has no `active` (reference zivver 5.6), and its `externalId` is its address.
function groupAttributes(write: ResolvedWrite): ScimBody {
  return {
    ...(write.address !== undefined && { externalId: write.address }),
    ...(write.displayName !== undefined && { displayName: write.displayName }),
    ...(write.members !== undefined && { members: write.members.map((value) => ({ value })) }),
  }
}

function extensionBody(
  kind: AccountKind,
  extension: NonNullable<ResolvedWrite['extension']>,
): ScimBody {
  return {
    ...extension.other,
    aliases: extension.aliases,
    ...(kind === 'user' && extension.delegates && { delegates: extension.delegates }),
    ...(extension.externalAccountId !== null && { ExternalAccountId: extension.externalAccountId }),
    ...(kind === 'user' &&
      extension.ssoAccountKey !== null && { SsoAccountKey: extension.ssoAccountKey }),
  }
}
