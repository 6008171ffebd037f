/** Versions as in Semantic Versioning 2.0.0: `1.4.0`, `1.5.0-rc.1`; build metadata (`+fcc0de3`) says nothing about order. */

const shape = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/

export function isVersion(text: string): boolean {
  return shape.test(text)
}

/**
 * Precedence (section 11).
 * @returns negative when `left` comes before `right`, 0 when neither does
 * @throws Error when one of them is no version
 */
export function compareVersions(left: string, right: string): number {
  const { numbers, prerelease } = parse(left)
  const other = parse(right)
  for (const [index, number] of numbers.entries()) {
    const difference = number - (other.numbers[index] ?? 0)
    if (difference !== 0) return difference
  }
  return comparePrereleases(prerelease, other.prerelease)
}

function parse(text: string): { numbers: number[]; prerelease: string[] } {
  const match = shape.exec(text)
  if (match === null) throw new Error(`${text} is no version (expected: 1.2.3)`)
  const [, major, minor, patch, prerelease] = match
  return { numbers: [major, minor, patch].map(Number), prerelease: prerelease?.split('.') ?? [] }
}

// 1.0.0-rc.1 comes before 1.0.0; of two lists of identifiers that begin alike the shorter one comes first.
function comparePrereleases(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length
  for (const [index, identifier] of left.entries()) {
    const other = right[index]
    if (other === undefined) return 1
    const difference = compareIdentifiers(identifier, other)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function compareIdentifiers(left: string, right: string): number {
  const [leftIsNumber, rightIsNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)]
  if (leftIsNumber && rightIsNumber) return Number(left) - Number(right)
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1
  return left === right ? 0 : left < right ? -1 : 1
}
