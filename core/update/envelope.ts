/**
 * The signed release manifest: a DSSE envelope (Dead Simple Signing Envelope 1.0.2, as in-toto and Sigstore use it).
 * The signature is over the payload's type and bytes, so that nothing signed for another use passes for a manifest.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import * as z from 'zod'
import { UpdateRefusal } from './refusal.ts'

export const payloadType = 'application/vnd.cloud-sync.release+json'

const envelopeSchema = z.object({
  payloadType: z.literal(payloadType),
  payload: z.base64(),
  signatures: z.array(z.object({ sig: z.base64() })).min(1),
})

const leastRsaBits = 2048

/**
 * Gives the signed bytes, once a signature has been verified.
 * @param text the feed's answer
 * @param publicKey `UPDATE_PUBLIC_KEY`: PEM, or the base64 of it without its first and last line
 * @throws UpdateRefusal `manifest_invalid`, `signature_wrong`
 */
export function openEnvelope(text: string, publicKey: string): Uint8Array {
  const key = readPublicKey(publicKey)
  const parsed = envelopeSchema.safeParse(jsonOf(text))
  if (!parsed.success) {
    throw new UpdateRefusal('manifest_invalid', 'The update feed gave no signed release manifest.')
  }
  const payload = Buffer.from(parsed.data.payload, 'base64')
  const signed = preAuthEncoding(payload)
  const isSigned = parsed.data.signatures.some(({ sig }) =>
    verify(digestOf(key), signed, key, Buffer.from(sig, 'base64')),
  )
  if (isSigned) return payload
  throw new UpdateRefusal(
    'signature_wrong',
    'The release manifest of the update feed is not signed with the key in CLOUD_SYNC__UPDATE_PUBLIC_KEY.',
  )
}

/** What is signed: PAE of the DSSE protocol. */
function preAuthEncoding(payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${payloadType.length} ${payloadType} ${payload.byteLength} `
  return Buffer.concat([Buffer.from(head), payload])
}

/** @throws UpdateRefusal `signature_wrong` when the setting holds no usable key: nothing can be verified with it */
function readPublicKey(text: string): KeyObject {
  const key = parseKey(text)
  const isUsable =
    key?.asymmetricKeyType === 'ed25519' ||
    (key?.asymmetricKeyType === 'rsa' &&
      (key.asymmetricKeyDetails?.modulusLength ?? 0) >= leastRsaBits)
  if (key !== null && isUsable) return key
  throw new UpdateRefusal(
    'signature_wrong',
    'CLOUD_SYNC__UPDATE_PUBLIC_KEY holds no public key: expected Ed25519, or RSA with 2048 bits or more, as PEM or base64.',
  )
}

// An app setting is one line: the line breaks of a PEM may have become blanks, `\n` or nothing.
function parseKey(text: string): KeyObject | null {
  const base64 = text.replace(/-----[A-Z ]+-----/g, '').replace(/\\n|\s/g, '')
  try {
    return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

/** Ed25519 hashes by itself. */
function digestOf(key: KeyObject): string | null {
  return key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
