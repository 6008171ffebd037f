import type { RunJson } from '../../core/api/run.ts'
import type { RunFlags } from '../../core/model/run.ts'
import { compare } from '../oracle/compare.ts'
import { type Before, healthyUpstream } from '../oracle/model.ts'
import { expectedFinalState } from '../oracle/oracle.ts'
import { DemoError } from './demo-error.ts'
import { must, play, playLeftover, type Scene, type Stage, type Told } from './scene.ts'
import { counted } from './words.ts'

const sync: Partial<RunFlags> = { perform_sync: true }
const allowedSync: Partial<RunFlags> = { perform_sync: true, allow_large_sync: true }

/**
 * Tells a first sync as an administrator goes about it: look, try, allow, and see that nothing is left to do.
 * @throws DemoError when something does not come out so
 */
export async function firstSync(stage: Stage): Promise<Scene> {
  await play(stage, 'Preview', {}, tellPreview)
  await play(stage, 'First sync', sync, tellBlocked)
  const before = await stateBefore(stage)
  const first = await play(stage, 'First sync, allowed', allowedSync, tellApplied)
  await check(stage, before)
  await play(stage, 'Second sync', sync, tellNothingToDo)
  return first
}

/**
 * A further start on the same data. Whatever was changed in the simulated tenant meanwhile is brought over; usually that
 * is nothing. @throws DemoError when something is left to do after it
 */
export async function laterSync(stage: Stage): Promise<Scene> {
  await playLeftover(stage)
  const before = await stateBefore(stage)
  const first = await play(stage, 'Sync', sync, tellAny)
  if (first.changes.length === 0) return first
  const ending =
    first.run.status === 'blocked'
      ? await play(stage, 'Sync, allowed', allowedSync, tellApplied)
      : first
  await check(stage, before)
  await play(stage, 'Second sync', sync, tellNothingToDo)
  return ending
}

function tellPreview({ run, changes, writes, rowsAdded }: Scene): Told {
  must(run.status === 'succeeded', `The preview ${endOf(run)}.`)
  must(writes === 0, `A preview writes nothing, but ${counted(writes, 'write')} reached Zivver.`)
  must(rowsAdded === 0, `A preview links nothing, but ${rowsAdded} mapping rows came up.`)
  return { text: `a sync would make ${counted(changes.length, 'change')}; nothing was written` }
}

function tellBlocked({ run, writes, rowsAdded }: Scene): Told {
  const { changed, total, limit_percent } = run.guard
  must(run.status === 'blocked', `The guard must block this sync, but it ${endOf(run)}.`)
  must(writes + rowsAdded === 0, `A blocked run writes nothing, but ${writes} writes were made.`)
  return {
    text: 'blocked by the large-change guard; nothing was written',
    note: `${changed} accounts would change, Zivver has ${total}, and the limit is ${limit_percent} %: somebody must say yes`,
  }
}

function tellApplied({ run, changes, writes, throttled }: Scene): Told {
  const failed = changes.filter(({ status }) => status !== 'applied')
  must(run.status === 'succeeded', `The sync ${endOf(run)}.`)
  must(failed.length === 0, `${failed.length} changes were not applied.`)
  must(throttled === 0, `Zivver refused ${throttled} calls because they came too fast.`)
  return {
    text: `${counted(changes.length, 'change')} applied, with ${counted(writes, 'write')} in Zivver`,
  }
}

function tellNothingToDo({ run, changes, writes }: Scene): Told {
  must(run.status === 'succeeded', `The sync ${endOf(run)}.`)
  must(changes.length === 0, `Nothing should be left to do, but ${changes.length} changes were.`)
  must(writes === 0, `There was nothing to do, but ${counted(writes, 'write')} reached Zivver.`)
  return { text: `nothing to do; ${run.counts.unchanged} accounts are in step` }
}

function endOf({ status, error }: RunJson): string {
  return `ended as ${status}${error === null ? '' : `: ${error.code}, ${error.message}`}`
}

/** The first run on data of an earlier start. */
function tellAny(scene: Scene): Told {
  if (scene.changes.length === 0) return tellNothingToDo(scene)
  return scene.run.status === 'blocked' ? tellBlocked(scene) : tellApplied(scene)
}

async function stateBefore({ world }: Stage): Promise<Before> {
  return {
    tenant: structuredClone(world.microsoft365.tenant.toJSON()),
    accounts: world.zivver.state.views(),
    rows: await world.mappings(),
    settings: {
      includedDomains: world.state.includedDomains,
      ssoAccountKey: 'object_id',
      sourceFilter: [],
      nestedGroups: false,
      targetFilter: [],
      notPermitted: [],
      reactivate: 'ours',
      delegates: true,
      writeIdentifiers: true,
    },
    flags: { resetAccountMapping: false, relink: [] },
    upstream: { ...healthyUpstream, guests: world.state.guests },
  }
}

/** Holds the accounts and links against what the tests' oracle works out from the mailboxes, without the app's code. */
async function check({ world, terminal }: Stage, before: Before): Promise<void> {
  const task = terminal.begin('Check')
  const expected = expectedFinalState(before)
  const actual = { accounts: world.zivver.state.views(), rows: await world.mappings() }
  const differences = compare(expected, actual)
  if (differences.length > 0) {
    task.failed('not as it should be')
    throw new DemoError(`Not as the mailboxes say: ${differences.join('; ')}`)
  }
  const { accounts, rows } = actual
  task.done(
    `${counted(accounts.length, 'account')} and ${counted(rows.length, 'link')} are as an independent calculation wants them`,
  )
}
