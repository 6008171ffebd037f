declare const completeness: unique symbol

/**
 * A list that only a complete read can make. From it, and only from it, absence may be concluded
 * (contract, section 8). Adapters seal it after their last page and their own checks of totals.
 */
export type Complete<T> = readonly T[] & { readonly [completeness]: true }

/** Seals a list as complete. Called by adapters, after the terminator and the totals were checked. */
export function sealComplete<T>(items: readonly T[]): Complete<T> {
  return items as Complete<T>
}
