import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

const ends = (args: readonly string[], isTerminal: boolean, CI?: string) =>
  readOptions(args, { isTerminal, env: { CI } }).endsAfterStory

test('the demo ends by itself when it is told to, and where nobody could press Ctrl-C', () => {
  expect(ends([], true)).toBe(false)
  expect(ends(['--once'], true)).toBe(true)
  expect(ends([], true, 'true'), 'a person at a terminal').toBe(false)
  expect(ends([], false), 'output to a file, say').toBe(false)
  expect(ends([], false, 'true'), 'a CI server').toBe(true)
})

test('an argument that the demo does not know is refused', () => {
  expect(() => readOptions(['--onse'], { isTerminal: true, env: {} })).toThrow("'--onse'")
})
