/** None, one, or several. Nearly always one, and no list is made for it: a plan keeps some of these for every account. */
export type Few<T> = undefined | T | T[]

/** What there was, and one more. */
export function oneMore<T>(few: Few<T>, item: T): Few<T> {
  if (few === undefined) return item
  if (!Array.isArray(few)) return [few, item]
  few.push(item)
  return few
}

/** All of them, in the order in which they came. */
export function listOf<T>(few: Few<T>): readonly T[] {
  if (few === undefined) return []
  return Array.isArray(few) ? few : [few]
}

export function firstOf<T>(few: Few<T>): T | undefined {
  return Array.isArray(few) ? few[0] : few
}

/** The only one, where there is exactly one. */
export function onlyOf<T>(few: Few<T>): T | undefined {
  return Array.isArray(few) ? undefined : few
}

export function isSeveral<T>(few: Few<T>): few is T[] {
  return Array.isArray(few)
}
