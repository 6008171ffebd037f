import { expect, test } from 'vitest'
import { actions } from '../../core/model/change.ts'
import type { RunPhase } from '../../core/model/run.ts'
import type { Fault } from '../simulation/faults.ts'
import { VirtualWorld } from './virtual-run.ts'

const hourMs = 3_600_000

test('story 20: a Zivver that accepts and never answers ends the run in a clear error, mailed, within the hour', async () => {
  const silent: Fault[] = [
    { kind: 'zivver_down', at: { call: 'zivver_read', nth: 1 }, ms: 6 * hourMs },
    { kind: 'zivver_down', at: { call: 'zivver_write', nth: 3 }, ms: 6 * hourMs },
  ]
  for (const fault of silent) {
    const virtual = new VirtualWorld()
    const run = await virtual.sync(fault)
    expect(run).toMatchObject({ status: 'failed', error: { code: 'TARGET_UNREACHABLE' } })
    expect(virtual.mails).toHaveLength(1)
    const tookMs = Date.parse(run.finished_at ?? '') - Date.parse(run.started_at ?? '')
    expect(tookMs).toBeLessThan(hourMs)
  }
})

test('story 22: whatever call a host dies at, in whatever phase, the report of the run is mailed in the end', async () => {
  const undisturbed = new VirtualWorld()
  await undisturbed.sync()
  const calls = undisturbed.world.network.faults.countOf('any')
  const phases = new Map<RunPhase | null, number>()
  // Every third call: all calls take their turn in the thousands of schedules of test/simulation.
  for (let nth = 2; nth <= calls; nth += 3) {
    const virtual = new VirtualWorld()
    const at = { call: 'any', nth } as const
    const run = await virtual.sync({ kind: 'crash', at, moment: 'during', restartMs: 1_000 })
    phases.set(virtual.phaseBefore, (phases.get(virtual.phaseBefore) ?? 0) + 1)
    expect(run, `killed at call ${nth}`).toMatchObject({
      status: 'succeeded',
      report: { email: 'sent' },
    })
    expect(virtual.mails.length, `killed at call ${nth}`).toBeGreaterThan(0)
    // A mail that had to be sent twice is one mail to the service.
    expect(new Set(virtual.mails).size, `killed at call ${nth}`).toBe(1)
  }
  expect([...phases.keys()]).toEqual(
    expect.arrayContaining(['reading', 'planning', 'applying', 'reporting']),
  )
})

test('story 22: a run whose source fails is mailed too, once', async () => {
  const failing = new VirtualWorld()
  const failed = await failing.sync({ kind: 'source_error', at: { call: 'source', nth: 2 } })
  expect(failed).toMatchObject({ status: 'failed', report: { email: 'sent' } })
  expect(failing.mails).toHaveLength(1)
})

const throttled: Fault = {
  kind: 'throttled',
  at: { call: 'zivver_write', nth: 4 },
  times: 1,
  retryAfter: 120,
}

test.each<[string, number, Fault[]]>([
  ['while it works', 4_000, []],
  ['while it waits for an upstream', 60_000, [throttled]],
])(
  'story 28: a clock that is set back by an hour %s does a run no harm',
  async (_, atMs, faults) => {
    const virtual = new VirtualWorld()
    const { scheduler, hosts } = virtual.world
    scheduler.after(atMs, () => {
      for (const { process } of hosts) process.wallOffsetMs -= hourMs
    })
    const run = await virtual.sync(...faults)
    expect(run).toMatchObject({ status: 'succeeded', report: { email: 'sent' } })
    // The clock was set back in the midst of it, and nothing waits until it has caught up.
    expect(scheduler.now).toBeGreaterThan(atMs)
    expect(scheduler.now).toBeLessThan(atMs + 5 * 60_000)
    expect(virtual.statuses(run)).toEqual({ applied: run.changeCount })
    expect(virtual.statuses(await virtual.sync())).toEqual({})
  },
)

test('story 29: a run whose message is lost is found by resumeRuns within its minute', async () => {
  const virtual = new VirtualWorld()
  const run = await virtual.sync({ kind: 'message_lost', at: { call: 'queue', nth: 1 } })
  expect(run.status).toBe('succeeded')
  const waitedMs = Date.parse(run.started_at ?? '') - Date.parse(run.requested_at)
  expect(waitedMs).toBeLessThan(65_000)
})

test('story 31: a run is pinned to its version; a slice with another one ends it as cancelled, and the next run is that one’s', async () => {
  const virtual = new VirtualWorld({
    sliceSeconds: 1,
    zivverRateLimit: { requests: 2, seconds: 2 },
  })
  const { world } = virtual
  const [before] = [world.version]
  const run = await virtual.sync({ kind: 'version_changed', at: { call: 'zivver_write', nth: 4 } })
  expect(run).toMatchObject({
    status: 'cancelled',
    version: before,
    error: { code: 'SETTINGS_CHANGED', message: expect.stringContaining('version') },
    report: { email: 'sent' },
  })
  const { applied = 0, planned = 0, failed = 0 } = virtual.statuses(run)
  expect(applied).toBeGreaterThan(0)
  expect(planned).toBeGreaterThan(0)
  expect(failed).toBe(0)
  const next = await virtual.sync()
  expect(next).toMatchObject({ status: 'succeeded', version: world.version })
  expect(next.version).not.toBe(before)
  expect(virtual.statuses(next)).toEqual({ applied: planned })
})

test('story 32: the counts that a run tells are those of its stored changes, however many writes were under way at once', async () => {
  const virtual = new VirtualWorld()
  const run = await virtual.sync(
    { kind: 'rejected', at: { call: 'zivver_write', nth: 20 }, text: 'Invalid division: /Sales' },
    { kind: 'crash', at: { call: 'zivver_write', nth: 3 }, moment: 'during', restartMs: 1_000 },
  )
  const counted = virtual.statuses(run)
  const sum = (status: 'planned' | 'applied' | 'failed') =>
    actions.reduce((total, action) => total + run.counts[action][status], 0)
  expect(counted['failed']).toBeGreaterThan(0)
  expect([sum('applied'), sum('failed')]).toEqual([counted['applied'], counted['failed']])
  expect(sum('planned')).toBe(run.changeCount)
})
