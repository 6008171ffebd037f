/** `npm run build`: one ESM bundle that runs without node_modules (`dist/index.mjs`), and its source map. */
import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as esbuild from 'esbuild'
import * as z from 'zod'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface BuildOptions {
  /** Default: the app, `functions/index.ts`. */
  readonly entry?: string
  /** Default: `dist/index.mjs`. */
  readonly outfile?: string
  /** What `__CLOUD_SYNC_VERSION__` becomes; default: the version of package.json and the commit, `0.1.0+fcc0de3`. */
  readonly version?: string
}

export interface BuildResult {
  /** Absolute path of the bundle. */
  readonly outfile: string
  /** False when the bundle that was there is still right. */
  readonly isNew: boolean
  /** Folders of the packages that have files in the bundle, below the project: `node_modules/zod`. */
  readonly packages: readonly string[]
}

// `@azure/functions-core` is given by the language worker and required at run time: an ESM bundle has no `require` of its
// own (reference local-azure, 7).
const banner = [
  "import { createRequire as __createRequire } from 'node:module'",
  "import { fileURLToPath as __fileURLToPath } from 'node:url'",
  'const require = __createRequire(import.meta.url)',
  // `var`: a package within @azure/identity declares a __dirname of its own, which `const` would forbid.
  'var __filename = __fileURLToPath(import.meta.url)',
  "var __dirname = __filename.slice(0, __filename.lastIndexOf('/'))",
].join('\n')

/**
 * Bundles the app, unless the bundle was made from exactly what is there now. Several processes may do so at once: each
 * file appears whole or not at all.
 * @throws Error with esbuild's findings
 */
export async function build(options: BuildOptions = {}): Promise<BuildResult> {
  const entry = resolve(root, options.entry ?? 'functions/index.ts')
  const outfile = resolve(root, options.outfile ?? 'dist/index.mjs')
  const version = options.version ?? (await projectVersion())
  const current = await currentStamp(outfile, version)
  if (current !== null) return { outfile, isNew: false, packages: current.packages }
  await mkdir(dirname(outfile), { recursive: true })
  const result = await bundle(entry, outfile, version)
  for (const { path, text } of result.outputFiles) {
    await replaceFile(path, path === outfile ? inAscii(text) : text)
  }
  const files = Object.keys(result.metafile.inputs)
  const inputs = files.filter((path) => !path.includes('node_modules'))
  const packages = [...new Set(files.flatMap((path) => packageFolder(path) ?? []))].toSorted()
  const stamp: Stamp = { inputs, packages, digest: await digestOf(inputs, version) }
  await replaceFile(stampPath(outfile), JSON.stringify(stamp))
  return { outfile, isNew: true, packages }
}

/** Of a file in `node_modules`, also of a package that lies within another one; `null` = the file is ours. */
function packageFolder(path: string): string | null {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? null
}

function bundle(entry: string, outfile: string, version: string) {
  return esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    sourcemap: 'linked',
    // A process holds the whole text of its bundle. Names stay: those of error classes, and those in a stack.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    external: ['@azure/functions-core'],
    banner: { js: banner },
    define: { __CLOUD_SYNC_VERSION__: JSON.stringify(version) },
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
}

/**
 * The same source in ASCII, where esbuild left other characters (comments, regular expressions). V8 keeps a source as it is
 * for the life of the process, and with two bytes for each character once a single one is beyond Latin-1.
 */
function inAscii(source: string): string {
  return source.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

async function projectVersion(): Promise<string> {
  const text = await readFile(join(root, 'package.json'), 'utf8')
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(text))
  const commit = await currentCommit()
  return commit === null ? version : `${version}+${commit}`
}

/** @returns `null` without git, or outside of a repository (an unpacked release) */
async function currentCommit(): Promise<string | null> {
  try {
    const run = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: root })
    return run.stdout.trim()
  } catch {
    return null
  }
}

const stampSchema = z.object({
  inputs: z.array(z.string()),
  packages: z.array(z.string()),
  digest: z.string(),
})
type Stamp = z.output<typeof stampSchema>

function stampPath(outfile: string): string {
  return join(dirname(outfile), `.${basename(outfile)}.stamp.json`)
}

/** @returns `null` when the bundle must be made anew */
async function currentStamp(outfile: string, version: string): Promise<Stamp | null> {
  try {
    await readFile(`${outfile}.map`)
    await readFile(outfile)
    const stamp = stampSchema.parse(JSON.parse(await readFile(stampPath(outfile), 'utf8')))
    return stamp.digest === (await digestOf(stamp.inputs, version)) ? stamp : null
  } catch {
    return null
  }
}

/** Over everything a bundle is made from; packages are stood for by the lockfile. */
async function digestOf(inputs: readonly string[], version: string): Promise<string> {
  const own = relative(root, fileURLToPath(import.meta.url))
  const hash = createHash('sha256').update(version)
  for (const path of [...inputs, own, 'package.json', 'package-lock.json', 'tsconfig.json']) {
    hash.update(`\0${path}\0`).update(await readFile(resolve(root, path)))
  }
  return hash.digest('hex')
}

async function replaceFile(path: string, contents: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, contents)
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

if (import.meta.main) {
  const { outfile, isNew } = await build()
  console.log(`${relative(root, outfile)} ${isNew ? 'built' : 'is up to date'}`)
}
