import type { QueueClient } from '@azure/storage-queue'
import type { RunMessage, RunQueue } from '../../ports.ts'
import { isMissingTable, storageFailure } from '../tables/storage-errors.ts'

/** The queue whose messages execute runs (`functions/run-message.ts` reads them). */
export const runQueueName = 'cloud-sync-runs'

// A message must not outlive its seven days while it is invisible; `resumeRuns` would send another anyway.
const maxDelaySeconds = 24 * 60 * 60

/** The storage queue of runs: created on first use, and again when somebody deleted it meanwhile. */
export class StorageRunQueue implements RunQueue {
  readonly #client: QueueClient
  readonly #tenant: string

  /** @param tenant partition of the runs; each message names it, so that a worker knows whose settings it needs */
  constructor(client: QueueClient, tenant: string) {
    this.#client = client
    this.#tenant = tenant
  }

  /** Creates the queue where it is missing; asks the service every time. */
  async create(): Promise<void> {
    try {
      await this.#client.createIfNotExists()
    } catch (error) {
      throw storageFailure(this.#place, error)
    }
  }

  /**
   * Sends a message.
   * @param delaySeconds invisible for so long, rounded up; a day at most
   * @throws SyncError `STORAGE_UNAVAILABLE`
   */
  async enqueue(message: RunMessage, delaySeconds = 0): Promise<void> {
    // The Functions host expects base64 (host.json: messageEncoding).
    const text = Buffer.from(JSON.stringify({ tenant: this.#tenant, ...message })).toString(
      'base64',
    )
    const visibilityTimeout = Math.min(Math.ceil(Math.max(0, delaySeconds)), maxDelaySeconds)
    const send = () => this.#client.sendMessage(text, { visibilityTimeout })
    try {
      await send()
    } catch (error) {
      if (!isMissingTable(error)) throw storageFailure(this.#place, error)
      await this.create()
      await send().catch((again: unknown) => {
        throw storageFailure(this.#place, again)
      })
    }
  }

  get #place(): string {
    return `queue ${this.#client.name}`
  }
}
