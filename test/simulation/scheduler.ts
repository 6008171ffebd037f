/** Virtual time: what happens, happens as an event at a moment, one after the other, always in the same order. */

/** An event that is still to come. */
export interface Appointment {
  cancel(): void
}

interface Event {
  readonly due: number
  readonly order: number
  readonly happen: () => void
  isCancelled: boolean
}

export class Scheduler {
  #now = 0
  #order = 0
  readonly #heap: Event[] = []

  /** Milliseconds since the simulation began. */
  get now(): number {
    return this.#now
  }

  /** Lets something happen after `ms`, in whole milliseconds; of two events at one moment the one that was appointed first comes first. */
  after(ms: number, happen: () => void): Appointment {
    this.#order += 1
    const event = {
      due: this.#now + Math.max(0, Math.ceil(ms)),
      order: this.#order,
      happen,
      isCancelled: false,
    }
    push(this.#heap, event)
    return {
      cancel: () => {
        event.isCancelled = true
      },
    }
  }

  /**
   * Lets time go on until the condition holds; it is looked at after each event and all that follows from it.
   * @returns false when it does not hold after `limitMs`
   */
  async runUntil(isReached: () => boolean, limitMs: number): Promise<boolean> {
    const end = this.#now + limitMs
    await settled()
    while (!isReached()) {
      const event = pop(this.#heap)
      if (event === undefined || event.due > end) {
        if (event !== undefined) push(this.#heap, event)
        return false
      }
      if (event.isCancelled) continue
      this.#now = event.due
      event.happen()
      await settled()
    }
    return true
  }
}

/** Resolves when every promise that could settle by itself has settled: nothing here waits for the outside world. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function isBefore(left: Event, right: Event): boolean {
  return left.due < right.due || (left.due === right.due && left.order < right.order)
}

function push(heap: Event[], event: Event): void {
  heap.push(event)
  for (let child = heap.length - 1; child > 0; ) {
    const parent = (child - 1) >> 1
    if (!swapIfBefore(heap, child, parent)) return
    child = parent
  }
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  heap[0] = last
  for (let parent = 0; ; ) {
    const [left, right] = [2 * parent + 1, 2 * parent + 2]
    const leftEvent = heap[left]
    const rightEvent = heap[right]
    if (leftEvent === undefined) return first
    const least = rightEvent !== undefined && isBefore(rightEvent, leftEvent) ? right : left
    if (!swapIfBefore(heap, least, parent)) return first
    parent = least
  }
}

function swapIfBefore(heap: Event[], child: number, parent: number): boolean {
  const lower = heap[child]
  const upper = heap[parent]
  if (lower === undefined || upper === undefined || !isBefore(lower, upper)) return false
  heap[child] = upper
  heap[parent] = lower
  return true
}
