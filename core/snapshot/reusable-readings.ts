import { type FullAccessReading, kindOfMailbox } from '../model/mailbox.ts'
import type { StoredReading } from '../ports.ts'
import type { IdentifiedMailbox } from '../source/scope.ts'
import type { SnapshotOptions, SnapshotPorts } from './options.ts'

const hourMs = 3_600_000

/** Stored readings that spare a new one: those of this run, and those of user mailboxes that are young enough. */
export class ReusableReadings {
  readonly #stored: ReadonlyMap<string, StoredReading>
  readonly #options: SnapshotOptions
  readonly #now: number
  #fromEarlierRuns = 0
  #oldestMs = 0

  constructor(
    stored: ReadonlyMap<string, StoredReading>,
    clock: SnapshotPorts['clock'],
    options: SnapshotOptions,
  ) {
    this.#stored = stored
    this.#options = options
    this.#now = clock.now().getTime()
  }

  /** How many readings of earlier runs were taken, and the age in hours of the oldest. */
  get fromEarlierRuns(): { readonly count: number; readonly oldestHours: number } {
    return { count: this.#fromEarlierRuns, oldestHours: this.#oldestMs / hourMs }
  }

  /** The stored reading that stands for a new one, or `null` when the mailbox must be read. */
  take(mailbox: IdentifiedMailbox): FullAccessReading | null {
    const stored = this.#stored.get(mailbox.identifier)
    if (stored === undefined) return null
    if (stored.runId === this.#options.runId) return stored.reading
    const ageMs = this.#now - Date.parse(stored.readAt)
    const isWanted =
      kindOfMailbox(mailbox.recipientTypeDetails) === 'user' && stored.reading.status === 'read'
    // An age below zero means that a clock has jumped: then nobody knows the real one.
    const isYoung = ageMs >= 0 && ageMs < this.#options.userDelegationMaxAgeHours * hourMs
    if (!isWanted || !isYoung) return null
    this.#fromEarlierRuns += 1
    this.#oldestMs = Math.max(this.#oldestMs, ageMs)
    return stored.reading
  }
}
