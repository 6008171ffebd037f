/**
 * The list of parts (SBOM, CycloneDX 1.6) of a release: the packages that have files in the bundle.
 * (`npm sbom --omit dev` leaves out packages that a tool of ours needs as well: more than half of them.)
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'

const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
})

export type BundledPackage = z.output<typeof packageSchema>

/**
 * @param folders of packages
 * @returns sorted; one that is there twice in the same version counts once
 */
export async function readPackages(folders: readonly string[]): Promise<BundledPackage[]> {
  const packages = await Promise.all(
    folders.map(async (folder) =>
      packageSchema.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))),
    ),
  )
  const byPurl = new Map(packages.map((each) => [purlOf(each), each]))
  return [...byPurl.keys()].toSorted().flatMap((purl) => byPurl.get(purl) ?? [])
}

/** Package URL: the `@` of a scope is encoded. */
function purlOf({ name, version }: Pick<BundledPackage, 'name' | 'version'>): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}

export interface SbomFacts {
  readonly version: string
  /** The package that is deployed. */
  readonly bytes: Uint8Array
  readonly packages: readonly BundledPackage[]
}

/** @returns JSON; the same text for the same package */
export function makeSbom({ version, bytes, packages }: SbomFacts): string {
  const digest = createHash('sha256').update(bytes).digest('hex')
  const sbom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(digest)}`,
    version: 1,
    metadata: {
      component: {
        'bom-ref': 'cloud-sync',
        type: 'application',
        name: 'cloud-sync',
        version,
        hashes: [{ alg: 'SHA-256', content: digest }],
      },
    },
    components: packages.map((each) => ({
      'bom-ref': purlOf(each),
      type: 'library',
      name: each.name,
      version: each.version,
      purl: purlOf(each),
      ...(each.license !== undefined && { licenses: [{ expression: each.license }] }),
    })),
    dependencies: [{ ref: 'cloud-sync', dependsOn: packages.map(purlOf) }],
  }
  return `${JSON.stringify(sbom, null, 2)}\n`
}

/** A UUID of version 8 (RFC 9562, section 5.8): of our own making, from a digest. */
function uuidOf(hex: string): string {
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ]
  return [...parts, hex.slice(20, 32)].join('-')
}
