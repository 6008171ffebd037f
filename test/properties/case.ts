import { compare } from '../oracle/compare.ts'
import { expectedFinalState } from '../oracle/oracle.ts'
import { createRandom, type Random } from '../simulators/shared/random.ts'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { randomMutations } from '../simulators/tenant/random-mutations.ts'
import { drawCircumstances } from './circumstances.ts'
import { applyHandEdits, odditiesByHand } from './hand-edits.ts'
import { faultsOfHistory, histories } from './history.ts'
import { faultsOfPreview, faultsOfRest, faultsOfSync, summary } from './invariants.ts'
import { type PlanFlags, type RunEnd, World } from './world.ts'

const rounds = 4

/** How a case went: what it came across, and its first round with a fault, if any. */
export interface CaseEnd {
  /** Actions, reasons and warnings of its plans, and purposes of its writes. */
  readonly seen: ReadonlySet<string>
  readonly failure: {
    readonly seed: number
    readonly round: number
    readonly happened: readonly string[]
    readonly faults: readonly string[]
  } | null
}

/**
 * One random tenant: a first sync on what Zivver holds already, then rounds of random changes on both sides. Each
 * sync must leave what the oracle says, and nothing to do for the next one.
 */
export async function runCase(seed: number): Promise<CaseEnd> {
  const random = createRandom(seed)
  const size = { mailboxes: random.integer(20, 60), awkward: 4, existingAccounts: 0.5 }
  const built = buildTenant({ seed, ...size })
  const world = new World(random, built, drawCircumstances(random, built))
  const seen = new Set<string>()
  let reused: readonly string[] = []
  for (let round = 0; round < rounds; round++) {
    const happened = round === 0 ? [] : change(world, random)
    const flags = drawFlags(random, reused)
    const { sync, faults } = await runRound(world, random, flags)
    for (const item of itemsOf(sync)) seen.add(item)
    reused = reusedAddresses(sync)
    if (faults.length > 0) {
      const { settings, upstream } = world.circumstances
      const context = [flags, settings, upstream].map((each) => JSON.stringify(each))
      return { seen, failure: { seed, round, happened: [...context, ...happened], faults } }
    }
  }
  return { seen, failure: null }
}

function change(world: World, random: Random): readonly string[] {
  const mutations = randomMutations(world.tenant, random, random.integer(3, 9))
  applyHandEdits(world.zivver.organisation, mutations)
  return [...mutations.map(({ text }) => text), ...odditiesByHand(world, random)]
}

/** Now and then an administrator lets accounts pass to other mailboxes, or starts afresh. */
function drawFlags(random: Random, reused: readonly string[]): PlanFlags {
  return {
    relink: reused.filter(() => random.chance(0.5)),
    reset_account_mapping: random.chance(0.05),
  }
}

async function runRound(world: World, random: Random, flags: PlanFlags) {
  const before = world.before(flags)
  const expected = expectedFinalState(before)
  const { preview, faults } = await faultsOfPreview(world, flags, random)
  const history = histories(world)
  const sync = await world.sync(flags)
  faults.push(
    ...(sync.error === expected.refused ? [] : [`the run ended with ${sync.error}`]),
    ...(summary(preview) === summary(sync) ? [] : ['the preview shows another plan']),
    ...compare(expected, world.actual()),
    ...faultsOfSync(world, before, sync),
    ...faultsOfHistory(world, history),
    ...(await faultsOfRest(world, sync, flags)),
  )
  return { sync, faults }
}

function itemsOf({ changes, warnings, error }: RunEnd): readonly string[] {
  return [
    error ?? 'no error',
    ...warnings.map(({ code }) => code),
    ...changes.flatMap(({ action, reason, status, work }) => [
      action,
      reason,
      status,
      ...work.steps.map(({ purpose }) => purpose),
    ]),
  ]
}

function reusedAddresses({ warnings }: RunEnd): readonly string[] {
  return warnings.flatMap(({ code, address }) =>
    code === 'ADDRESS_REUSED' && address !== undefined ? [address] : [],
  )
}
