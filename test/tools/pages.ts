/**
 * `npm run pages`: from the sources of the pages in `core/web/` to the modules that hold them as text. They are
 * committed, because core runs unbundled in tests and tools; a test keeps them equal to their sources.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Page {
  /** Folder of `core/web/` with `<name>.ts` and `<name>.css`, and `<name>.html` where the markup is fixed. */
  readonly name: string
  readonly hasMarkup: boolean
  /** Where the module goes. */
  readonly module: string
}

export const pages: readonly Page[] = [
  {
    name: 'report',
    hasMarkup: false,
    module: 'core/report/report-page-assets.generated.ts',
  },
  {
    name: 'dashboard',
    hasMarkup: true,
    module: 'core/dashboard/dashboard-assets.generated.ts',
  },
]

/** The text of a page's module: its script as one classic script, and its style, both readable. */
export async function makePageModule({ name, hasMarkup }: Page): Promise<string> {
  const script = await bundleScript(name)
  const style = await bundleStyle(name)
  const body = hasMarkup
    ? await readFile(join(root, 'core/web', name, `${name}.html`), 'utf8')
    : null
  return [
    '// Made from core/web/ by `npm run pages`; change it there.',
    `export const script = ${literal(script)}`,
    `export const style = ${literal(style)}`,
    ...(body === null ? [] : [`export const body = ${literal(body)}`]),
    '',
  ].join('\n')
}

async function bundleScript(name: string): Promise<string> {
  return bundleText({
    entryPoints: [join(root, 'core/web', name, `${name}.ts`)],
    format: 'iife',
    tsconfig: join(root, 'core/web/tsconfig.json'),
  })
}

async function bundleStyle(name: string): Promise<string> {
  const entry = `@import './shared/base.css';\n@import './${name}/${name}.css';`
  return bundleText({
    stdin: { contents: entry, loader: 'css', resolveDir: join(root, 'core/web') },
  })
}

async function bundleText(options: esbuild.BuildOptions): Promise<string> {
  const result = await esbuild.build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    charset: 'utf8',
    target: ['chrome120', 'firefox121', 'safari17'],
    logLevel: 'silent',
    ...options,
  })
  const text = result.outputFiles?.[0]?.text ?? ''
  // Comments belong to the sources; what would end a script or style element early must not be in one.
  const clean = text.replace(/^\s*(?:\/\/|\/\*) .*\n/gm, '')
  if (/<\/(?:script|style)|<!--/i.test(clean)) throw new Error('the page would be cut short')
  return clean
}

/** One string for each line, so that a change of a source is a change of a few lines here. */
function literal(text: string): string {
  return `[\n${text
    .split('\n')
    .map((line) => `  ${JSON.stringify(line)},\n`)
    .join('')}].join('\\n')`
}

if (import.meta.main) {
  for (const page of pages) {
    await writeFile(join(root, page.module), await makePageModule(page))
    console.log(relative(process.cwd(), join(root, page.module)))
  }
}

/** The module as it is stored. */
export function readPageModule({ module }: Page): Promise<string> {
  return readFile(join(root, module), 'utf8')
}
