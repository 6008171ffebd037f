import { fold } from '../model/address.ts'
import {
  type Delegation,
  type DirectoryGroup,
  type FullAccessReading,
  kindOfMailbox,
  type Mailbox,
  type Trustee,
} from '../model/mailbox.ts'
import { delegationOf } from '../source/delegation.ts'
import { groupExpander } from '../source/groups.ts'
import { judgeLookUp } from '../source/look-up.ts'
import type { IdentifiedMailbox } from '../source/scope.ts'
import { eachTrustee, type Resolution, TrusteeIndex } from '../source/trustees.ts'
import { type GroupReader, graphCallsAtOnce } from './group-reader.ts'
import type { SnapshotContext } from './options.ts'

/** The tenant as far as delegations need it. */
export interface DelegationSource {
  readonly mailboxes: readonly Mailbox[]
  /** By identifier. */
  readonly mailboxesById: ReadonlyMap<string, Mailbox>
  readonly inScope: readonly IdentifiedMailbox[]
  readonly mailGroups: readonly DirectoryGroup[]
  /** By identifier, one for each mailbox in scope. */
  readonly readings: ReadonlyMap<string, FullAccessReading>
}

/**
 * Turns Full Access readings into delegations: looks up, once per distinct text, who the lists do not know, and reads
 * the members of every group that is a trustee.
 * @returns by identifier, for every mailbox in scope
 * @throws SyncError `GRAPH_*`, `EXCHANGE_*`, `SOURCE_UNREACHABLE`; LongWait; whatever the checkpoint throws
 */
export async function readDelegations(
  context: SnapshotContext,
  groups: GroupReader,
  source: DelegationSource,
): Promise<ReadonlyMap<string, Delegation>> {
  const resolve = await resolveTrustees(context, source)
  const inScopeUsers = userIdentifiers(source.inScope)
  const members = await groups.read(groupsAmong(source.readings, resolve))
  const expandGroup = groupExpander(members, inScopeUsers, context.options)
  const delegations = new Map<string, Delegation>()
  for (const [identifier, reading] of source.readings) {
    delegations.set(identifier, delegationOf(reading, { resolve, expandGroup, inScopeUsers }))
  }
  return delegations
}

/**
 * A head start for `readDelegations`, while the last mailboxes are still read: the members of the groups that are
 * trustees of what is read so far. `groups` keeps them; nothing is concluded from them.
 * @throws what `groups.read` throws
 */
export async function readGroupsAhead(
  groups: GroupReader,
  {
    readings,
    mailboxes,
    mailGroups,
  }: Pick<DelegationSource, 'readings' | 'mailboxes' | 'mailGroups'>,
): Promise<void> {
  const index = new TrusteeIndex(readings, mailboxes, mailGroups)
  await groups.read(groupsAmong(readings, (trustee) => index.resolve(trustee)))
}

function groupsAmong(
  readings: ReadonlyMap<string, FullAccessReading>,
  resolve: (trustee: Trustee) => Resolution,
): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const trustee of eachTrustee(readings)) {
    const resolution = resolve(trustee)
    if (resolution.kind === 'group') ids.add(resolution.id)
  }
  return ids
}

async function resolveTrustees(
  context: SnapshotContext,
  { mailboxes, mailboxesById, mailGroups, readings }: DelegationSource,
): Promise<(trustee: Trustee) => Resolution> {
  const index = new TrusteeIndex(readings, mailboxes, mailGroups)
  const lookedUp = await lookUpAll(context, unresolvedTexts(readings, index), mailboxesById)
  return (trustee) => {
    const resolution = index.resolve(trustee)
    if (resolution.kind !== 'unresolved') return resolution
    return lookedUp.get(fold(trustee.text)) ?? resolution
  }
}

/** Texts that the index does not know, each form once. */
function unresolvedTexts(
  readings: ReadonlyMap<string, FullAccessReading>,
  index: TrusteeIndex,
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const trustee of eachTrustee(readings)) {
    if (index.resolve(trustee).kind !== 'unresolved') continue
    const form = fold(trustee.text)
    if (!texts.has(form)) texts.set(form, trustee.text.trim())
  }
  return texts
}

/** Graph first, because it is cheap; `Get-Recipient` only for what Graph does not know. */
async function lookUpAll(
  { ports, options, tasks }: SnapshotContext,
  texts: ReadonlyMap<string, string>,
  mailboxesById: DelegationSource['mailboxesById'],
): Promise<ReadonlyMap<string, Resolution>> {
  if (texts.size === 0) return new Map()
  const entries = await tasks.map([...texts], graphCallsAtOnce, async ([form, text]) => {
    await options.checkpoint()
    const object = await ports.directory.findObject(text)
    const recipient = object === null ? await ports.source.findRecipient(text) : null
    const resolution = judgeLookUp({ object, recipient }, (id) => mailboxesById.get(id))
    return [form, resolution] as const
  })
  return new Map(entries)
}

function userIdentifiers(mailboxes: readonly IdentifiedMailbox[]): ReadonlySet<string> {
  const users = mailboxes.filter(
    ({ recipientTypeDetails }) => kindOfMailbox(recipientTypeDetails) === 'user',
  )
  return new Set(users.map(({ identifier }) => identifier))
}
