/**
 * Fills the last column of `docs/failure-stories.md` from the titles of the tests: `node test/tools/stories-docs.ts`. A
 * test keeps it equal to them.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How many accidents the list has. */
export const storyCount = 32

export const storiesDocsFile = fileURLToPath(
  new URL('../../docs/failure-stories.md', import.meta.url),
)

const testFolder = fileURLToPath(new URL('../', import.meta.url))

/** A test, or a `describe` round several, that shows a story: its title begins with `story N: `. */
export interface StoryTest {
  readonly story: number
  /** Below `test/`. */
  readonly file: string
  /** Without the number; `%s` and the like stand for what differs from case to case. */
  readonly title: string
}

/** Every test whose title names a story, sorted by story, file and place. */
export function readStoryTests(): StoryTest[] {
  const files = readdirSync(testFolder, { recursive: true, encoding: 'utf8' }).sort()
  return files
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => storyTestsIn(file.replaceAll('\\', '/')))
    .sort((left, right) => left.story - right.story)
}

function storyTestsIn(file: string): StoryTest[] {
  const text = readFileSync(join(testFolder, file), 'utf8')
  return [...text.matchAll(/^\s*(?:(?:test|describe)\(|\S*\)\()?\s*'story (\d+): (.+?)',/gm)].map(
    ([, number, title = '']) => ({ story: Number(number), file, title }),
  )
}

/** The page with the last column of each row of a story made anew. */
export function withTests(page: string, tests: readonly StoryTest[]): string {
  return page.replaceAll(/^(\| (\d+) \|.*\|)[^|]*\|$/gm, (_row, rest: string, number: string) => {
    const own = tests.filter(({ story }) => story === Number(number))
    return `${rest} ${own.map(cellOf).join('<br>')} |`
  })
}

function cellOf({ file, title }: StoryTest): string {
  const text = title.replaceAll('|', '\\|').replaceAll('<', '&lt;')
  return `${text} ([${file}](../test/${file}))`
}

if (import.meta.main) {
  writeFileSync(storiesDocsFile, withTests(readFileSync(storiesDocsFile, 'utf8'), readStoryTests()))
}
