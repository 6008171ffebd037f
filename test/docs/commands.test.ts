import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import * as z from 'zod'

const root = new URL('../../', import.meta.url).pathname
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'commands-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What runs a command of the documentation: a file of the suite, and the words there that do it. */
interface Runner {
  readonly command: RegExp
  readonly file: string
  readonly words: string
}

const runners: readonly Runner[] = [
  { command: /^npm ci$/, file: '.ci/run', words: 'npm ci ||' },
  { command: /^npm test$/, file: 'test/tools/check.ts', words: "script: 'test'" },
  { command: /^npm run check$/, file: '.ci/run', words: 'npm run --silent check' },
  { command: /^npm run lint$/, file: 'test/tools/check.ts', words: "script: 'lint'" },
  { command: /^npm run types$/, file: 'test/tools/check.ts', words: "script: 'types'" },
  { command: /^npm run advisories$/, file: 'test/tools/check.ts', words: "script: 'advisories'" },
  { command: /^npm run deadcode$/, file: 'test/tools/check.ts', words: "script: 'deadcode'" },
  { command: /^npm run format:check$/, file: 'test/tools/check.ts', words: 'format:check' },
  { command: /^npm run build$/, file: 'test/tools/check.ts', words: "script: 'build'" },
  { command: /^npm start( -- --once)?$/, file: 'test/demo/start.test.ts', words: 'startDemo(' },
  {
    command: /^npm run host$/,
    file: 'test/host/lifecycle.test.ts',
    words: "['run', '--silent', 'host']",
  },
  { command: /^npm run pages$/, file: 'test/report/report-page.test.ts', words: 'makePageModule(' },
  { command: /^npm run template$/, file: 'test/infra/bicep.test.ts', words: 'compileTemplate(' },
  {
    command: /^npm run grant( -- --principal-id .*)?$/,
    file: 'test/infra/grant-permissions.test.ts',
    words: 'infra/grant-permissions.ts',
  },
  {
    command: /^node grant-permissions\.mjs --principal-id \S+( --what-if| --revoke)?$/,
    file: 'test/infra/release.test.ts',
    words: "'--what-if'",
  },
  {
    command: /^node test\/simulators\/microsoft365\/serve\.ts .*$/,
    file: 'test/simulators/microsoft365/serve.test.ts',
    words: 'serve.ts',
  },
  {
    command: /^npm run verify( -- (--out|--write-to) .*)?$/,
    file: 'test/verify/commands.test.ts',
    words: "command('verify', '--out', file, '--write-to'",
  },
  {
    command: /^npm run support-bundle( -- --run .*)?$/,
    file: 'test/verify/commands.test.ts',
    words: "command('support-bundle', '--run', run.id, '--out', file)",
  },
  {
    command: /^npm run replay( -- support-bundle\.json)?$/,
    file: 'test/verify/commands.test.ts',
    words: "command('replay', file)",
  },
  {
    command: /^npm test -- -t "story \d+:"$/,
    file: 'test/docs/stories.test.ts',
    words: 'npm test -- -t',
  },
  {
    command: /^node test\/tools\/stories-docs\.ts$/,
    file: 'test/docs/stories.test.ts',
    words: 'withTests(',
  },
  ...['package', 'release', 'clean', 'format'].map((name) => ({
    command: new RegExp(`^npm run ${name}$`),
    file: 'test/docs/commands.test.ts',
    words: `test('npm run ${name}`,
  })),
]

/** They measure or search for minutes; what they are made of has tests of its own, in the folder named here. */
const long: Readonly<Record<string, string>> = {
  'npm run bench': 'test/bench',
  'npm run mutants': 'test/mutants',
  'npm run pictures': 'test/tools',
  'npm run soak': 'test/soak',
  'npm run tenants': 'test/simulation',
}

/** Need a subscription: docs/what-only-azure-can-show.md. */
const onAzure = /^(az|azd) /

const below = (name: string) =>
  readdirSync(join(root, name), { recursive: true, encoding: 'utf8' })
    .map((path) => `${name}/${path}`)
    .filter((path) => path.endsWith('.md'))
const pages = ['README.md', ...below('docs'), ...below('test')]
const commands = new Set(pages.flatMap((page) => commandsOf(read(page))))

/** Commands that a page shows, in its text or in a block, one for each `&&`; what follows a `#` is a comment. */
function commandsOf(text: string): string[] {
  const starts = /^(npm|npx|node|az|azd|func|openssl|dotnet|bash) \S/
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '')
  const blocks = [...text.matchAll(/^```(?:sh)?\n([^]*?)^```$/gm)]
  const lines = blocks.flatMap(([, block]) => (block ?? '').split('\n'))
  return [...inline, ...lines]
    .flatMap((line) => line.replace(/\s+#.*$/, '').split('&&'))
    .map((command) => command.trim())
    .filter((command) => starts.test(command))
}

test('every command of the documentation is run by the suite, takes minutes, or needs Azure', () => {
  expect(commands.size).toBeGreaterThan(25)
  const isKnown = (command: string) =>
    onAzure.test(command) ||
    Object.keys(long).some((name) => command.startsWith(name)) ||
    runners.some((runner) => runner.command.test(command))
  expect([...commands].filter((command) => !isKnown(command))).toEqual([])
})

test('what is said to run a command does so, and no command that is said to be run is gone', () => {
  for (const { command, file, words } of runners) {
    expect([String(command), read(file).includes(words)]).toEqual([String(command), true])
    expect([String(command), [...commands].some((shown) => command.test(shown))]).toEqual([
      String(command),
      true,
    ])
  }
})

describe('commands that no other test runs', { timeout: 60_000 }, () => {
  const npm = (script: string, env: Readonly<Record<string, string>> = {}) =>
    promisify(execFile)('npm', ['run', '--silent', script], {
      cwd: root,
      env: { ...process.env, ...env },
    })

  test('npm run package makes the folder that azd deploys', async () => {
    await npm('package')
    expect(readdirSync(join(root, 'dist/package')).toSorted()).toEqual([
      'dist',
      'host.json',
      'package.json',
    ])
  })

  test('npm run release wants its address and its key, and makes the files of a release', async () => {
    await expect(npm('release', { RELEASE_BASE_URL: '' })).rejects.toMatchObject({
      stderr: expect.stringContaining('RELEASE_BASE_URL is not set'),
    })
    const { privateKey } = generateKeyPairSync('ed25519')
    const { stdout } = await npm('release', {
      RELEASE_BASE_URL: 'https://releases.contoso.example/deploy',
      RELEASE_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    })
    expect(stdout).toMatch(/update\.json, azuredeploy\.json/)
  })

  // These two change the folder that they run in: here it is another one.
  const scripts = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read('package.json'))).scripts
  const elsewhere = async (script: string) => {
    const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`
    await promisify(execFile)('sh', ['-c', scripts[script] ?? 'false'], {
      cwd: folder,
      env: { ...process.env, PATH: path },
    })
  }

  test('npm run format mends a file', async () => {
    writeFileSync(join(folder, 'biome.json'), read('biome.json'))
    writeFileSync(join(folder, 'a.ts'), 'export const a = "b";')
    await elsewhere('format')
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe("export const a = 'b'\n")
  })

  test('npm run clean removes what was made, and nothing else', async () => {
    for (const name of ['dist', '.data', 'coverage', 'docs']) writeFileSync(join(folder, name), '')
    await elsewhere('clean')
    const left = readdirSync(folder)
    expect(left).toContain('docs')
    for (const name of ['dist', '.data', 'coverage']) expect(left).not.toContain(name)
  })
})
