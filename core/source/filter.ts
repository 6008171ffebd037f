import type { ErrorCode } from '../errors.ts'
import type { DirectoryGroup } from '../model/mailbox.ts'
import type { FilterGroupSize } from '../model/run.ts'
import type { Warning } from '../model/warning.ts'
import { expandGroup, type GroupExpansionOptions, type GroupReading } from './groups.ts'

/** Who the source filter lets in, or why it cannot be used (it never means "nobody"; contract, section 4). */
export type FilterVerdict =
  | {
      readonly status: 'usable'
      /** Object ids, lower case. */
      readonly members: ReadonlySet<string>
      /** How many each group lets in, in the order of the setting. */
      readonly groups: readonly FilterGroupSize[]
      readonly warnings: readonly Warning[]
    }
  | {
      readonly status: 'unusable'
      readonly code: Extract<ErrorCode, 'SOURCE_FILTER_UNREADABLE' | 'SOURCE_FILTER_EMPTY'>
      readonly message: string
    }

/** One group of the source filter as it was read; `group` is `null` when Graph does not know it. */
export interface FilterGroup {
  readonly id: string
  readonly group: DirectoryGroup | null
}

/** Judges the groups of `SOURCE_FILTER` in their order; the first unusable one decides. */
export function judgeFilter(
  filter: readonly FilterGroup[],
  readings: ReadonlyMap<string, GroupReading>,
  options: GroupExpansionOptions,
): FilterVerdict {
  const members = new Set<string>()
  const groups: FilterGroupSize[] = []
  const warnings: Warning[] = []
  for (const { id, group } of filter) {
    if (group === null) return unreadable(id, doesNotExist)
    const name = `"${group.displayName}" (${id})`
    const reading = readings.get(id)
    if (reading?.status === 'read' && reading.members.length === 0) return empty(name)
    const expansion = expandGroup(id, readings, options)
    const [fault] = expansion.unreadable
    if (fault !== undefined) return unreadable(name, fault)
    if (expansion.members.size === 0) {
      if (options.nestedGroups) return empty(name)
      warnings.push(nestedOnly(name))
    }
    for (const member of expansion.members) members.add(member)
    groups.push({ id, name: group.displayName, members: expansion.members.size })
  }
  return { status: 'usable', members, groups, warnings }
}

const doesNotExist =
  'Graph knows no such group. A dynamic distribution group is not in Graph and cannot be a source filter: ' +
  'use a Microsoft 365, security, mail-enabled security or distribution group'

function unreadable(group: string, reason: string): FilterVerdict {
  return {
    status: 'unusable',
    code: 'SOURCE_FILTER_UNREADABLE',
    message: `source filter group ${group} cannot be read: ${reason}`,
  }
}

function empty(group: string): FilterVerdict {
  return {
    status: 'unusable',
    code: 'SOURCE_FILTER_EMPTY',
    message: `source filter group ${group} has no members; a source filter never means "nobody"`,
  }
}

function nestedOnly(group: string): Warning {
  return {
    code: 'SOURCE_FILTER_NESTED_ONLY',
    message: `source filter group ${group} has only other groups as members and CLOUD_SYNC__NESTED_GROUPS is off: it lets nobody in`,
  }
}
