/**
 * Keys of table rows. `/ \ # ?` and control characters are forbidden in keys, and `%` makes trouble in addresses:
 * percent-encoding with `=` in the place of `%` is safe and can be undone (`=` itself is encoded).
 */

/** A text as a key; letters, digits and `-` stay as they are, so GUIDs are readable. */
export function encodeKey(text: string): string {
  return encodeURIComponent(text).replaceAll('%', '=')
}

/** The text behind a key that `encodeKey` made. A key made by hand comes back as it is. */
export function decodeKey(key: string): string {
  if (!key.includes('=')) return key
  try {
    return decodeURIComponent(key.replaceAll('=', '%'))
  } catch {
    return key
  }
}

const sequenceDigits = 8

/** RowKey of a change: its sequence, zero-padded, so that rows are listed in order. */
export function sequenceKey(sequence: number): string {
  return String(sequence).padStart(sequenceDigits, '0')
}

/** Helper rows (`lease`, `part-…`, `slot-…`) begin with a letter; rows of runs and changes with a digit, before this. */
export const afterDigits = ':'

/** The least text that is greater than every text with this beginning. */
export function afterPrefix(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
}
