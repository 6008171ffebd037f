import { SyncError } from '../errors.ts'
import type { Account } from '../model/account.ts'
import { byText } from '../model/address.ts'
import type { Complete } from '../model/complete.ts'
import type { DirectoryGroup, FullAccessReading, Mailbox } from '../model/mailbox.ts'
import type { MappingRow } from '../model/mapping.ts'
import type { Snapshot } from '../model/plan.ts'
import type { FilterGroupSize } from '../model/run.ts'
import type { Warning } from '../model/warning.ts'
import { type IdentifiedMailbox, isInScope } from '../source/scope.ts'
import { confirmAbsentMailboxes, confirmGoneAccounts, refuseForeignTarget } from './absence.ts'
import { byIdentifier, byScimId } from './by-id.ts'
import { readDelegations, readGroupsAhead } from './delegations.ts'
import { FullAccessReader } from './full-access-reader.ts'
import { GroupReader } from './group-reader.ts'
import type { SnapshotContext, SnapshotOptions, SnapshotPorts } from './options.ts'
import { shareTexts } from './shared-texts.ts'
import { readSourceFilter, type SourceFilter } from './source-filter.ts'
import { TaskGroup } from './task-group.ts'

/** A complete snapshot, or `continue`: the permission readings of this slice are stored and the next one goes on. */
export type SnapshotOutcome =
  | {
      readonly status: 'complete'
      readonly snapshot: Snapshot
      /** For the report: a plan does not depend on them. */
      readonly filterGroups: readonly FilterGroupSize[]
    }
  | { readonly status: 'continue' }

/** What is read side by side, before anything is concluded from it. */
interface Lists {
  readonly filter: SourceFilter
  readonly mailboxes: Complete<Mailbox>
  readonly inScope: readonly IdentifiedMailbox[]
  readonly mailGroups: readonly DirectoryGroup[]
  readonly mappings: Complete<MappingRow>
  readonly accounts: Complete<Account>
  /** By identifier. */
  readonly mailboxesById: ReadonlyMap<string, Mailbox>
  /** By SCIM id. */
  readonly accountsById: ReadonlyMap<string, Account>
  readonly targetWarnings: readonly Warning[]
}

/**
 * Reads everything a plan is made from: the source filter, the mailboxes, their Full Access, Zivver's accounts and
 * the mapping rows, side by side; then resolves the trustees and proves what is missing (contract, sections 4 to 6
 * and 8).
 * @returns a snapshot whose every list is complete; `continue` when the deadline came first
 * @throws SyncError with the code of the call that failed first; LongWait, after what was read is stored; whatever the
 * checkpoint throws. No call is going on any more when it returns or throws.
 */
export async function readSnapshot(
  ports: SnapshotPorts,
  options: SnapshotOptions,
): Promise<SnapshotOutcome> {
  const context = { ports, options, tasks: new TaskGroup() }
  const groups = new GroupReader(context)
  const reader = options.delegates ? new FullAccessReader(context) : null
  const lists = await readLists(context, groups, reader)
  const readings = reader && readingsOf(lists.inScope, reader)
  const isUnread = lists.inScope.some(({ identifier }) => readings?.has(identifier) === false)
  // What follows cannot be stored half done: it gets a slice of its own when this one is used up by readings.
  const isUsedUp = (reader?.made ?? 0) > 0 && ports.clock.monotonic() >= options.deadline
  if (isUnread || isUsedUp) {
    const { runId } = options
    ports.logger.log('INFO', 'reading goes on in the next slice', {
      runId,
      readingsMade: reader?.made ?? 0,
    })
    return { status: 'continue' }
  }
  const proofs = await conclude(context, groups, lists, readings)
  const { filter, targetWarnings, mailboxes, mappings, accounts } = lists
  const warnings = [...filter.warnings, ...targetWarnings, ...reusedWarning(reader?.reused)]
  const snapshot: Snapshot = {
    mailboxes,
    accounts,
    mappings,
    filterMembers: filter.members,
    ...proofs,
    warnings: warnings.sort(byCode),
  }
  logSnapshot(context, snapshot, reader)
  return { status: 'complete', snapshot, filterGroups: filter.groups }
}

async function readLists(
  context: SnapshotContext,
  groups: GroupReader,
  reader: FullAccessReader | null,
): Promise<Lists> {
  const { ports, options, tasks } = context
  const filter = tasks.start(() => readSourceFilter(context, groups))
  const mailboxes = tasks.start(() => listMailboxes(context, filter, reader))
  const inScope = tasks.start(() => selectMailboxes(context, mailboxes, filter, reader))
  const mappings = tasks.start(() => ports.mappings.list())
  const target = tasks.start(() => listAccounts(context))
  const accountsById = tasks.start(async () => byScimId((await target).accounts))
  // Hours of permission readings may follow: nobody holds three copies of every text meanwhile.
  const people = tasks.start(async () => {
    const lists = {
      mailboxesById: byIdentifier(await mailboxes),
      accountsById: await accountsById,
      mappings: await mappings,
    }
    shareTexts(lists)
    return lists
  })
  const mailGroups = tasks.start(async () => (reader ? ports.directory.listMailGroups() : []))
  if (reader !== null) {
    void tasks.start(() => reader.run())
    void tasks.start(async () => {
      await reader.nearEnd
      if (tasks.hasFailed || ports.clock.monotonic() >= options.deadline) return
      const source = { mailboxes: await mailboxes, mailGroups: await mailGroups }
      await readGroupsAhead(groups, { ...source, readings: reader.readings })
    })
  }
  // A wrong key shows before hours of permission readings are spent on it.
  void tasks.start(async () => {
    const known = { mappings: await mappings, scimIds: await accountsById }
    if (!options.resetAccountMapping) refuseForeignTarget(known)
  })
  await tasks.end()
  const { accounts, warnings } = await target
  return {
    ...(await people),
    mailboxes: await mailboxes,
    accounts,
    inScope: await inScope,
    filter: await filter,
    mailGroups: await mailGroups,
    targetWarnings: warnings,
  }
}

async function listAccounts({ ports, options }: SnapshotContext) {
  const target = await ports.target.listAccounts(options.mayBegin)
  const { accounts } = target
  const users = accounts.filter(({ kind }) => kind === 'user').length
  ports.logger.log('INFO', `accounts listed: ${accounts.length} in Zivver`, {
    runId: options.runId,
    users,
    functional: accounts.length - users,
  })
  return target
}

/** Lists the mailboxes, and hands them to the reader as they arrive. */
async function listMailboxes(
  { ports, options }: SnapshotContext,
  filter: Promise<SourceFilter>,
  reader: FullAccessReader | null,
): Promise<Complete<Mailbox>> {
  const onMailboxes = (some: readonly Mailbox[]): void => {
    // A filter that failed ends the run by itself.
    void filter.then((read) => reader?.offer(select(some, read, options))).catch(() => undefined)
  }
  const mailboxes = await ports.source.listMailboxes(onMailboxes)
  if (mailboxes.length === 0) {
    throw new SyncError('SOURCE_EMPTY', 'Exchange lists no mailbox at all')
  }
  return mailboxes
}

/** Those of the list that are in scope; after them the reader gets no more. */
async function selectMailboxes(
  { ports, options }: SnapshotContext,
  listing: Promise<Complete<Mailbox>>,
  filter: Promise<SourceFilter>,
  reader: FullAccessReader | null,
): Promise<readonly IdentifiedMailbox[]> {
  try {
    const mailboxes = await listing
    const inScope = select(mailboxes, await filter, options)
    reader?.offer(inScope)
    const { runId } = options
    const message = `mailboxes listed: ${mailboxes.length} in Exchange Online`
    ports.logger.log('INFO', message, { runId, inScope: inScope.length })
    return inScope
  } finally {
    reader?.close()
  }
}

function select(
  mailboxes: readonly Mailbox[],
  { members }: SourceFilter,
  { includedDomains }: SnapshotOptions,
): IdentifiedMailbox[] {
  return mailboxes.filter((mailbox) =>
    isInScope(mailbox, { includedDomains, filterMembers: members }),
  )
}

/** Proves absence and resolves trustees, side by side. */
async function conclude(
  context: SnapshotContext,
  groups: GroupReader,
  lists: Lists,
  readings: ReadonlyMap<string, FullAccessReading> | null,
): Promise<Pick<Snapshot, 'absentIdentifiers' | 'goneScimIds' | 'delegations'>> {
  const { mappings, mailboxesById, accountsById } = lists
  const known = { mappings, scimIds: accountsById, identifiers: mailboxesById }
  const { tasks } = context
  const absent = tasks.start(() => confirmAbsentMailboxes(context, known))
  const gone = tasks.start(() => confirmGoneAccounts(context, known))
  const delegations = tasks.start(async () =>
    readings === null ? null : readDelegations(context, groups, { ...lists, readings }),
  )
  await tasks.end()
  return {
    absentIdentifiers: await absent,
    goneScimIds: await gone,
    delegations: await delegations,
  }
}

/** The readings of the mailboxes that are in scope after all, in the order of the list. */
function readingsOf(
  inScope: readonly IdentifiedMailbox[],
  reader: FullAccessReader,
): ReadonlyMap<string, FullAccessReading> {
  const readings = new Map<string, FullAccessReading>()
  for (const { identifier } of inScope) {
    const reading = reader.readings.get(identifier)
    if (reading !== undefined) readings.set(identifier, reading)
  }
  return readings
}

function reusedWarning(reused: FullAccessReader['reused'] | undefined): readonly Warning[] {
  if (reused === undefined || reused.count === 0) return []
  const message =
    `Full Access of ${reused.count} user mailboxes is taken from earlier readings; ` +
    `the oldest is ${reused.oldestHours.toFixed(1)} hours old`
  return [{ code: 'READINGS_REUSED', message }]
}

function byCode(left: Warning, right: Warning): number {
  return byText(left.code, right.code) || byText(left.message, right.message)
}

function logSnapshot(
  { ports, options }: SnapshotContext,
  snapshot: Snapshot,
  reader: FullAccessReader | null,
): void {
  ports.logger.log('INFO', 'everything is read', {
    runId: options.runId,
    mappings: snapshot.mappings.length,
    fullAccessOf: reader?.readings.size ?? 0,
    readInThisSlice: reader?.made ?? 0,
    ofEarlierRuns: reader?.reused.count ?? 0,
    absentMailboxes: snapshot.absentIdentifiers.size,
    goneAccounts: snapshot.goneScimIds.size,
  })
}
