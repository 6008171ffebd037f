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
  /** Folder of `core/web/` with `<name>.ts` and `<name>.css`. */
  readonly name: string
  /** Where the module goes. */
  readonly module: string
}

export const pages: readonly Page[] = [
  { name: 'report', module: 'core/report/report-page-assets.generated.ts' },
]

/** The text of a page's module: its script as one classic script, and its style, both readable. */
export async function makePageModule({ name }: Page): Promise<string> {
  const script = await bundleScript(name)
  const style = await bundleStyle(name)
  return [
    '// Made from core/web/ by `npm run pages`; change it there.',
    `export const script = ${literal(script)}`,
    `export const style = ${literal(style)}`,
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

/** A template literal, so that the module stays readable. */
function literal(text: string): string {
  return `String.raw\`${text.replace(/`|\$\{/g, (special) => `\${'${special}'}`)}\``
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
