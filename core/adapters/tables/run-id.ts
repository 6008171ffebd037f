// 13 digits of milliseconds last until November 2286.
const lastMillisecond = 10 ** 13 - 1
const runIdPattern = /^\d{13}-[0-9a-f]{8}$/

/**
 * A new run id: milliseconds counted backwards, so that tables list the newest run first, then 8 hex digits.
 * @param random a number in [0, 1), as `Math.random` gives it
 */
export function newRunId(now: Date, random: () => number = Math.random): string {
  const inverted = String(lastMillisecond - now.getTime()).padStart(13, '0')
  const hex = Math.floor(random() * 2 ** 32).toString(16)
  return `${inverted}-${hex.padStart(8, '0')}`
}

/** False for anything that `newRunId` cannot have made: such a text from outside never becomes a key. */
export function isRunId(text: string): boolean {
  return runIdPattern.test(text)
}
