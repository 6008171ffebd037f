import { describe, expect, test } from 'vitest'
import type { StandingFailure } from '../../core/model/failure.ts'
import { failureStores } from './stores.ts'

function aFailure(number: number, part: Partial<StandingFailure> = {}): StandingFailure {
  return {
    key: `user-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    action: 'update',
    code: 'ALIAS_TAKEN',
    address: `user${number}@contoso.example`,
    firstSeen: '2026-11-20T01:00:00.000Z',
    timesSeen: 2,
    lastRunId: 'run',
    lastSeen: '2026-11-21T01:00:00.000Z',
    ...part,
  }
}

const byKey = (left: StandingFailure, right: StandingFailure): number =>
  left.key < right.key ? -1 : 1

describe.each(Object.entries(failureStores))('failure store (%s)', (_, open) => {
  test('failures come back as they were stored, more than a transaction holds, whatever an id is made of', async () => {
    const store = open()
    const many = Array.from({ length: 230 }, (_item, index) => aFailure(index))
    const stored = [...many, aFailure(0, { key: "functional-scim/1#?'%" })]
    await store.write({ upsert: stored, remove: [] })
    expect([...(await store.list())].sort(byKey)).toEqual(stored.sort(byKey))
  })

  test('one that fails again is replaced, one that is gone is deleted, the others stay', async () => {
    const store = open()
    await store.write({ upsert: [aFailure(1), aFailure(2), aFailure(3)], remove: [] })
    const again = aFailure(1, { timesSeen: 3, code: 'DIVISION_INVALID' })
    await store.write({ upsert: [again], remove: [aFailure(2).key] })
    expect([...(await store.list())].sort(byKey)).toEqual([again, aFailure(3)])
  })

  test('what nobody has seen for long is purged', async () => {
    const store = open()
    const old = aFailure(1, { lastSeen: '2026-01-01T00:00:00.000Z' })
    await store.write({ upsert: [old, aFailure(2)], remove: [] })
    await store.purge('2026-06-01T00:00:00.000Z')
    expect(await store.list()).toEqual([aFailure(2)])
  })
})
