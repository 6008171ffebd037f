import { expect, test } from 'vitest'
import { systemClock } from '../../core/adapters/system-clock.ts'

test.each([0, 0.4, 1.2, 7.9])(
  'a wait of %d ms is not a fraction shorter: what it was waited for has come',
  async (ms) => {
    for (let round = 0; round < 20; round++) {
      const began = systemClock.monotonic()
      await systemClock.sleep(ms)
      expect(systemClock.monotonic() - began).toBeGreaterThanOrEqual(ms)
    }
  },
)

test.each([0.5, 60_000])('a wait of %d ms ends when it is called off', async (ms) => {
  const over = new AbortController()
  const waiting = systemClock.sleep(ms, over.signal)
  over.abort()
  await expect(waiting).rejects.toThrow('aborted')
})
