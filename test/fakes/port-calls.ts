/** One call of a port, as a fake saw it. */
export interface PortCall {
  /** Port and method: `source.listMailboxes`. */
  readonly name: string
  /** What it was about: identifiers, a group id, a text, a page number. */
  readonly about: readonly string[]
}

/**
 * Looks into every call before its effect and again after it: it may wait (on the fake clock), throw (before: the
 * call never happened; after: its answer was lost), or change the fakes' data.
 */
export type Interceptor = (call: PortCall, moment: 'before' | 'after') => Promise<void> | void

/** The calls that the fakes of one world got, and the one place where faults are injected. */
export class PortCalls {
  readonly made: PortCall[] = []
  intercept: Interceptor = () => undefined
  #going = 0

  /** Calls that have begun and not ended: nothing may go on once a stage has returned. */
  get going(): number {
    return this.#going
  }

  /** The calls of one method, in order. */
  of(name: string): readonly PortCall[] {
    return this.made.filter((call) => call.name === name)
  }

  /** Answers a call: `effect` reads or changes the fake's data between the two looks of the interceptor. */
  async answer<Result>(call: PortCall, effect: () => Result): Promise<Result> {
    this.made.push(call)
    this.#going += 1
    try {
      await this.intercept(call, 'before')
      const result = effect()
      await this.intercept(call, 'after')
      return result
    } finally {
      this.#going -= 1
    }
  }
}
