import type { Account, AccountKind } from './account.ts'

/** One POST, PUT, PATCH or DELETE that was worked on; a 401 or 429 is in the request log only. */
export interface Write {
  /** 1 for the first write; never reused. */
  readonly sequence: number
  /** Arrival: milliseconds of `performance.now()` in the simulator's process. */
  readonly at: number
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly kind: AccountKind
  /** SCIM id: of the path, or the new one of a successful POST. */
  readonly id: string | null
  readonly body: unknown
  readonly status: number
  /** `ignored`: answered as a success, and nothing was changed. */
  readonly outcome: 'applied' | 'refused' | 'ignored'
  /** Text of the refusal. */
  readonly message: string | null
}

/** Something a careful client never does. */
export interface Violation {
  readonly code: 'concurrent_write'
  readonly id: string
  readonly at: number
  readonly message: string
}

/** What was written, and which writes met on one account. */
export class WriteLog {
  readonly #lastEnd = new Map<string, number>()
  readonly violations: Violation[] = []
  #writes: Write[] = []
  #sequence = 0

  get writes(): readonly Write[] {
    return this.#writes
  }

  record(write: Omit<Write, 'sequence'>): void {
    this.#sequence += 1
    this.#writes.push({ sequence: this.#sequence, ...write })
  }

  clear(): void {
    this.#writes = []
    this.violations.length = 0
  }

  /**
   * Notes that a write on this account ends now. It met another one when that one ended after this one had arrived:
   * read-modify-write on members then loses one of them (Q5).
   * @param at arrival of this write
   */
  endWrite(id: Account['id'], at: number): void {
    const previousEnd = this.#lastEnd.get(id)
    if (previousEnd !== undefined && previousEnd > at) {
      const message = `a write on ${id} began before the one before it was answered`
      this.violations.push({ code: 'concurrent_write', id, at, message })
    }
    this.#lastEnd.set(id, performance.now())
  }
}
