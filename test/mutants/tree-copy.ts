import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A bug may make a test wait for ever: then it is caught, too. */
const longestMs = 120_000

/** Of the random tenants so many are enough for a bug. */
const propertySeeds = '80'

export interface TestRun {
  readonly passed: boolean
  /** What the tests printed. */
  readonly output: string
}

/** A copy of the tree in which bugs are planted. */
export interface TreeCopy {
  /** Writes another text into a file. @returns what brings the old text back */
  replace(file: string, source: string): Promise<() => Promise<void>>
  /** Runs tests up to the first failure. */
  test(filters: readonly string[]): Promise<TestRun>
  remove(): Promise<void>
}

/** Copies the sources and tests into a temporary folder; the packages stay where they are. */
export async function createCopy(): Promise<TreeCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'cloud-sync-mutants-'))
  for (const name of ['core', 'test', 'package.json', 'tsconfig.json']) {
    await cp(join(root, name), join(folder, name), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir')
  await writeFile(join(folder, 'vitest.config.ts'), config)
  return {
    replace: async (file, source) => {
      const path = join(folder, file)
      const before = await readFile(path, 'utf8')
      await writeFile(path, source)
      return () => writeFile(path, before)
    },
    test: (filters) => runTests(folder, filters),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

// These suites need no storage, hence no global setup. How fast a stage is on a busy machine is no question of bugs.
const config = `export default {
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/snapshot/scale.test.ts'],
    isolate: false,
    maxWorkers: 1,
    testTimeout: 60_000,
  },
}
`

function runTests(folder: string, filters: readonly string[]): Promise<TestRun> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', '--bail=1', ...filters], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PROPERTY_SEEDS: propertySeeds },
    timeout: longestMs,
    killSignal: 'SIGKILL',
  })
  let output = ''
  const collect = (chunk: Buffer): void => void (output += chunk.toString())
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ passed: code === 0, output }))
  })
}
