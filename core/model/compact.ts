/** What is kept by the hundred thousand is kept small. */

/** The one empty list: most mailboxes have no delegates, and many no further names. */
export const none: readonly never[] = Object.freeze([])

/** A copy that stands alone: V8 lets a piece of a text keep the whole text that it was cut from. */
export function standAlone(text: string): string {
  return Buffer.from(text).toString()
}

/** For the one who makes an object, or keeps it small, before anybody else holds it. */
export type Writable<T> = { -readonly [Key in keyof T]: T[Key] }
