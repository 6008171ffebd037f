/**
 * `npm run mutants`: plants bugs one at a time in copies of the tree and shows that the fast tests catch each. The
 * working tree is never touched. `npm run mutants -- guard` plants only those whose name or file contains the word.
 * Ends with 1 when a bug survives, or when the catalogue no longer fits the code.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { catalogue } from './catalogue.ts'
import { type Mutant, plant } from './mutant.ts'
import { createCopy, root, type TreeCopy } from './tree-copy.ts'

/** Copies that are tested side by side. */
const copiesAtOnce = 2

/** Tried in order: the first suite that fails has caught the bug. */
const suites = [
  {
    name: 'tables',
    filters: ['test/plan/', 'test/guard/', 'test/source/', 'test/apply/', 'test/snapshot/'],
  },
  { name: 'random tenants', filters: ['test/properties/'] },
] as const

type Verdict = (typeof suites)[number]['name'] | 'survived'

async function main(words: readonly string[]): Promise<number> {
  const mutants = catalogue.filter(({ name, file }) =>
    words.every((word) => `${name} ${file}`.includes(word)),
  )
  const planted = await Promise.all(
    mutants.map(async (mutant) => ({ mutant, source: await plantIn(mutant) })),
  )
  const copies = await Promise.all(Array.from({ length: copiesAtOnce }, () => createCopy()))
  try {
    await requireHealth(copies[0])
    const queue = planted.values()
    const verdicts: Verdict[] = []
    await Promise.all(
      copies.map(async (copy) => {
        for (const { mutant, source } of queue) {
          const verdict = await judge(copy, mutant, source)
          console.log(`${verdict.padEnd(15)} ${mutant.file.padEnd(32)} ${mutant.name}`)
          verdicts.push(verdict)
        }
      }),
    )
    const survived = verdicts.filter((verdict) => verdict === 'survived').length
    console.log(`\n${verdicts.length - survived} caught, ${survived} survived`)
    return survived === 0 ? 0 : 1
  } finally {
    await Promise.all(copies.map((copy) => copy.remove()))
  }
}

async function plantIn(mutant: Mutant): Promise<string> {
  return plant(mutant, await readFile(join(root, mutant.file), 'utf8'))
}

/** A test that fails without any bug would catch them all. */
async function requireHealth(copy: TreeCopy | undefined): Promise<void> {
  for (const { name, filters } of suites) {
    const run = await copy?.test(filters)
    if (run?.passed === true) continue
    throw new Error(`the ${name} fail although no bug is planted:\n${run?.output}`)
  }
}

async function judge(copy: TreeCopy, { file }: Mutant, source: string): Promise<Verdict> {
  const restore = await copy.replace(file, source)
  try {
    for (const { name, filters } of suites) {
      if (!(await copy.test(filters)).passed) return name
    }
    return 'survived'
  } finally {
    await restore()
  }
}

process.exitCode = await main(process.argv.slice(2))
