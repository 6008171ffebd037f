/**
 * Tasks that go on side by side and end together: `end` waits for all of them and throws the first failure in time.
 * No task is left going, and no rejection unhandled.
 */
export class TaskGroup {
  readonly #going = new Set<Promise<unknown>>()
  readonly #onFailure: () => void
  #failure: { readonly error: unknown } | null = null

  /** @param onFailure told once, at the first failure, so that the others may stop early */
  constructor(onFailure: () => void = () => undefined) {
    this.#onFailure = onFailure
  }

  get hasFailed(): boolean {
    return this.#failure !== null
  }

  /** Starts a task now. Its promise may be awaited by other tasks, or be left alone. */
  start<Result>(task: () => Promise<Result>): Promise<Result> {
    // Also a task that throws before its first await must end as a rejection.
    const result = (async () => task())()
    const ended = result
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#going.delete(ended))
    this.#going.add(ended)
    return result
  }

  /** Waits until every task, also one that another task started, has ended. @throws the first failure */
  async end(): Promise<void> {
    while (this.#going.size > 0) await Promise.all(this.#going)
    if (this.#failure !== null) throw this.#failure.error
  }

  #fail(error: unknown): void {
    if (this.#failure !== null) return
    this.#failure = { error }
    this.#onFailure()
  }
}

/**
 * Maps items with at most `limit` tasks at once; results are in the order of the items. After a failure no further
 * item is begun, and the first failure is thrown once all have ended.
 */
export async function mapLimited<Item, Result>(
  items: readonly Item[],
  limit: number,
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const group = new TaskGroup()
  // One iterator for all workers: each takes the next item.
  const queue = items.entries()
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      const result = await task(item)
      results[index] = result
      if (group.hasFailed) return
    }
  }
  for (let worker = 0; worker < Math.min(limit, items.length); worker += 1) void group.start(work)
  await group.end()
  return results
}
