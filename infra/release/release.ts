/**
 * `npm run release`: everything that a release publishes, into `dist/release`. From the environment: `RELEASE_BASE_URL`
 * (where the files will be, without redirects) and `RELEASE_SIGNING_KEY` (Ed25519 or RSA private key as PEM).
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as esbuild from 'esbuild'
import { deployPage } from './deploy-page.ts'
import { publicKeyOf, sha256Of, signManifest } from './manifest.ts'
import { makePackage } from './package.ts'
import { bundledPackageFolders, projectFile, readParts } from './parts.ts'
import { makeSbom, readPackages } from './sbom.ts'
import { stampTemplate } from './stamp.ts'

export interface ReleaseWish {
  readonly baseUrl: string
  readonly signingKey: string
  readonly folder: string
}

/** Writes the files of a release. @returns their names */
export async function makeRelease({ baseUrl, signingKey, folder }: ReleaseWish): Promise<string[]> {
  const parts = await readParts()
  const bytes = makePackage(parts)
  const name = `cloud-sync-${parts.version}.zip`
  const template = stampTemplate(await readFile(projectFile('infra/azuredeploy.json'), 'utf8'), {
    packageUri: `${baseUrl}/${name}`,
    updateFeed: `${baseUrl}/update.json`,
    updatePublicKey: publicKeyOf(signingKey),
  })
  const packages = await readPackages(await bundledPackageFolders())
  const files: Record<string, string | Uint8Array> = {
    [name]: bytes,
    [`${name}.sha256`]: `${sha256Of(bytes)}  ${name}\n`,
    'sbom.cdx.json': makeSbom({ version: parts.version, bytes, packages }),
    'update.json': signManifest({ version: parts.version, name, bytes }, signingKey),
    'azuredeploy.json': template,
    'createUiDefinition.json': await readFile(projectFile('infra/createUiDefinition.json'), 'utf8'),
    'grant-permissions.mjs': await bundleGrantScript(),
    'README.md': deployPage({ version: parts.version, baseUrl }),
  }
  await mkdir(folder, { recursive: true })
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content)
  return Object.keys(files)
}

/** One file that runs on the Node of Azure Cloud Shell, which may be older than ours and knows no `import.meta.main`. */
async function bundleGrantScript(): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [projectFile('infra/grant-permissions.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    define: { 'import.meta.main': 'true' },
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

function required(name: string): string {
  const value = process.env[name]?.trim()
  if (value) return value
  throw new Error(`${name} is not set`)
}

if (import.meta.main) {
  const names = await makeRelease({
    baseUrl: required('RELEASE_BASE_URL').replace(/\/+$/, ''),
    signingKey: required('RELEASE_SIGNING_KEY'),
    folder: projectFile('dist/release'),
  })
  console.log(`dist/release: ${names.join(', ')}`)
}
