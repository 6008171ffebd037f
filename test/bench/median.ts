/** The middle of some figures; of an even number the lower one of the two. @throws RangeError when there is none */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((left, right) => left - right)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  if (middle === undefined) throw new RangeError('no figure to take the median of')
  return middle
}
