import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue'
import type { QueueOptions } from '../host-json.ts'
import { hasStatus } from '../storage/connection.ts'
import type { RpcTypedData } from '../worker/rpc.ts'

/**
 * One dequeued message, which only its latest pop receipt can change. It is renewed at half of its invisibility for as
 * long as the function runs.
 */
export class QueueMessage {
  readonly #queue: QueueClient
  readonly #item: DequeuedMessageItem
  readonly #invisibleSeconds: number
  readonly #onRenewalFailed: (error: unknown) => void
  #receipt: string
  #timer: NodeJS.Timeout | undefined
  #renewal: Promise<void> = Promise.resolve()

  constructor(
    queue: QueueClient,
    item: DequeuedMessageItem,
    invisibleSeconds: number,
    onRenewalFailed: (error: unknown) => void,
  ) {
    this.#queue = queue
    this.#item = item
    this.#invisibleSeconds = invisibleSeconds
    this.#onRenewalFailed = onRenewalFailed
    this.#receipt = item.popReceipt
  }

  get dequeueCount(): number {
    return this.#item.dequeueCount
  }

  keepInvisible(): void {
    this.#timer = setInterval(
      () => {
        this.#renewal = this.#renew()
      },
      (this.#invisibleSeconds / 2) * 1000,
    )
  }

  /** Deletes the message. That it is gone, or in other hands by now, is no fault of this delivery. */
  async delete(): Promise<void> {
    await this.#stopRenewal()
    await this.#unlessMovedOn(() => this.#queue.deleteMessage(this.#item.messageId, this.#receipt))
  }

  /** Gives the message back: it is visible again after `ms`. */
  async release(ms: number): Promise<void> {
    await this.#stopRenewal()
    await this.#unlessMovedOn(() => this.#update(Math.ceil(ms / 1000)))
  }

  /** Leaves the message as it is: it comes again when its invisibility ends. */
  async leave(): Promise<void> {
    await this.#stopRenewal()
  }

  /** Copies the message, as it is, to `<queue>-poison`, and deletes it. */
  async poison(poisonQueue: QueueClient): Promise<void> {
    await this.#stopRenewal()
    await poisonQueue.createIfNotExists()
    await poisonQueue.sendMessage(this.#item.messageText)
    await this.delete()
  }

  /** The message as the function gets it. @returns `null` when it is not encoded as host.json says */
  content(encoding: QueueOptions['messageEncoding']): string | null {
    const text = this.#item.messageText
    if (encoding === 'none') return text
    const bytes = Buffer.from(text, 'base64')
    return bytes.toString('base64') === text ? bytes.toString() : null
  }

  /** Trigger metadata under the names that the real host sends. */
  metadata(content: string): Record<string, RpcTypedData> {
    return {
      QueueTrigger: { string: content },
      Id: { json: JSON.stringify(this.#item.messageId) },
      DequeueCount: { json: String(this.#item.dequeueCount) },
      PopReceipt: { json: JSON.stringify(this.#item.popReceipt) },
      InsertionTime: { json: JSON.stringify(this.#item.insertedOn) },
      ExpirationTime: { json: JSON.stringify(this.#item.expiresOn) },
      NextVisibleTime: { json: JSON.stringify(this.#item.nextVisibleOn) },
    }
  }

  async #renew(): Promise<void> {
    try {
      await this.#update(this.#invisibleSeconds)
    } catch (error) {
      if (isMovedOn(error)) clearInterval(this.#timer)
      this.#onRenewalFailed(error)
    }
  }

  async #stopRenewal(): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewal
  }

  async #update(invisibleSeconds: number): Promise<void> {
    const { popReceipt } = await this.#queue.updateMessage(
      this.#item.messageId,
      this.#receipt,
      undefined,
      invisibleSeconds,
    )
    this.#receipt = popReceipt ?? this.#receipt
  }

  async #unlessMovedOn(call: () => Promise<unknown>): Promise<void> {
    try {
      await call()
    } catch (error) {
      if (!isMovedOn(error)) throw error
    }
  }
}

/** MessageNotFound (404) or PopReceiptMismatch (400): another delivery has the message. */
function isMovedOn(error: unknown): boolean {
  return hasStatus(error, 400, 404)
}
