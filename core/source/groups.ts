import type { DirectoryMember } from '../model/mailbox.ts'

/** One group's direct members, or why nobody can tell who they are (which is never "nobody"). */
export type GroupReading =
  | { readonly status: 'read'; readonly members: readonly DirectoryMember[] }
  | { readonly status: 'unreadable'; readonly reason: string }

/** Who stands behind a group. */
export interface GroupExpansion {
  /** Object ids of members that are not groups themselves. */
  readonly members: ReadonlySet<string>
  /** Why a part of the members is unknown, once for each unreadable group. */
  readonly unreadable: readonly string[]
}

export interface GroupExpansionOptions {
  /** `NESTED_GROUPS`: also the members of groups inside, however deep. */
  readonly nestedGroups: boolean
}

/**
 * The members of a group: the direct ones, or with `nestedGroups` all. A group that contains itself, at whatever
 * distance, is entered once.
 */
export function expandGroup(
  groupId: string,
  readings: ReadonlyMap<string, GroupReading>,
  { nestedGroups }: GroupExpansionOptions,
): GroupExpansion {
  const members = new Set<string>()
  const unreadable: string[] = []
  const seen = new Set([groupId])
  // A Set is iterated in insertion order, and ids added on the way are visited too.
  for (const id of seen) {
    const reading = readings.get(id) ?? { status: 'unreadable', reason: 'it was not read' }
    if (reading.status === 'unreadable') {
      unreadable.push(id === groupId ? reading.reason : `group ${id} inside: ${reading.reason}`)
      continue
    }
    for (const member of reading.members) {
      if (member.type !== 'group') members.add(member.id)
      else if (nestedGroups) seen.add(member.id)
    }
  }
  return { members, unreadable: unreadable.sort() }
}

/**
 * `expandGroup` for trustees: expands each group once, and keeps only members who can be delegates.
 * @param candidates identifiers of the user mailboxes in scope
 */
export function groupExpander(
  readings: ReadonlyMap<string, GroupReading>,
  candidates: ReadonlySet<string>,
  options: GroupExpansionOptions,
): (groupId: string) => GroupExpansion {
  const expansions = new Map<string, GroupExpansion>()
  return (groupId) => {
    const known = expansions.get(groupId)
    if (known !== undefined) return known
    const { members, unreadable } = expandGroup(groupId, readings, options)
    const users = [...members].filter((member) => candidates.has(member))
    const expansion = { members: new Set(users), unreadable }
    expansions.set(groupId, expansion)
    return expansion
  }
}
