/** The package that is deployed: host.json, a package.json without dependencies, and the bundle. Nothing is installed on Azure. */
import { strToU8, type Zippable, zipSync } from 'fflate'

export interface PackageParts {
  readonly version: string
  readonly hostJson: string
  /** `dist/index.mjs`. */
  readonly bundle: string
}

/** What Azure's worker looks at to find the functions. */
export function packageFiles({ version, hostJson, bundle }: PackageParts): Record<string, string> {
  const manifest = { name: 'cloud-sync', version, type: 'module', main: 'dist/index.mjs' }
  return {
    'host.json': hostJson,
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'dist/index.mjs': bundle,
  }
}

// The earliest time that a zip can hold: the same code gives the same bytes, whoever packs it and when.
const mtime = '1980-01-01T00:00:00'
// Azure mounts the zip as a file system of Linux: without these bits its host may not read the files, and finds no
// function without saying why.
const unix = 3
const readable = 0o644 << 16

/** @returns the zip, the same bytes for the same parts */
export function makePackage(parts: PackageParts): Uint8Array {
  const files: Zippable = {}
  for (const [name, text] of Object.entries(packageFiles(parts))) {
    files[name] = [strToU8(text), { mtime, os: unix, attrs: readable, level: 9 }]
  }
  return zipSync(files)
}
