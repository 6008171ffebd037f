/** Signs manifests as a release does: DSSE v1, over the type and the bytes. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

const payloadType = 'application/vnd.cloud-sync.release+json'

export interface ReleaseKeys {
  readonly privateKey: KeyObject
  /** SubjectPublicKeyInfo as PEM. */
  readonly publicKey: string
}

export function createKeys(kind: 'ed25519' | 'rsa' = 'ed25519', bits = 2048): ReleaseKeys {
  const { privateKey, publicKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: bits })
      : generateKeyPairSync('ed25519')
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
}

export function signEnvelope(payload: string, { privateKey }: ReleaseKeys): string {
  const size = Buffer.byteLength(payload)
  const signed = Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${size} ${payload}`)
  const digest = privateKey.asymmetricKeyType === 'rsa' ? 'sha256' : null
  return JSON.stringify({
    payloadType,
    payload: Buffer.from(payload).toString('base64'),
    signatures: [{ sig: sign(digest, signed, privateKey).toString('base64') }],
  })
}

/** The manifest of a package. */
export function manifestOf(version: string, bytes: Uint8Array): Record<string, unknown> {
  return {
    version,
    package: `cloud-sync-${version}.zip`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.byteLength,
  }
}
