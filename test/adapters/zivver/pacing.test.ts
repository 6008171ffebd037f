import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { limiterFor, RateLimiter, type SlotRequest } from '../../../core/adapters/zivver/pacing.ts'
import type { RateHints } from '../../../core/adapters/zivver/rate-hints.ts'
import type { RateLimit } from '../../../core/config.ts'
import { isLongWait } from '../../../core/errors.ts'
import { VirtualClock } from './clocks.ts'

const patient: SlotRequest = { patienceSeconds: 1_000, onWait: () => undefined }
const hints = (part: Partial<RateHints>): RateHints => ({
  quotas: [],
  remaining: null,
  waitSeconds: null,
  ...part,
})

interface Course {
  /** Milliseconds until the server sees the call, and from there until its answer is back. */
  readonly there: number
  readonly back: number
  readonly hints?: RateHints | null
  /** The call is called off after it got its slot. */
  readonly calledOff?: boolean
}

/** Makes one call, and notes when the server saw it. */
async function call(limiter: RateLimiter, clock: VirtualClock, seen: number[], course: Course) {
  const slot = await limiter.acquire(patient)
  if (course.calledOff) return slot.giveBack()
  await clock.sleep(course.there)
  seen.push(clock.monotonic())
  await clock.sleep(course.back)
  slot.end(course.hints ?? null)
}

/** The most arrivals in any window, both its ends included. */
function mostInAnyWindow(seen: readonly number[], windowMs: number): number {
  const sorted = seen.toSorted((left, right) => left - right)
  return Math.max(
    ...sorted.map((from) => sorted.filter((at) => at >= from && at <= from + windowMs).length),
  )
}

const someHints = fc.record({
  quotas: fc.array(
    fc.record({ requests: fc.integer({ min: 1, max: 20 }), seconds: fc.constantFrom(1, 15) }),
    {
      maxLength: 2,
    },
  ),
  remaining: fc.option(
    fc.record({ calls: fc.nat({ max: 10 }), resetSeconds: fc.nat({ max: 12 }) }),
  ),
  waitSeconds: fc.option(fc.nat({ max: 12 }), { freq: 4 }),
})
const courses = fc.array(
  fc.record({
    there: fc.nat({ max: 3_000 }),
    back: fc.nat({ max: 3_000 }),
    hints: fc.option(someHints, { freq: 2 }),
    calledOff: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
)
const limits = fc.record({
  requests: fc.integer({ min: 1, max: 8 }),
  seconds: fc.constantFrom(0.5, 2, 10),
})

test('no window ever holds more calls than the limit, wherever between start and answer the server counts them', async () => {
  await fc.assert(
    fc.asyncProperty(limits, courses, async (limit, given) => {
      const clock = new VirtualClock()
      const limiter = new RateLimiter(limit, clock)
      const seen: number[] = []
      await clock.run(Promise.all(given.map((course) => call(limiter, clock, seen, course))))
      expect(seen).toHaveLength(given.filter(({ calledOff }) => !calledOff).length)
      expect(mostInAnyWindow(seen, limit.seconds * 1_000)).toBeLessThanOrEqual(limit.requests)
    }),
    { numRuns: 200 },
  )
})

test('the pace reaches the bound: one window for every full limit of calls, and little more', async () => {
  const clock = new VirtualClock()
  const limiter = new RateLimiter({ requests: 50, seconds: 10 }, clock)
  const seen: number[] = []
  const calls = Array.from({ length: 2_000 }, () =>
    call(limiter, clock, seen, { there: 40, back: 40 }),
  )
  await clock.run(Promise.all(calls))
  const bound = (2_000 / 50 - 1) * 10_000
  expect(clock.monotonic()).toBeGreaterThanOrEqual(bound)
  expect(bound / clock.monotonic()).toBeGreaterThan(0.985)
})

test('calls leave in the order in which they asked', async () => {
  const clock = new VirtualClock()
  const limiter = new RateLimiter({ requests: 2, seconds: 1 }, clock)
  const order: number[] = []
  const asked = [0, 1, 2, 3, 4].map(async (number) => {
    const slot = await limiter.acquire(patient)
    order.push(number)
    slot.end(null)
  })
  await clock.run(Promise.all(asked))
  expect(order).toEqual([0, 1, 2, 3, 4])
})

/** Time that a second call has to wait after a first one ended with these hints. */
async function waitAfter(
  given: Partial<RateHints>,
  limit: RateLimit = { requests: 5, seconds: 10 },
) {
  const clock = new VirtualClock()
  const limiter = new RateLimiter(limit, clock)
  const first = await limiter.acquire(patient)
  first.end(hints(given))
  const second = await clock.run(limiter.acquire(patient))
  second.giveBack()
  return clock.monotonic()
}

test('what the server says makes the pace slower, never faster', async () => {
  expect(await waitAfter({})).toBe(0)
  expect(await waitAfter({ waitSeconds: 7 })).toBe(7_000)
  expect(await waitAfter({ remaining: { calls: 0, resetSeconds: 4 } })).toBe(4_000)
  expect(await waitAfter({ remaining: { calls: 3, resetSeconds: 4 } })).toBe(0)
  expect(await waitAfter({ quotas: [{ requests: 1, seconds: 20 }] })).toBeCloseTo(20_000, -2)
  expect(await waitAfter({ remaining: { calls: 1, resetSeconds: 4 } })).toBe(0)
  expect(
    await waitAfter({ quotas: [{ requests: 900, seconds: 1 }] }, { requests: 1, seconds: 5 }),
  ).toBeCloseTo(5_000, -2)
})

test('a remaining budget of zero that our own count explains costs nothing extra', async () => {
  const clock = new VirtualClock()
  const limiter = new RateLimiter({ requests: 2, seconds: 10 }, clock)
  const slots = await Promise.all([limiter.acquire(patient), limiter.acquire(patient)])
  slots[0]?.end(hints({ remaining: { calls: 1, resetSeconds: 10 } }))
  await clock.run(clock.sleep(8_000))
  slots[1]?.end(hints({ remaining: { calls: 0, resetSeconds: 10 } }))
  await clock.run(limiter.acquire(patient))
  expect(clock.monotonic()).toBeLessThan(10_100)
})

test('a wait beyond the patience is a LongWait at once, and names what is waited for', async () => {
  const clock = new VirtualClock()
  const limiter = new RateLimiter({ requests: 5, seconds: 10 }, clock)
  const slot = await limiter.acquire(patient)
  slot.end(hints({ waitSeconds: 300 }))
  const failure = await limiter
    .acquire({ patienceSeconds: 30, onWait: () => undefined })
    .catch((error: unknown) => error)
  expect(isLongWait(failure) && failure.message).toBe("waiting 300 s for Zivver's rate limit")
  expect(clock.monotonic()).toBe(0)
})

test('a long queue is no LongWait while calls keep leaving', async () => {
  const clock = new VirtualClock()
  const limiter = new RateLimiter({ requests: 1, seconds: 10 }, clock)
  const waits: number[] = []
  const queued = Array.from({ length: 8 }, async () => {
    const slot = await limiter.acquire({
      patienceSeconds: 30,
      onWait: (seconds) => waits.push(seconds),
    })
    slot.end(null)
  })
  await clock.run(Promise.all(queued))
  expect(waits.map(Math.round)).toEqual([10, 10, 10, 10, 10, 10, 10])
})

test('a wait that begins while others queue dismisses those who will not wait', async () => {
  const clock = new VirtualClock()
  const limiter = new RateLimiter({ requests: 1, seconds: 1 }, clock)
  const first = await limiter.acquire(patient)
  const impatient = limiter.acquire({ patienceSeconds: 30, onWait: () => undefined })
  first.end(hints({ waitSeconds: 120 }))
  await expect(impatient).rejects.toThrow('waiting 120 s')
})

test('a slot that is given back counts for nothing', async () => {
  const clock = new VirtualClock()
  const limiter = new RateLimiter({ requests: 1, seconds: 10 }, clock)
  for (let turn = 0; turn < 3; turn++) (await limiter.acquire(patient)).giveBack()
  expect(clock.monotonic()).toBe(0)
})

test('a new process waits out the window of the one before, and the same process does not', async () => {
  const clock = new VirtualClock()
  const limiter = new RateLimiter({ requests: 50, seconds: 10 }, clock)
  await clock.run(clock.sleep(4_000))
  limiter.restoreAfter(new Date(clock.now().getTime() - 3_000))
  const slot = await clock.run(limiter.acquire(patient))
  slot.end(null)
  expect(clock.monotonic()).toBe(11_000)

  limiter.restoreAfter(limiter.lastCallAt ?? new Date(0))
  ;(await limiter.acquire(patient)).giveBack()
  expect(clock.monotonic()).toBe(11_000)
})

test('calls of another process count also where a call of our own came after them', async () => {
  const clock = new VirtualClock()
  const limiter = new RateLimiter({ requests: 50, seconds: 10 }, clock)
  await clock.run(clock.sleep(4_000))
  ;(await limiter.acquire(patient)).end(null)
  limiter.restoreAfter(new Date(clock.now().getTime() - 1_000))
  ;(await clock.run(limiter.acquire(patient))).giveBack()
  expect(clock.monotonic()).toBe(13_000)
})

test('one key has one limiter in a process, and a changed setting reaches it', async () => {
  const clock = new VirtualClock()
  const key = { baseUrl: 'https://zivver.example/scim', apiKey: 'key-one', clock }
  const limiter = limiterFor({ ...key, limit: { requests: 5, seconds: 10 } })
  const slot = await limiter.acquire(patient)
  slot.end(null)
  const same = limiterFor({ ...key, limit: { requests: 1, seconds: 20 } })
  expect(same).toBe(limiter)
  expect(limiterFor({ ...key, apiKey: 'key-two', limit: { requests: 5, seconds: 10 } })).not.toBe(
    limiter,
  )
  await clock.run(same.acquire(patient))
  expect(clock.monotonic()).toBeCloseTo(20_000, -2)
})
