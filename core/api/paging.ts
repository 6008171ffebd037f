import * as z from 'zod'

export const defaultLimit = 50
export const maximumLimit = 200

/** How many items an answer holds at most; a larger wish is cut, the continuation leads on. */
export const limitSchema = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a whole number from 1')
  .transform((text) => Math.min(Number(text), maximumLimit))

// The store's token is a key of a table: any printable text is a place in its order.
const continuationContent = z.tuple([z.string(), z.string().regex(/^[\x21-\x7e]{1,1024}$/)])

/**
 * Makes an opaque continuation.
 * @param scope what it belongs to (route and filter): a continuation of another list is refused
 * @param token the store's own
 */
export function encodeContinuation(scope: string, token: string): string {
  return Buffer.from(JSON.stringify([scope, token])).toString('base64url')
}

/** The store's token of a continuation that `encodeContinuation` made for this scope; `null` for anything else. */
export function decodeContinuation(scope: string, continuation: string): string | null {
  try {
    const text = Buffer.from(continuation, 'base64url').toString('utf8')
    const content = continuationContent.safeParse(JSON.parse(text))
    return content.success && content.data[0] === scope ? content.data[1] : null
  } catch {
    return null
  }
}
