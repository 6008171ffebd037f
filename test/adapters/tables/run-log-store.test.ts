import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { openStorage } from '../../contract/stores.ts'

test('lines of several slices come back in order, for their run alone, until they are purged', async () => {
  const { logs } = openStorage()
  await logs.append('run-1', 'one\ntwo\n')
  await logs.append('run-2', 'other\n')
  await logs.append('run-1', 'three\n')
  expect(await logs.read('run-1')).toBe('one\ntwo\nthree\n')
  await logs.purge('run-1')
  expect(await logs.read('run-1')).toBe('')
  expect(await logs.read('run-2')).toBe('other\n')
})

test('of a log that is too long for the mail the last megabytes are kept, in whole lines', async () => {
  const { logs } = openStorage()
  const line = () => `${randomBytes(500).toString('base64')}\n`
  for (let slice = 0; slice < 4; slice++) {
    const lines = Array.from({ length: 3_000 }, line).join('')
    await logs.append('run-1', `${lines}end of slice ${slice}\n`)
  }
  const kept = await logs.read('run-1')
  expect(kept.length).toBeGreaterThan(2_000_000)
  expect(kept.length).toBeLessThan(6_000_000)
  const rest = kept.split('\n').filter((text) => text.length !== 668)
  expect(rest).toEqual(['end of slice 2', 'end of slice 3', ''])
})
