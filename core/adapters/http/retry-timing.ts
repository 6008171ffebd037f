/** How long to wait before a repeat: pure functions over headers and attempt numbers. */

/**
 * Seconds that a `Retry-After` header asks for: delta-seconds or an HTTP date (RFC 9110, section 10.2.3).
 * @returns `null` when absent or unreadable; never negative
 */
export function retryAfterSeconds(header: string | null, now: Date): number | null {
  if (header === null || header.trim() === '') return null
  const text = header.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(0, (date - now.getTime()) / 1000)
}

/**
 * Exponential back-off with full jitter.
 * @param attempt 1 for the first repeat
 * @param random a number in [0, 1)
 * @returns seconds, at most `capSeconds`
 */
export function backoffSeconds(attempt: number, random: number, baseSeconds = 1, capSeconds = 60) {
  return random * Math.min(capSeconds, baseSeconds * 2 ** (attempt - 1))
}
