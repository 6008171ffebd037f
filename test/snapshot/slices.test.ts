import { describe, expect, test } from 'vitest'
import { LongWait, SyncError } from '../../core/errors.ts'
import { LeaseLost } from '../../core/ports.ts'
import { guid } from '../support/build.ts'
import { addressOf, aShared, failureOf, trustees, World } from './world.ts'

/** Sixty users whose permissions take a second per batch of ten, two batches at once. */
function slowWorld(): World {
  const world = new World().fill(60)
  Object.assign(world.source, { batch: 10, parallel: 2 })
  world.source.permissions = new Map([[guid(1), trustees(addressOf(2))]])
  world.clock.isAutomatic = true
  world.calls.intercept = async ({ name }, moment) => {
    if (name === 'source.readFullAccess' && moment === 'before') await world.clock.sleep(1000)
  }
  return world
}

describe('a run in slices', () => {
  test('stops beginning at the deadline, stores, and goes on without reading anything twice', async () => {
    const world = slowWorld()
    const first = await world.read({ deadline: 1500 })
    expect(first.status).toBe('continue')
    expect(world.readings.rows.size).toBe(40)
    const second = await world.read({ deadline: world.clock.monotonic() + 1500 })
    expect(second.status).toBe('complete')
    expect(Object.keys(world.timesRead())).toHaveLength(60)
    expect(new Set(Object.values(world.timesRead()))).toEqual(new Set([1]))
  })

  test('and its snapshot is the one of a run in one go', async () => {
    const world = slowWorld()
    await world.read({ deadline: 500 })
    const sliced = await world.readAll()
    expect(sliced).toEqual(await slowWorld().readAll())
  })

  test('a slice that begins after its deadline still makes one round', async () => {
    const world = slowWorld()
    const outcomes: string[] = []
    do outcomes.push((await world.read({ deadline: 0 })).status)
    while (outcomes.at(-1) === 'continue' && outcomes.length < 10)
    expect(outcomes).toEqual(['continue', 'continue', 'continue', 'complete'])
  })

  test('two mailboxes with one identifier do not make it endless', async () => {
    const world = new World().fill(2)
    const [first, second] = world.source.mailboxes
    if (first === undefined || second === undefined) throw new Error('the world is empty')
    world.source.mailboxes = [first, second, { ...second, exchangeGuid: 'another' }]
    await expect(world.read()).resolves.toHaveProperty('status', 'complete')
  })

  test('readings are stored many at once: by hundreds when they come fast', async () => {
    const world = new World().fill(950)
    world.readings.transactionSize = 1000
    await world.readAll()
    const sizes = world.calls.of('readings.write').map(({ about }) => about.length)
    expect(sizes).toEqual([...Array(9).fill(100), 50])
  })

  test('and every few seconds when they come slowly, so that a crash forgets little', async () => {
    const world = slowWorld()
    Object.assign(world.source, { batch: 1, parallel: 1 })
    await world.readAll()
    const sizes = world.calls.of('readings.write').map(({ about }) => about.length)
    expect(sizes).toEqual(Array(12).fill(5))
  })

  test('an upstream that asks for a long wait ends the slice; what was read is kept', async () => {
    const world = slowWorld()
    let batches = 0
    const { intercept } = world.calls
    world.calls.intercept = async (call, moment) => {
      await intercept(call, moment)
      if (call.name !== 'source.readFullAccess' || moment === 'after') return
      batches += 1
      if (batches === 4) throw new LongWait(90, 'Exchange')
    }
    const error = await failureOf(world, world.read())
    expect(error).toMatchObject({ name: 'LongWait', seconds: 90 })
    // What was under way when the fourth batch was refused came to its end.
    expect(world.readings.rows.size).toBe(40)
    world.calls.intercept = intercept
    await world.readAll()
    // Only the batch that was refused was asked for twice.
    expect(Object.values(world.timesRead()).filter((times) => times > 1)).toHaveLength(10)
  })

  test('a failed reading of this run is not made again either, and stays unknown', async () => {
    const world = slowWorld()
    world.source.permissions = new Map([[guid(1), { failed: 'moving' }]])
    await world.read({ deadline: 0 })
    const { delegations } = await world.readAll()
    expect(world.timesRead()[guid(1)]).toBe(1)
    expect(delegations?.get(guid(1))?.unknown).toHaveLength(1)
  })
})

describe('readings of earlier runs', () => {
  async function secondRun(hoursLater: number, maxAgeHours: number): Promise<World> {
    const world = new World().fill(3)
    world.source.mailboxes = [...world.source.mailboxes, aShared(4)]
    world.source.permissions = new Map([[guid(2), { failed: 'moving' }]])
    await world.readAll({ runId: 'earlier' })
    world.calls.made.length = 0
    await world.clock.advance(hoursLater * 3_600_000)
    world.options = { ...world.options, userDelegationMaxAgeHours: maxAgeHours }
    return world
  }

  test('stand in for user mailboxes while they are young; shared and failed ones are read again', async () => {
    const world = await secondRun(23, 24)
    const { warnings, delegations } = await world.readAll()
    expect(Object.keys(world.timesRead()).sort()).toEqual([guid(2), guid(4)])
    expect(delegations?.size).toBe(4)
    expect(warnings).toEqual([
      {
        code: 'READINGS_REUSED',
        message:
          'Full Access of 2 user mailboxes is taken from earlier readings; the oldest is 23.0 hours old',
      },
    ])
  })

  test.each([
    ['at the age limit', 24, 24],
    ['when no age is allowed', 0, 0],
  ])('are not used %s', async (_, hoursLater, maxAgeHours) => {
    const world = await secondRun(hoursLater, maxAgeHours)
    const { warnings } = await world.readAll()
    expect(Object.keys(world.timesRead())).toHaveLength(4)
    expect(warnings).toEqual([])
  })

  test('story 28: stored readings are not used when the clock was set back behind them', async () => {
    const world = await secondRun(1, 24)
    world.clock.jumpWallClock(-2 * 3_600_000)
    await world.readAll()
    expect(Object.keys(world.timesRead())).toHaveLength(4)
  })
})

describe('a checkpoint that throws', () => {
  test.each([
    ['because the run was cancelled', new SyncError('CANCELLED', 'cancelled')],
    ['because the lease is lost', new LeaseLost('run-1')],
  ])('ends the reading %s: nothing more begins, nothing more is stored', async (_, reason) => {
    const world = slowWorld()
    let isOver = false
    let callsAfterwards = 0
    const { intercept } = world.calls
    world.calls.intercept = async (call, moment) => {
      if (isOver && moment === 'before') callsAfterwards += 1
      await intercept(call, moment)
    }
    const checkpoint = async (): Promise<void> => {
      if (world.clock.monotonic() < 2000) return
      isOver = true
      throw reason
    }
    expect(await failureOf(world, world.read({ checkpoint }))).toBe(reason)
    expect(callsAfterwards).toBe(0)
    expect(world.calls.of('source.readFullAccess').length).toBeGreaterThan(0)
    expect(world.readings.rows.size).toBe(0)
  })

  test('also ends the look-ups that follow', async () => {
    const world = new World().fill(40)
    world.source.permissions = new Map(
      world.source.mailboxes.map(({ identifier }, index) => [
        identifier ?? '',
        trustees(`guest${index}@fabrikam.example`),
      ]),
    )
    const reason = new SyncError('CANCELLED', 'cancelled')
    const checkpoint = async (): Promise<void> => {
      if (world.calls.of('directory.findObject').length >= 5) throw reason
    }
    expect(await failureOf(world, world.read({ checkpoint }))).toBe(reason)
    expect(world.calls.of('directory.findObject').length).toBeLessThan(15)
  })
})
