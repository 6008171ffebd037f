/**
 * Tasks that go on side by side and end together: `end` waits for all of them and throws the first failure in time.
 * No task is left going, and no rejection unhandled. A failure in a group inside is at once one of the outer group too.
 */
export class TaskGroup {
  readonly #outer: TaskGroup | null
  readonly #going = new Set<Promise<unknown>>()
  readonly #listeners: (() => void)[] = []
  #failure: { readonly error: unknown } | null = null

  constructor(outer: TaskGroup | null = null) {
    this.#outer = outer
  }

  /** True once a task of this group or of one around it has failed: nothing new should begin. */
  get hasFailed(): boolean {
    return this.#failure !== null || this.#outer?.hasFailed === true
  }

  /** Tells the listener of the first failure, so that it may stop early. */
  onFailure(listener: () => void): void {
    this.#listeners.push(listener)
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

  /**
   * Maps items with at most `limit` tasks at once; results are in the order of the items. After a failure, here or
   * around, no further item is begun.
   * @throws the first failure, once all tasks have ended
   */
  async map<Item, Result>(
    items: readonly Item[],
    limit: number,
    task: (item: Item) => Promise<Result>,
  ): Promise<Result[]> {
    const results: Result[] = []
    const workers = new TaskGroup(this)
    // One iterator for all workers: each takes the next item.
    const queue = items.entries()
    const work = async (): Promise<void> => {
      for (const [index, item] of queue) {
        const result = await task(item)
        results[index] = result
        if (workers.hasFailed) return
      }
    }
    for (let count = 0; count < Math.min(limit, items.length); count += 1) void workers.start(work)
    await workers.end()
    return results
  }

  #fail(error: unknown): void {
    if (this.#failure !== null) return
    this.#failure = { error }
    for (const listener of this.#listeners) listener()
    if (this.#outer !== null) this.#outer.#fail(error)
  }
}
