/** Seeded randomness: the same seed gives the same tenant, the same faults and the same order, on every machine. */

export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  /** One item of a list that is not empty. @throws RangeError when it is empty */
  pick<T>(items: readonly T[]): T
  /** `count` different items, fewer when the list is shorter. */
  sample<T>(items: readonly T[], count: number): T[]
  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[]
  /** A GUID of version 4 form, lower case. */
  guid(): string
  /** An independent generator, so that one consumer's draws never move another's. */
  fork(label: string): Random
}

/** A generator by mulberry32. @param seed any whole number */
export function createRandom(seed: number): Random {
  const next = mulberry32(seed)
  const integer = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  const random: Random = {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (items) => pick(items, next),
    sample: (items, count) => sample(items, count, next),
    shuffle: (items) => sample(items, items.length, next),
    guid: () => guid(next),
    fork: (label) => createRandom(hash(`${seed}/${label}`)),
  }
  return random
}

function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

function pick<T>(items: readonly T[], next: () => number): T {
  if (items.length === 0) throw new RangeError('nothing to pick from')
  return items[Math.floor(next() * items.length)] as T
}

function sample<T>(items: readonly T[], count: number, next: () => number): T[] {
  const copy = [...items]
  const size = Math.min(count, copy.length)
  for (let at = 0; at < size; at++) {
    const other = at + Math.floor(next() * (copy.length - at))
    const moved = copy[at] as T
    copy[at] = copy[other] as T
    copy[other] = moved
  }
  copy.length = size
  return copy
}

// Joined, not concatenated: a large tenant holds hundreds of thousands of these, and a joined text is one flat piece.
function guid(next: () => number): string {
  const word = () =>
    Math.floor(next() * 4_294_967_296)
      .toString(16)
      .padStart(8, '0')
  const [one, two, three, four] = [word(), word(), word(), word()]
  const variant = '89ab'.charAt(Number.parseInt(three.charAt(0), 16) & 3)
  return [
    one,
    two.slice(0, 4),
    `4${two.slice(5)}`,
    `${variant}${three.slice(1, 4)}`,
    `${three.slice(4)}${four}`,
  ].join('-')
}

/** FNV-1a over UTF-16 units: a text as a 32-bit seed. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  }
  return value >>> 0
}
