/** What holds for every run, whatever the oracle says about its end. Each function returns sentences; none = it holds. */
import type { JournalChange } from '../../core/model/change.ts'
import { sealComplete } from '../../core/model/complete.ts'
import type { Snapshot } from '../../core/model/plan.ts'
import { buildPlan } from '../../core/plan/plan.ts'
import type { Before } from '../oracle/model.ts'
import { mailboxesOf, sourceFilter } from '../oracle/scope.ts'
import type { Random } from '../simulators/shared/random.ts'
import type { Account } from '../simulators/zivver/account.ts'
import type { PlanFlags, RunEnd, World } from './world.ts'

/** The same input in any order gives the same plan. */
function faultsOfShuffling({ lastPlanned }: World, random: Random): string[] {
  if (lastPlanned === null) return []
  const { snapshot, policy } = lastPlanned
  const [one, other] = [snapshot, shuffled(snapshot, random)].map((each) =>
    JSON.stringify(buildPlan(each, policy)),
  )
  return one === other ? [] : ['the plan depends on the order of its input']
}

function shuffled(snapshot: Snapshot, random: Random): Snapshot {
  const { mailboxes, accounts, mappings, delegations } = snapshot
  return {
    ...snapshot,
    mailboxes: sealComplete(random.shuffle(mailboxes)),
    accounts: sealComplete(random.shuffle(accounts)),
    mappings: sealComplete(random.shuffle(mappings)),
    delegations: delegations && new Map(random.shuffle([...delegations])),
  }
}

/** A preview writes nothing, in Zivver or in the table, and does not depend on the order of lists. */
export async function faultsOfPreview(
  world: World,
  flags: PlanFlags,
  random: Random,
): Promise<{ preview: RunEnd; faults: string[] }> {
  world.zivver.api.log.clear()
  const before = stateOf(world)
  const preview = await world.preview(flags)
  const isUntouched = stateOf(world) === before && world.zivver.api.log.writes.length === 0
  const faults = isUntouched ? [] : ['the preview changed something']
  return { preview, faults: [...faults, ...faultsOfShuffling(world, random)] }
}

function stateOf(world: World): string {
  return JSON.stringify([[...world.zivver.organisation.accounts.values()], world.actual().rows])
}

/** What a plan shows: the same in a preview and in the sync after it. */
export function summary({ changes }: RunEnd): string {
  return JSON.stringify(
    changes.map(({ action, address, identifier, fields }) => [action, address, identifier, fields]),
  )
}

/** The next run finds nothing to do; after a failed write, or a reset, it may go on. */
export async function faultsOfRest(
  world: World,
  sync: RunEnd,
  { reset_account_mapping: isReset }: PlanFlags,
): Promise<string[]> {
  const { log } = world.zivver.api
  log.clear()
  const again = await world.sync({ relink: [], reset_account_mapping: false })
  if (isReset || sync.changes.some(({ status }) => status === 'failed')) return []
  const open = again.changes.filter(({ status }) => status !== 'deferred')
  return [
    ...log.writes.map(({ method, id }) => `the next run sent ${method} for ${id}`),
    ...open.map(
      ({ action, address, reason, fields }) =>
        `the next run would ${action} ${address} (${reason}): ${JSON.stringify(fields)}`,
    ),
  ]
}

/** How a sync run behaves towards Zivver. */
export function faultsOfSync(world: World, before: Before, sync: RunEnd): string[] {
  return [
    ...world.zivver.api.log.violations.map(({ message }) => message),
    ...refusedWrites(world),
    ...wrongSuspensions(before, sync.changes),
    ...writesPerChange(world, sync.changes),
    ...(world.circumstances.settings.ssoAccountKey === 'object_id' ? faultsOfKeys(world) : []),
  ]
}

/**
 * Only what Zivver alone can know may be refused: a guest; an address outside the organisation, and then the write
 * that counted on an address which thereby did not become free.
 */
function refusedWrites({ zivver, circumstances }: World): string[] {
  const { outsideOrganization } = circumstances.upstream
  const known =
    outsideOrganization.length > 0
      ? /is a guest|outside the organization|already taken/
      : /is a guest/
  return zivver.api.log.writes
    .filter(({ outcome, message }) => outcome === 'refused' && !known.test(message ?? ''))
    .map(({ method, body, message }) => `refused: ${method} ${JSON.stringify(body)}: ${message}`)
}

function wrongSuspensions(before: Before, changes: readonly JournalChange[]): string[] {
  const filter = sourceFilter(before)
  if (filter.refused !== null) return []
  const inScope = mailboxesOf(before, filter.members).filter((mailbox) => mailbox.inScope)
  const identifiers = new Set(inScope.map(({ identifier }) => identifier))
  return changes
    .filter(({ action, identifier }) => action === 'suspend' && identifiers.has(identifier))
    .map(({ address }) => `${address} was suspended, and its mailbox is in scope`)
}

/**
 * One write for each step (but for a group that is emptied because none of its new members could be made), and none
 * for an account without a change. A refused write is no write.
 */
function writesPerChange({ zivver }: World, changes: readonly JournalChange[]): string[] {
  const steps = new Map(
    changes
      .filter(({ status }) => status !== 'deferred')
      .map(({ scimId, work }) => [scimId, work.steps.length]),
  )
  const applied = zivver.api.log.writes.filter(({ outcome }) => outcome === 'applied')
  const isEmptied = (id: string | null) =>
    applied.some((write) => write.id === id && write.method === 'PATCH')
  return [...Map.groupBy(applied, ({ id }) => id)]
    .filter(([id, writes]) => writes.length !== steps.get(id))
    .filter(([id, writes]) => !isEmptied(id) || writes.length - 1 !== steps.get(id))
    .map(([id, writes]) => `${id} was written ${writes.length} times, not ${steps.get(id)}`)
}

function faultsOfKeys({ zivver }: World): string[] {
  return [...zivver.organisation.accounts.values()]
    .filter(({ ssoBroken }: Account) => ssoBroken)
    .map(({ address }) => `${address} can no longer log in by SSO`)
}
