import { expect, test } from 'vitest'
import type { Lease } from '../../core/ports.ts'
import { KeptChanges } from '../../core/run/kept-changes.ts'
import { aChange } from '../contract/fixtures.ts'

const changes = [aChange(1)]
const lease: Lease = { runId: 'run', fence: 4 }

/** What is taken after a slice with that lease. */
function takenWith(next: Lease, before: (kept: KeptChanges) => void = () => undefined) {
  const kept = new KeptChanges()
  kept.keep(lease, changes)
  before(kept)
  return kept.take(next)
}

const next: Lease = { runId: 'run', fence: 5 }

test('changes are handed to the next holder of the lease, once', () => {
  expect(takenWith(next)).toBe(changes)
  expect(takenWith(next, (kept) => kept.take(next))).toBeNull()
})

test.each<[string, Lease, ((kept: KeptChanges) => void)?]>([
  ['somebody else held the lease in between', { runId: 'run', fence: 6 }],
  ['the fence is lower than it was', { runId: 'run', fence: 1 }],
  ['it is another run', { runId: 'other', fence: 5 }],
  ['another run was begun meanwhile', next, (kept) => kept.take({ runId: 'other', fence: 5 })],
  ['those of another run are kept', next, (kept) => kept.keep({ ...lease, runId: 'other' }, [])],
])('they are to be read when %s', (_, taken, before) => {
  expect(takenWith(taken, before)).toBeNull()
})
