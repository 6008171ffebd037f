import type { Tags } from '../../shared/call.ts'
import type { Latency } from '../../shared/latency.ts'
import { waitUntil } from '../../shared/wait-until.ts'
import type { ExchangeSettings } from '../settings.ts'

/** Counts the cmdlets of the tenant, and refuses one too many. */
export class CmdletGate {
  readonly #settings: ExchangeSettings
  readonly #latency: Latency
  #running = 0
  #open = 0
  #maxRunning = 0
  #maxOpen = 0
  #refused = 0
  #runs = new Map<string, number>()

  constructor(settings: ExchangeSettings, latency: Latency) {
    this.#settings = settings
    this.#latency = latency
  }

  get load(): CmdletLoad {
    return {
      running: this.#running,
      maxRunning: this.#maxRunning,
      maxOpen: this.#maxOpen,
      refused: this.#refused,
      runs: Object.fromEntries(this.#runs),
    }
  }

  resetLoad(): void {
    this.#maxRunning = this.#running
    this.#maxOpen = this.#open
    this.#refused = 0
    this.#runs.clear()
  }

  /** Counts cmdlets that were asked for, for as long as their HTTP call is open. */
  async whileOpen<R>(count: number, work: () => Promise<R>): Promise<R> {
    this.#open += count
    this.#maxOpen = Math.max(this.#maxOpen, this.#open)
    try {
      return await work()
    } finally {
      this.#open -= count
    }
  }

  /**
   * Runs one cmdlet; `null` when the tenant's cap is reached. Its latency includes the simulator's own work: the answer is
   * made first and held back, or a bench would take that work for time of the app's.
   * @param beganAt moment of `performance.now()` from which the latency is counted
   */
  async run<R>(tags: Tags, beganAt: number, work: () => R): Promise<R | null> {
    const cap = this.#settings.concurrencyCap
    if (cap !== null && this.#running >= cap) {
      this.#refused += 1
      return null
    }
    this.#running += 1
    this.#maxRunning = Math.max(this.#maxRunning, this.#running)
    const cmdlet = tags['cmdlet'] ?? ''
    this.#runs.set(cmdlet, (this.#runs.get(cmdlet) ?? 0) + 1)
    try {
      const wait = this.#latency.of({ method: 'POST', path: '', rawBody: '', tags })
      const result = work()
      if (wait > 0) await waitUntil(beganAt + wait)
      return result
    } finally {
      this.#running -= 1
    }
  }
}

/** Cmdlets in flight and done. */
export interface CmdletLoad {
  /** Being worked on now; items of a sequential batch run one at a time. */
  readonly running: number
  readonly maxRunning: number
  /** Most cmdlets that were asked for and not answered, every item of an open batch counted. */
  readonly maxOpen: number
  /** Refused because of the cap. */
  readonly refused: number
  /** Cmdlets begun, by name. */
  readonly runs: Readonly<Record<string, number>>
}
