import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { build } from '../../test/tools/build.ts'
import type { PackageParts } from './package.ts'

const root = new URL('../../', import.meta.url)

export function projectFile(path: string): string {
  return fileURLToPath(new URL(path, root))
}

/** The version in package.json. */
export async function projectVersion(): Promise<string> {
  const text = await readFile(projectFile('package.json'), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}

export interface BuildWish {
  /** Default: the version and commit of the project. */
  readonly version?: string
  /** Default: `dist/index.mjs`. */
  readonly outfile?: string
}

/** Folders of the packages that have files in the bundle. */
export async function bundledPackageFolders(): Promise<string[]> {
  return (await build()).packages.map(projectFile)
}

/** Builds the bundle where needed, and reads what a package is made of. */
export async function readParts(wish: BuildWish = {}): Promise<PackageParts> {
  const { outfile } = await build(wish)
  return {
    version: wish.version ?? (await projectVersion()),
    hostJson: await readFile(projectFile('host.json'), 'utf8'),
    bundle: await readFile(outfile, 'utf8'),
  }
}
