import { type Few, listOf, oneMore } from './few.ts'

/** Items by key, of which nearly every one has one item. */
export class MultiIndex<T> {
  readonly #items = new Map<string, Few<T>>()

  /** How many keys there are. */
  get size(): number {
    return this.#items.size
  }

  add(key: string, item: T): void {
    this.#items.set(key, oneMore(this.#items.get(key), item))
  }

  has(key: string): boolean {
    return this.#items.has(key)
  }

  /** All items of a key, in the order in which they were added. */
  all(key: string): readonly T[] {
    return listOf(this.#items.get(key))
  }
}

/** Indexes a list. */
export function indexBy<T>(items: Iterable<T>, keyOf: (item: T) => string): MultiIndex<T> {
  const index = new MultiIndex<T>()
  for (const item of items) index.add(keyOf(item), item)
  return index
}
