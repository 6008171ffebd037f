import { expect, test } from 'vitest'
import { claimStorageAccount } from '../support/storage-account.ts'
import { build } from '../tools/build.ts'
import { drawWorld, type RoundDraw } from './draw.ts'
import { readOptions } from './options.ts'
import { playWorld } from './play-world.ts'
import { RunLines } from './run-lines.ts'
import { Tally } from './tally.ts'

/** A small tenant that Zivver knows nothing of. */
const seed = 53

/** A host is killed while a write of the first sync has no answer; a list is refused, the answer to a create is lost. */
const smoke: Omit<RoundDraw, 'random'> = {
  changes: [],
  wire: [
    {
      kind: 'Zivver: 503',
      service: 'zivver',
      afterMs: 0,
      rule: {
        match: { tags: { operation: 'list' } },
        times: 1,
        action: { kind: 'answer', status: 503, retryAfter: 0 },
      },
    },
    {
      kind: 'Zivver: reset after a create',
      service: 'zivver',
      afterMs: 0,
      rule: {
        match: { tags: { operation: 'create' } },
        nth: 2,
        action: { kind: 'close', processed: true },
      },
    },
  ],
  strikes: [{ kind: 'kill', at: { write: 6, processed: true }, target: 'holder', ms: 0 }],
  requests: ['sync twice at once'],
  stormMs: 8_000,
}

test('a world with faults and a kill is overcome, and the summary says what happened', async () => {
  const storage = await claimStorageAccount()
  const { settings } = drawWorld(seed)
  const tally = new Tally()
  await playWorld(seed, {
    tally,
    bundle: (await build()).outfile,
    storage,
    mayGoOn: () => false,
    tell: () => undefined,
    change: {
      world: {
        rounds: 1,
        leaseSeconds: 2,
        sliceSeconds: 1,
        cmdletMs: 0,
        callMs: 0,
        settings: { ...settings, sourceFilter: [], notPermitted: [], writeIdentifiers: true },
      },
      round: ({ random }) => ({ ...smoke, random }),
    },
  })
  expect(tally.findings).toEqual([])
  expect(tally.faults.of('Zivver: 503')).toBe(1)
  expect(tally.faults.of('Zivver: reset after a create')).toBe(1)
  expect(tally.strikes.of('kill')).toBe(1)
  expect(tally.runs.of('sync succeeded')).toBeGreaterThanOrEqual(3)
  expect(tally.writes).toBeGreaterThan(8)
  expect(tally.slices).toBeGreaterThanOrEqual(4)
  expect(tally.table).toMatch(/^wrong suspensions +0\nduplicates +0\nlost mappings +0\n/m)
}, 90_000)

test('a seed decides the tenant, its changes and its faults', () => {
  const parts = (seed: number) => {
    const { built, ...world } = drawWorld(seed)
    return JSON.stringify([world, built.tenant.toJSON()])
  }
  expect(parts(5)).toBe(parts(5))
  expect(parts(5)).not.toBe(parts(6))
})

test('a slice that another process goes on with, without an end of the one before, is a takeover', () => {
  const lines = new RunLines()
  const line = (text: string) =>
    `2026-11-23T01:00:00.000Z INFO  [executeRun 1] ${text} {"runId":"r"}`
  lines.read('a.1', line('run started: sync'))
  lines.read('a.1', line('slice ended; the run goes on in the next one'))
  lines.read('b.1', line('run goes on: slice 2, reading'))
  expect(lines).toMatchObject({ slices: 2, takeovers: 0 })
  lines.read('a.2', line('run goes on: slice 3, applying'))
  expect(lines).toMatchObject({ slices: 3, takeovers: 1 })
})

test('the command names what it does not understand', () => {
  expect(readOptions(['--minutes', '0.5', '--seed', '7'])).toMatchObject({
    minutes: 0.5,
    seed: 7,
    isReplay: true,
  })
  expect(() => readOptions(['--minutes', 'long'])).toThrow('--minutes')
})
