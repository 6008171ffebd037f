/** The signed manifest of a release: what `core/update` reads. */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { payloadType } from '../../core/update/envelope.ts'

export interface ReleaseFile {
  readonly version: string
  /** Name of the package, beside the manifest. */
  readonly name: string
  readonly bytes: Uint8Array
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * @param privateKey Ed25519 or RSA as PEM
 * @returns a DSSE envelope as text
 */
export function signManifest({ version, name, bytes }: ReleaseFile, privateKey: string): string {
  const manifest = { version, package: name, sha256: sha256Of(bytes), size: bytes.byteLength }
  const payload = Buffer.from(JSON.stringify(manifest))
  const key = createPrivateKey(privateKey)
  const head = `DSSEv1 ${payloadType.length} ${payloadType} ${payload.byteLength} `
  const digest = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  const sig = sign(digest, Buffer.concat([Buffer.from(head), payload]), key).toString('base64')
  return `${JSON.stringify({ payloadType, payload: payload.toString('base64'), signatures: [{ sig }] }, null, 2)}\n`
}

/** The value of `CLOUD_SYNC__UPDATE_PUBLIC_KEY` that belongs to a private key: base64 in one line. */
export function publicKeyOf(privateKey: string): string {
  const key = createPublicKey(privateKey)
  return key.export({ type: 'spki', format: 'der' }).toString('base64')
}
