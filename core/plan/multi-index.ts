import { type Few, listOf, oneMore } from './few.ts'

/** Items by key, of which nearly every one has one item. */
export class MultiIndex<T> {
  readonly #items = new Map<string, Few<T>>()
  readonly #repeated = new Set<string>()

  /** How many keys there are. */
  get size(): number {
    return this.#items.size
  }

  add(key: string, item: T): void {
    const before = this.#items.get(key)
    if (before !== undefined) this.#repeated.add(key)
    this.#items.set(key, oneMore(before, item))
  }

  has(key: string): boolean {
    return this.#items.has(key)
  }

  /** All items of a key, in the order in which they were added. */
  all(key: string): readonly T[] {
    return listOf(this.#items.get(key))
  }

  /** Keys with more than one item. */
  repeated(): Iterable<string> {
    return this.#repeated
  }
}

/** Indexes a list. */
export function indexBy<T>(items: Iterable<T>, keyOf: (item: T) => string): MultiIndex<T> {
  const index = new MultiIndex<T>()
  for (const item of items) index.add(keyOf(item), item)
  return index
}
