import type { Rights } from '../settings.ts'
import type { ObjectType } from './directory-object.ts'

/** Application permissions that let the app read objects of a type (reference 5.8). */
const readers: Readonly<Record<ObjectType, readonly string[]>> = {
  user: ['User.Read.All', 'Directory.Read.All'],
  group: ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'],
  orgContact: ['OrgContact.Read.All', 'Directory.Read.All'],
  device: ['Device.Read.All', 'Directory.Read.All'],
  servicePrincipal: ['Application.Read.All', 'Directory.Read.All'],
}

/** True when objects of the type may be read with all their properties. */
export function mayRead(rights: Rights, type: ObjectType): boolean {
  return readers[type].some((role) => rights.graphRoles.includes(role))
}

/** True when members of groups with hidden membership may be listed. */
export function mayReadHidden(rights: Rights): boolean {
  return rights.graphRoles.includes('Member.Read.Hidden')
}
