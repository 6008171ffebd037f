import { SyncError } from '../errors.ts'
import type { FilterGroupSize } from '../model/run.ts'
import type { Warning } from '../model/warning.ts'
import { judgeFilter } from '../source/filter.ts'
import { type GroupReader, isForbidden } from './group-reader.ts'
import type { SnapshotContext } from './options.ts'

/** Who may be synchronised. */
export interface SourceFilter {
  /** Object ids, lower case; `null` = no source filter. */
  readonly members: ReadonlySet<string> | null
  readonly groups: readonly FilterGroupSize[]
  readonly warnings: readonly Warning[]
}

/**
 * Reads the groups of `SOURCE_FILTER` (contract, section 4).
 * @throws SyncError `SOURCE_FILTER_UNREADABLE` (a missing right included: a group that cannot be read never means
 * "nobody"), `SOURCE_FILTER_EMPTY`, `GRAPH_UNAUTHORIZED`, `SOURCE_UNREACHABLE`
 */
export async function readSourceFilter(
  { ports, options, tasks }: SnapshotContext,
  groups: GroupReader,
): Promise<SourceFilter> {
  const { sourceFilter, nestedGroups } = options
  if (sourceFilter.length === 0) return { members: null, groups: [], warnings: [] }
  // All at once: the directory answers for many groups with one call where it can.
  const filter = await tasks.map(sourceFilter, sourceFilter.length, async (id) => ({
    id,
    group: await ports.directory.readGroup(id).catch(refuseUnreadable),
  }))
  const existing = filter.filter(({ group }) => group !== null).map(({ id }) => id)
  const readings = await groups.read(existing, { forbiddenIs: 'unreadable' })
  const verdict = judgeFilter(filter, readings, { nestedGroups })
  if (verdict.status === 'unusable') throw new SyncError(verdict.code, verdict.message)
  return verdict
}

// Said where it happens: the first failure of any task ends the snapshot as it is.
function refuseUnreadable(error: unknown): never {
  if (!isForbidden(error)) throw error
  const message = `a group of the source filter cannot be read: ${error.message}`
  throw new SyncError('SOURCE_FILTER_UNREADABLE', message, { cause: error })
}
