import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { catalogue } from './catalogue.ts'
import { plant } from './mutant.ts'

test.each(catalogue.map((mutant) => [mutant.name, mutant] as const))(
  'can be planted: %s',
  (_, mutant) => {
    const source = readFileSync(new URL(`../../${mutant.file}`, import.meta.url), 'utf8')
    expect(plant(mutant, source)).not.toBe(source)
  },
)

test('a bug whose place is gone, or there twice, is not planted silently', () => {
  const mutant = { name: 'n', file: 'f.ts', search: 'x > 1', replace: 'x >= 1' }
  expect(() => plant(mutant, 'x < 1')).toThrow('in f.ts 0 times')
  expect(() => plant(mutant, 'x > 1 && x > 1')).toThrow('in f.ts 2 times')
  expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length)
})
