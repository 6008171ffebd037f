import { describe, expect, test } from 'vitest'
import {
  type CallFeedback,
  ConcurrencyLimiter,
} from '../../../core/adapters/http/concurrency-limiter.ts'
import { FakeClock, idle } from '../../fakes/fake-clock.ts'
import { NotingObserver } from './adapter-options.ts'

/** A limiter with tasks that end when the test says so. */
function workshop(max: number) {
  const clock = new FakeClock()
  const observer = new NotingObserver()
  const limiter = new ConcurrencyLimiter({
    max,
    clock,
    observer,
    upstream: 'exchange',
    waitingFor: 'the test',
  })
  const running: { weight: number; end: (feedback: keyof CallFeedback) => void }[] = []
  const calls: Promise<void>[] = []
  const begin = (count: number, weight = 1) => {
    for (let number = 0; number < count; number++) {
      const call = limiter.run(weight, async (feedback) => {
        const { promise, resolve } = Promise.withResolvers<keyof CallFeedback>()
        running.push({ weight, end: resolve })
        feedback[await promise]()
      })
      calls.push(call)
    }
  }
  /** Ends everything that runs now, and lets the next ones begin. */
  const endRound = async (feedback: keyof CallFeedback) => {
    for (const task of running.splice(0)) task.end(feedback)
    await idle()
  }
  return { clock, observer, limiter, running, calls, begin, endRound }
}

describe('how many calls are in flight', () => {
  test('starts at 4 and reaches the setting in two rounds while nothing is refused', async () => {
    const { running, begin, endRound } = workshop(16)
    begin(100)
    await idle()
    const perRound = [running.length]
    for (let round = 0; round < 3; round++) {
      await endRound('succeeded')
      perRound.push(running.length)
    }
    expect(perRound).toEqual([4, 8, 16, 16])
  })

  test('halves once when the calls of one moment are refused together, not once for each', async () => {
    const { limiter, begin, endRound } = workshop(16)
    begin(100)
    await idle()
    await endRound('succeeded')
    await endRound('succeeded')
    await endRound('refused')
    expect(limiter.limit).toBe(8)
    await endRound('refused')
    expect(limiter.limit).toBe(4)
  })

  test('grows by one per 200 successes once something was refused, and never above the setting', async () => {
    const { limiter, begin, endRound } = workshop(5)
    begin(2000)
    await idle()
    await endRound('succeeded')
    await endRound('refused')
    expect(limiter.limit).toBe(2)
    for (let done = 0; done < 200; done += 2) await endRound('succeeded')
    expect(limiter.limit).toBe(3)
    for (let done = 0; done < 1500; done += limiter.limit) await endRound('succeeded')
    expect(limiter.limit).toBe(5)
  })

  test('never falls below one', async () => {
    const { limiter, begin, endRound } = workshop(8)
    begin(20)
    for (let round = 0; round < 5; round++) {
      await idle()
      await endRound('refused')
    }
    expect(limiter.limit).toBe(1)
  })

  test('counts the items of a batch; one that is larger than the room waits and then runs alone', async () => {
    const { running, begin, endRound } = workshop(8)
    begin(2)
    begin(1, 6)
    begin(1)
    await idle()
    expect(running.map(({ weight }) => weight)).toEqual([1, 1])
    await endRound('refused')
    expect(running.map(({ weight }) => weight)).toEqual([6])
    await endRound('succeeded')
    expect(running.map(({ weight }) => weight)).toEqual([1])
  })

  test('gives its place back when a call throws', async () => {
    const { limiter, running, begin } = workshop(1)
    await expect(limiter.run(1, () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    )
    begin(1)
    await idle()
    expect(running).toHaveLength(1)
  })
})

describe('a pause that the upstream asked for', () => {
  test('lets nothing begin until it is over, and is told once', async () => {
    const { clock, observer, limiter, running, begin } = workshop(4)
    limiter.pause(20)
    limiter.pause(10)
    begin(3)
    await clock.advance(19_999)
    expect(running).toHaveLength(0)
    await clock.advance(1)
    await idle()
    expect(running).toHaveLength(3)
    expect(observer.waits).toEqual([{ upstream: 'exchange', seconds: 20, reason: 'the test' }])
  })

  test('of more than 30 s ends the work: whoever waits gets a LongWait, and so does who comes later', async () => {
    const { clock, limiter, running, calls, begin } = workshop(1)
    begin(2)
    await idle()
    expect(() => limiter.pause(45)).toThrow(
      expect.objectContaining({ name: 'LongWait', seconds: 45 }),
    )
    await expect(calls[1]).rejects.toMatchObject({ name: 'LongWait' })
    await clock.advance(5_000)
    begin(1)
    await expect(calls[2]).rejects.toMatchObject({ name: 'LongWait', seconds: 40 })
    await clock.advance(40_000)
    running[0]?.end('succeeded')
    await calls[0]
    begin(1)
    await idle()
    expect(running).toHaveLength(2)
  })
})
