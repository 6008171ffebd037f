/**
 * The largest size that a chart of runs shows in full. One first sync or one blocked run may be a hundred times as large
 * as every other one: it is cut, and marked so, instead of flattening the others.
 * @param sizes of the columns, in any order
 */
export function chartScale(sizes: readonly number[]): number {
  const sorted = sizes.filter((size) => size > 0).sort((left, right) => left - right)
  const usual = sorted[Math.floor((3 * (sorted.length - 1)) / 4)] ?? 1
  return Math.min(sorted.at(-1) ?? 1, 4 * usual)
}
