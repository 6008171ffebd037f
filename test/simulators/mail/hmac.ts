import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Call } from '../shared/call.ts'

/** How far a signature's date may be off: five minutes. */
const maxSkewMs = 5 * 60_000

/**
 * Checks the signature of Azure Communication Services' access key (reference local-azure, 4):
 * `METHOD\npath?query\ndate;host;sha256 of the body`, HMAC-SHA256 with the base64-decoded key.
 * @returns what is wrong with it, `null` when it is right
 */
export function signatureFault(call: Call, accessKey: string, now: Date): string | null {
  const { authorization = '', host = '' } = call.headers
  const date = String(call.headers['x-ms-date'] ?? '')
  const contentHash = String(call.headers['x-ms-content-sha256'] ?? '')
  const found =
    /^HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=(\S+)$/.exec(
      authorization,
    )
  if (found === null) return 'the authorization header is no HMAC-SHA256 signature'
  if (!(Math.abs(Date.parse(date) - now.getTime()) <= maxSkewMs)) return 'x-ms-date is not now'
  if (contentHash !== createHash('sha256').update(call.rawBody).digest('base64')) {
    return 'x-ms-content-sha256 is not the hash of the body'
  }
  const query = call.query.toString()
  const target = query === '' ? call.path : `${call.path}?${query}`
  const text = `${call.method}\n${target}\n${date};${host};${contentHash}`
  const expected = createHmac('sha256', Buffer.from(accessKey, 'base64')).update(text).digest()
  const given = Buffer.from(found[1] ?? '', 'base64')
  const isEqual = given.length === expected.length && timingSafeEqual(given, expected)
  return isEqual ? null : 'the signature does not fit'
}
