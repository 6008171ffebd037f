import { describe, expect, test } from 'vitest'
import type { JournalChange } from '../../core/model/change.ts'
import { noCounts } from '../../core/model/run.ts'
import { rememberFailures, reviewFailures } from '../../core/run/standing-failures.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { MemoryFailureStore } from '../fakes/memory-failure-store.ts'
import { MemoryJournalStore } from '../fakes/memory-journal-store.ts'
import { aChange } from '../report/sample.ts'

const runOf = (day: number) => ({
  id: `run-${day}`,
  requested_at: `2026-11-${day}T01:00:00.000Z`,
  started_at: `2026-11-${day}T01:00:02.000Z`,
})

const failed = (part: Partial<JournalChange> = {}): JournalChange =>
  aChange(1, { status: 'failed', error: { code: 'ALIAS_TAKEN', message: 'taken' }, ...part })

/** What is remembered after these plans were tried, one a day. */
function after(...plans: (readonly JournalChange[])[]) {
  let known = reviewFailures(runOf(10), [], []).upsert
  let warnings: readonly { message: string }[] = []
  for (const [index, plan] of plans.entries()) {
    const review = reviewFailures(runOf(20 + index), plan, known)
    const kept = known.filter(
      ({ key }) => !review.remove.includes(key) && !review.upsert.some((one) => one.key === key),
    )
    known = [...kept, ...review.upsert]
    warnings = review.warnings
  }
  return { known, messages: warnings.map(({ message }) => message) }
}

describe('a change that fails', () => {
  test('is new the first time, and from the second on told with its first day and how often', () => {
    expect(after([failed()]).messages).toEqual([])
    const { address } = failed()
    expect(after([failed()], [failed()], [failed()]).messages).toEqual([
      `${address}: failed 3 times since 2026-11-20 (update, ALIAS_TAKEN)`,
    ])
  })

  test.each<[string, Partial<JournalChange>]>([
    ['for another reason', { error: { code: 'DIVISION_INVALID', message: 'no unit' } }],
    ['as another action', { action: 'suspend' }],
  ])('%s is a new failure, which needs its remedy', (_, part) => {
    const { known, messages } = after([failed()], [failed()], [failed(part)])
    expect(messages).toEqual([])
    expect(known).toMatchObject([{ timesSeen: 1, firstSeen: runOf(22).started_at }])
  })

  test.each<[string, JournalChange[]]>([
    ['was applied meanwhile', [aChange(1, { status: 'applied' })]],
    ['was in no plan meanwhile', []],
  ])('and %s is a new failure', (_, between) => {
    expect(after([failed()], between).known).toEqual([])
    expect(after([failed()], between, [failed()]).messages).toEqual([])
  })

  test.each(['planned', 'deferred'] as const)(
    'is remembered over a run that did not try it: %s',
    (status) => {
      const { messages } = after([failed()], [aChange(1, { status })], [failed()])
      expect(messages).toMatchObject([expect.stringContaining('2 times since 2026-11-20')])
    },
  )

  test('of an account without a mailbox is known by its SCIM id', () => {
    const unlinked = failed({ identifier: null, scimId: 'zv-7' })
    const other = failed({ identifier: null, scimId: 'zv-8' })
    expect(after([unlinked], [unlinked, other]).messages).toHaveLength(1)
  })
})

/** @param change the plan of each run */
function services(change: JournalChange, failures = new MemoryFailureStore()) {
  const lines: string[] = []
  const journal = new MemoryJournalStore({ clock: new FakeClock(), leaseSeconds: 60 })
  for (const day of [20, 21]) {
    journal.data.partition(runOf(day).id).changes.set(change.sequence, change)
  }
  return {
    failures,
    lines,
    journal,
    logger: { log: (_level: string, message: string) => void lines.push(message) },
  }
}

const counts = { ...noCounts, update: { planned: 1, applied: 0, failed: 1, deferred: 0 } }

test('a run that is ended twice, because its host died in between, counts once', async () => {
  const used = services(failed())
  await rememberFailures(used, { ...runOf(20), counts })
  await rememberFailures(used, { ...runOf(21), counts })
  const warnings = await rememberFailures(used, { ...runOf(21), counts })
  expect(warnings).toMatchObject([{ message: expect.stringContaining('failed 2 times') }])
})

test('a run without a failure, before it or in it, reads no change', async () => {
  const used = services(failed())
  expect(await rememberFailures(used, { ...runOf(20), counts: noCounts })).toEqual([])
  expect(used.journal.calls.made).toEqual([])
})

test('where it cannot be remembered, the run ends without it', async () => {
  const failures = new MemoryFailureStore()
  failures.calls.intercept = () => {
    throw new Error('storage is down')
  }
  const used = services(failed(), failures)
  expect(await rememberFailures(used, { ...runOf(20), counts })).toEqual([])
  expect(used.lines).toEqual(['failures of earlier runs could not be compared'])
})
