import { isSyncError, type SyncError } from '../errors.ts'
import type { GroupReading } from '../source/groups.ts'
import type { SnapshotContext } from './options.ts'

/** Graph allows far more; this many hide its latency. */
export const graphCallsAtOnce = 8

/** Reads the members of groups, each group once in a run, whoever asks for it. */
export class GroupReader {
  readonly #context: SnapshotContext
  readonly #readings = new Map<string, GroupReading>()

  constructor(context: SnapshotContext) {
    this.#context = context
  }

  /**
   * Reads these groups, and with `NESTED_GROUPS` all groups inside them, one level after the other.
   * @param forbiddenIs what a missing right is: an error that ends the run, or something about the one group
   * @returns every reading made so far, by object id; a definite refusal for one group is `unreadable`
   * @throws SyncError `GRAPH_*`, `SOURCE_UNREACHABLE`; whatever the checkpoint throws
   */
  async read(
    groupIds: Iterable<string>,
    { forbiddenIs = 'error' }: { readonly forbiddenIs?: 'error' | 'unreadable' } = {},
  ): Promise<ReadonlyMap<string, GroupReading>> {
    const { options, tasks } = this.#context
    let level = this.#unread(groupIds)
    while (level.length > 0) {
      const readings = await tasks.map(level, graphCallsAtOnce, (id) =>
        this.#readGroup(id, forbiddenIs),
      )
      for (const [index, id] of level.entries()) {
        const reading = readings[index]
        if (reading !== undefined) this.#readings.set(id, reading)
      }
      level = options.nestedGroups ? this.#unread(readings.flatMap(groupsInside)) : []
    }
    return this.#readings
  }

  #unread(groupIds: Iterable<string>): string[] {
    return [...new Set(groupIds)].filter((id) => !this.#readings.has(id))
  }

  async #readGroup(id: string, forbiddenIs: 'error' | 'unreadable'): Promise<GroupReading> {
    const { ports, options } = this.#context
    await options.checkpoint()
    try {
      const members = await ports.directory.listMembers(id)
      return members.length > 0 ? { status: 'read', members } : await this.#readEmptyGroup(id)
    } catch (error) {
      const isAboutGroup = isSyncError(error) && error.code === 'SOURCE_FILTER_UNREADABLE'
      if (!isAboutGroup && !(isForbidden(error) && forbiddenIs === 'unreadable')) throw error
      return { status: 'unreadable', reason: error.message }
    }
  }

  /** A group with hidden membership looks empty without `Member.Read.Hidden` (reference/exchange-and-graph.md 5.2). */
  async #readEmptyGroup(id: string): Promise<GroupReading> {
    const group = await this.#context.ports.directory.readGroup(id)
    if (group === null) return { status: 'unreadable', reason: 'the group does not exist any more' }
    if (!group.hiddenMembership) return { status: 'read', members: [] }
    return {
      status: 'unreadable',
      reason:
        'its membership is hidden and it looks empty: grant the permission Member.Read.Hidden',
    }
  }
}

/** True for a refusal for want of a right. */
export function isForbidden(error: unknown): error is SyncError {
  return isSyncError(error) && error.code === 'GRAPH_FORBIDDEN'
}

function groupsInside(reading: GroupReading): string[] {
  if (reading.status === 'unreadable') return []
  return reading.members.filter(({ type }) => type === 'group').map(({ id }) => id)
}
