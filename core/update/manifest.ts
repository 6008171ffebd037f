import { createHash } from 'node:crypto'
import * as z from 'zod'
import { UpdateRefusal } from './refusal.ts'
import { isVersion } from './version.ts'

/** More than a hundred times what a package has; what is larger is no package. */
const largestPackageBytes = 200 * 1024 * 1024

const manifestSchema = z.object({
  version: z.string().refine(isVersion),
  /** Where the package is: an address, or a path beside the feed. */
  package: z.string().min(1),
  /** SHA-256 of the package, 64 hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Bytes of the package. */
  size: z.int().positive().max(largestPackageBytes),
})

export type ReleaseManifest = Readonly<z.infer<typeof manifestSchema>>

/** @throws UpdateRefusal `manifest_invalid`; unknown properties are for later versions and are ignored */
export function parseManifest(payload: Uint8Array): ReleaseManifest {
  try {
    return manifestSchema.parse(JSON.parse(new TextDecoder().decode(payload)))
  } catch (error) {
    throw new UpdateRefusal(
      'manifest_invalid',
      'The release manifest is signed, but is not one that this version understands.',
      { cause: error },
    )
  }
}

/**
 * Proves that a package is the one that was signed.
 * @throws UpdateRefusal `package_truncated`, `checksum_wrong`
 */
export function checkPackage(bytes: Uint8Array, manifest: ReleaseManifest): void {
  const { version, size, sha256 } = manifest
  if (bytes.byteLength < size) {
    throw new UpdateRefusal(
      'package_truncated',
      `The package of ${version} came with ${bytes.byteLength} of ${size} bytes.`,
    )
  }
  if (bytes.byteLength === size && createHash('sha256').update(bytes).digest('hex') === sha256) {
    return
  }
  throw new UpdateRefusal(
    'checksum_wrong',
    `The package of ${version} is not the one that the release manifest names: its checksum differs.`,
  )
}
