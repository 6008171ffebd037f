/** Items by key. Nearly every key has one item, and no list is made for those: a plan indexes every account several times. */
export class MultiIndex<T> {
  readonly #first = new Map<string, T>()
  readonly #several = new Map<string, T[]>()

  add(key: string, item: T): void {
    const first = this.#first.get(key)
    if (first === undefined) {
      this.#first.set(key, item)
      return
    }
    const several = this.#several.get(key)
    if (several === undefined) this.#several.set(key, [first, item])
    else several.push(item)
  }

  has(key: string): boolean {
    return this.#first.has(key)
  }

  /** The item of a key that has exactly one. */
  only(key: string): T | undefined {
    return this.#several.size > 0 && this.#several.has(key) ? undefined : this.#first.get(key)
  }

  /** All items of a key, in the order in which they were added. */
  all(key: string): readonly T[] {
    const several = this.#several.size > 0 ? this.#several.get(key) : undefined
    if (several !== undefined) return several
    const first = this.#first.get(key)
    return first === undefined ? [] : [first]
  }

  /** Keys with more than one item. */
  repeated(): IterableIterator<string> {
    return this.#several.keys()
  }
}

/** Indexes a list; items without a key are left out. */
export function indexBy<T>(items: Iterable<T>, keyOf: (item: T) => string | null): MultiIndex<T> {
  const index = new MultiIndex<T>()
  for (const item of items) {
    const key = keyOf(item)
    if (key !== null) index.add(key, item)
  }
  return index
}
