import { describe, expect, test } from 'vitest'
import { LongWait } from '../../core/errors.ts'
import { isFinal, type RunRecord } from '../../core/model/run.ts'
import type { MailboxSource } from '../../core/ports.ts'
import { createRandom } from '../simulators/shared/random.ts'
import { calmWorld } from './calm-world.ts'
import { drawTenant } from './draw.ts'
import type { Fault } from './faults.ts'
import { allProtections } from './protections.ts'
import type { SimWorld } from './sim-world.ts'

const hourMs = 3_600_000

/** A world in virtual time. */
function aWorld({
  delegates = false,
  source = (same) => same,
}: {
  readonly delegates?: boolean
  readonly source?: (source: MailboxSource) => MailboxSource
} = {}): SimWorld {
  const random = createRandom(5)
  const built = drawTenant(random)
  return calmWorld({
    random,
    built,
    settings: { delegates, sliceSeconds: 480 },
    protections: { ...allProtections, source },
  })
}

/** A sync, and how many hours it took until it ended. */
async function sync(world: SimWorld, faults: readonly Fault[] = []) {
  const known = new Set(world.shared.runs.rows.keys())
  const began = world.scheduler.now
  world.meet(faults)
  void world.request({ perform_sync: true, allow_large_sync: true })
  expect(await world.untilQuiet(400 * hourMs)).toBe(true)
  const runs = [...world.shared.runs.rows.values()].filter(({ id }) => !known.has(id))
  expect(runs.map(({ status }) => isFinal(status))).toEqual([true])
  const [run] = runs as [RunRecord]
  return { run, hours: (world.scheduler.now - began) / hourMs }
}

const throttled = (call: 'zivver_read' | 'zivver_write', times: number, hours: number): Fault => ({
  kind: 'throttled',
  at: { call, nth: 1 },
  times,
  retryAfter: hours * 3600,
})

/** Nothing is left of the run that would keep the next one from its work. */
async function expectNextToSucceed(world: SimWorld): Promise<void> {
  expect(world.violations).toEqual([])
  expect((await sync(world)).run.status).toBe('succeeded')
}

describe('story 20: a run that does not get on', () => {
  test('because Zivver answers each slice with a wait of hours is given up after a day, and says so', async () => {
    const world = aWorld()
    const { run, hours } = await sync(world, [throttled('zivver_read', 1000, 5)])
    expect(run).toMatchObject({ status: 'failed', report: { email: 'sent' } })
    expect(run.error).toEqual({
      code: 'RUN_STALLED',
      message: expect.stringMatching(
        /^no reading and no change was made since .*Z, and the run would wait \d+ s for Zivver's rate limit; a run is given up after 24 hours/,
      ),
    })
    expect(hours).toBeGreaterThan(19)
    expect(hours).toBeLessThan(24)
    expect(world.zivver.writes).toEqual([])
    await expectNextToSucceed(world)
  })

  test('because it is to wait for two days is given up at once, in the midst of writing too', async () => {
    const world = aWorld()
    const { run, hours } = await sync(world, [throttled('zivver_write', 1, 48)])
    expect(run).toMatchObject({ status: 'failed', error: { code: 'RUN_STALLED' } })
    expect(hours).toBeLessThan(1)
    // The pause that was asked for holds in this process as long as it lasts.
    world.scheduler.after(49 * hourMs, () => undefined)
    await world.scheduler.runUntil(() => world.scheduler.now > 50 * hourMs, 60 * hourMs)
    await expectNextToSucceed(world)
  })

  test('because its host dies in each slice is given up after a day', async () => {
    const world = aWorld()
    const crashes = Array.from(
      { length: 20 },
      (): Fault => ({
        kind: 'crash',
        at: { call: 'zivver_read', nth: 1 },
        moment: 'before',
        restartMs: 3 * hourMs,
      }),
    )
    const { run, hours } = await sync(world, crashes)
    expect(run).toMatchObject({ status: 'failed', error: { code: 'RUN_STALLED' } })
    expect(hours).toBeGreaterThan(24)
    expect(hours).toBeLessThan(30)
    world.meet([])
    await expectNextToSucceed(world)
  })
})

test('a run that gets on by one reading in each slice is left alone, for days', async () => {
  let readAt = Number.NEGATIVE_INFINITY
  const oneByOne = (source: MailboxSource): MailboxSource => ({
    preferredBatch: () => 1,
    parallelBatches: () => 1,
    listMailboxes: (onMailboxes) => source.listMailboxes(onMailboxes),
    findRecipient: (text) => source.findRecipient(text),
    probeMailboxes: (identifiers) => source.probeMailboxes(identifiers),
    readFullAccess: (mailboxes) => {
      if (world.scheduler.now < readAt + hourMs) throw new LongWait(20 * 3600, 'Exchange Online')
      readAt = world.scheduler.now
      return source.readFullAccess(mailboxes)
    },
  })
  const world = aWorld({ delegates: true, source: oneByOne })
  const { run, hours } = await sync(world)
  expect(run).toMatchObject({ status: 'succeeded', error: null })
  expect(hours).toBeGreaterThan(72)
})
