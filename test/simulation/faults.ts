/** What can go wrong in a schedule, and when: each fault meets the n-th call of a class. */

/** The first word of a call's name, and Zivver's requests by what they do. */
export type CallClass =
  | 'any'
  | 'storage'
  | 'journal'
  | 'mappings'
  | 'runs'
  | 'queue'
  | 'source'
  | 'zivver_write'
  | 'zivver_read'

export interface Trigger {
  readonly call: CallClass
  /** 1 for the first call of the class in the round. */
  readonly nth: number
}

/** Where in a call a process is struck: nothing has left; the request has been worked on, or never will be; the answer is there. */
export type Moment = 'before' | 'during' | 'during_lost' | 'after'

export type Fault = { readonly at: Trigger } & (
  | { readonly kind: 'crash'; readonly moment: Moment; readonly restartMs: number }
  /** `SIGSTOP`, and after `ms` `SIGCONT`. */
  | { readonly kind: 'pause'; readonly moment: Moment; readonly ms: number }
  /** The whole machine stands still, its monotonic clock too. */
  | { readonly kind: 'freeze'; readonly moment: Moment; readonly ms: number }
  | { readonly kind: 'storage_refused' }
  | { readonly kind: 'storage_answer_lost' }
  | { readonly kind: 'storage_down'; readonly ms: number }
  | { readonly kind: 'request_lost'; readonly times: number }
  | { readonly kind: 'answer_lost'; readonly times: number }
  | { readonly kind: 'throttled'; readonly times: number; readonly retryAfter: number | null }
  | { readonly kind: 'rejected'; readonly text: string }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'zivver_down'; readonly ms: number }
  | { readonly kind: 'zivver_list_cut' }
  | { readonly kind: 'source_error' }
  | { readonly kind: 'source_list_cut' }
  | { readonly kind: 'slow_answer'; readonly ms: number }
  | { readonly kind: 'message_lost' }
  | { readonly kind: 'message_doubled' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'settings_changed' }
  | { readonly kind: 'version_changed' }
)

export type FaultKind = Fault['kind']

/** The faults of one round, in wait for their calls. */
export class Faults {
  readonly fired: Fault[] = []
  #waiting: readonly { readonly fault: Fault; readonly timesLeft: number }[]
  readonly #counts = new Map<CallClass, number>()

  constructor(faults: readonly Fault[]) {
    this.#waiting = faults.map((fault) => ({
      fault,
      timesLeft: 'times' in fault ? fault.times : 1,
    }))
  }

  /** How many calls of a class there were. */
  countOf(call: CallClass): number {
    return this.#counts.get(call) ?? 0
  }

  /** Counts a call of these classes. @returns the fault that it meets; one call meets one fault at most */
  meet(classes: readonly CallClass[]): Fault | null {
    for (const name of classes) this.#counts.set(name, this.countOf(name) + 1)
    const met = this.#waiting.find(
      ({ fault: { at } }) => classes.includes(at.call) && this.countOf(at.call) >= at.nth,
    )
    if (met === undefined) return null
    const { fault, timesLeft } = met
    const others = this.#waiting.filter((waiting) => waiting !== met)
    // Again at the very next call of its class.
    this.#waiting = timesLeft > 1 ? [{ fault, timesLeft: timesLeft - 1 }, ...others] : others
    if (!this.fired.includes(fault)) this.fired.push(fault)
    return fault
  }
}
