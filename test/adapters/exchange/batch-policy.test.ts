import { describe, expect, test } from 'vitest'
import { BatchPolicy } from '../../../core/adapters/exchange/batch-policy.ts'

/** A policy that has timed one single cmdlet of 100 ms. */
function measured(concurrency = 8): BatchPolicy {
  const policy = new BatchPolicy(concurrency)
  policy.singleTook(100)
  return policy
}

test.each([
  [1, 1, 1],
  [2, 1, 1],
  [5, 2, 2],
  [6, 3, 3],
  [8, 4, 4],
  [20, 4, 10],
  [64, 4, 10],
])(
  'with %i cmdlets in flight a batch holds %i while it is timed, and then %i',
  (concurrency, trial, size) => {
    const policy = measured(concurrency)
    expect(policy.size).toBe(trial)
    if (policy.takeBatch(trial)) policy.batchTook(trial, 1)
    expect(policy.size).toBe(size)
  },
)

test('a concurrency too small to tell a difference means singly from the start', () => {
  expect(new BatchPolicy(5).isSingle).toBe(true)
  expect(measured(5).takeBatch(3)).toBe(false)
  expect(new BatchPolicy(6).isSingle).toBe(false)
})

describe('measuring', () => {
  test('begins with one single cmdlet, then one batch, while all others go out singly', () => {
    const policy = new BatchPolicy(8)
    expect(policy.takeBatch(4)).toBe(false)
    policy.singleTook(100)
    expect(policy.takeBatch(2)).toBe(false)
    expect(policy.takeBatch(4)).toBe(true)
    expect(policy.takeBatch(4)).toBe(false)
  })

  test('a batch that took less than half of its items one after the other settles on batches', () => {
    const policy = measured()
    policy.takeBatch(4)
    policy.batchTook(4, 199)
    expect([policy.takeBatch(4), policy.takeBatch(3), policy.takeBatch(2)]).toEqual([
      true,
      true,
      false,
    ])
  })

  test('a batch that took longer settles on single cmdlets, for good', () => {
    const policy = measured()
    policy.takeBatch(4)
    policy.batchTook(4, 200)
    expect(policy.isSingle).toBe(true)
    policy.batchTook(4, 1)
    expect(policy.takeBatch(4)).toBe(false)
  })

  test('compares with the fastest single cmdlet: a slow first one does not make batches look good', () => {
    const policy = new BatchPolicy(8)
    policy.singleTook(900)
    policy.takeBatch(4)
    policy.singleTook(100)
    policy.batchTook(4, 400)
    expect(policy.isSingle).toBe(true)
  })

  test('one slow batch ends batches that were fast before', () => {
    const policy = measured()
    policy.takeBatch(4)
    policy.batchTook(4, 110)
    policy.batchTook(4, 400)
    expect(policy.takeBatch(4)).toBe(false)
  })

  test('a batch with items left unanswered tells nothing: the next one is measured', () => {
    const policy = measured()
    policy.takeBatch(4)
    policy.batchWasPartial()
    expect(policy.isSingle).toBe(false)
    expect(policy.takeBatch(4)).toBe(true)
  })

  test('a service without batches is asked singly', () => {
    const policy = measured()
    policy.takeBatch(4)
    policy.batchFailed()
    expect(policy.isSingle).toBe(true)
  })
})
