import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readStoryTests, storiesDocsFile, storyCount, withTests } from '../tools/stories-docs.ts'

const page = readFileSync(storiesDocsFile, 'utf8')
const tests = readStoryTests()
const numbers = Array.from({ length: storyCount }, (_, at) => at + 1)

test('every accident has a test by number, and no test names one that is not there', () => {
  expect([...new Set(tests.map(({ story }) => story))]).toEqual(numbers)
})

test('failure-stories.md has a row for each, with its design and its tests (else: node test/tools/stories-docs.ts)', () => {
  const rows = [...page.matchAll(/^\| (\d+) \|(.*)\|(.*)\|(.*)\|$/gm)]
  const told = rows.map(([, number]) => Number(number))
  expect(told.toSorted((left, right) => left - right)).toEqual(numbers)
  for (const [row, , happened = '', design = ''] of rows) {
    expect(row).not.toContain('|  |')
    expect([happened.trim().length > 20, /`(?:core|test)\//.test(design)]).toEqual([true, true])
  }
  expect(withTests(page, tests)).toBe(page)
})

test('npm test -- -t "story 1:" runs the tests of that accident and no others', () => {
  for (const number of numbers) {
    const chosen = tests.filter(({ story, title }) =>
      new RegExp(`story ${number}:`).test(`story ${story}: ${title}`),
    )
    expect(chosen).toEqual(tests.filter(({ story }) => story === number))
  }
})
