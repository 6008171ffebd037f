import { setTimeout as sleep } from 'node:timers/promises'
import type { DequeuedMessageItem, QueueClient, QueueServiceClient } from '@azure/storage-queue'
import type { QueueOptions } from '../host-json.ts'
import type { Invoker, Outcome } from '../invoker.ts'
import type { HostLog } from '../log.ts'
import type { RegisteredFunction } from '../worker/registry.ts'
import { QueueMessage } from './queue-message.ts'

export interface QueueListenerOptions {
  readonly fn: RegisteredFunction
  readonly service: QueueServiceClient
  readonly queueName: string
  readonly queues: QueueOptions
  /** How long a dequeued message stays invisible, in seconds. */
  readonly messageSeconds: number
  readonly invoker: Invoker
  readonly log: HostLog
}

const shortestPollMs = 100

/**
 * One queue trigger as the real host treats it: messages are fetched in batches, kept invisible while the function runs,
 * deleted on success, shown again after `visibilityTimeout` on failure and moved to `<queue>-poison` after
 * `maxDequeueCount` deliveries. An idle queue is asked less and less often, up to `maxPollingInterval`.
 */
export class QueueListener {
  readonly #options: QueueListenerOptions
  readonly #queue: QueueClient
  readonly #poisonQueue: QueueClient | null
  readonly #stopping = new AbortController()
  readonly #running = new Set<Promise<void>>()
  #idleMs = shortestPollMs

  constructor(options: QueueListenerOptions) {
    this.#options = options
    this.#queue = options.service.getQueueClient(options.queueName)
    // A poison queue has none of its own.
    this.#poisonQueue = options.queueName.endsWith('-poison')
      ? null
      : options.service.getQueueClient(`${options.queueName}-poison`)
  }

  /** Resolves when the queue was reached once; polling goes on in the background. */
  async start(): Promise<void> {
    await this.#attempt('create its queue', () => this.#queue.createIfNotExists())
    void this.#poll()
  }

  /** Fetches no further message. */
  stop(): void {
    this.#stopping.abort()
  }

  /** Nothing is left to give back: a message is settled by its own invocation. */
  async close(): Promise<void> {
    this.stop()
  }

  async #poll(): Promise<void> {
    const { batchSize, newBatchThreshold } = this.#options.queues
    while (!this.#stopping.signal.aborted) {
      if (this.#running.size > newBatchThreshold) {
        await Promise.race(this.#running)
        continue
      }
      const items = await this.#fetch(batchSize)
      if (items.length === 0) await this.#idle()
      else this.#idleMs = shortestPollMs
      for (const item of items) this.#begin(item)
    }
  }

  #begin(item: DequeuedMessageItem): void {
    const work = this.#attempt('process a message', () => this.#process(item))
    const tracked: Promise<void> = work.finally(() => this.#running.delete(tracked))
    this.#running.add(tracked)
  }

  async #fetch(count: number): Promise<readonly DequeuedMessageItem[]> {
    let items: readonly DequeuedMessageItem[] = []
    await this.#attempt('fetch messages', async () => {
      items = await this.#receive(count)
    })
    return items
  }

  async #receive(count: number): Promise<readonly DequeuedMessageItem[]> {
    const visibilityTimeout = this.#options.messageSeconds
    const answer = await this.#queue.receiveMessages({ numberOfMessages: count, visibilityTimeout })
    return answer.receivedMessageItems
  }

  async #process(item: DequeuedMessageItem): Promise<void> {
    const { fn, invoker, queues, messageSeconds } = this.#options
    const message = new QueueMessage(this.#queue, item, messageSeconds, (error) =>
      this.#report(`cannot renew message ${item.messageId}: ${String(error)}`),
    )
    if (this.#stopping.signal.aborted) {
      await message.release(0)
      return
    }
    const content = message.content(queues.messageEncoding)
    if (content === null || message.dequeueCount > queues.maxDequeueCount) {
      await this.#giveUp(message, item)
      return
    }
    message.keepInvisible()
    const trigger = { data: { string: content }, metadata: message.metadata(content) }
    await invoker.invoke(fn, trigger, (outcome) => this.#settle(message, item, outcome))
  }

  async #settle(message: QueueMessage, item: DequeuedMessageItem, outcome: Outcome): Promise<void> {
    const { maxDequeueCount, visibilityTimeout } = this.#options.queues
    if (outcome.status === 'succeeded') await message.delete()
    else if (message.dequeueCount >= maxDequeueCount) await this.#giveUp(message, item)
    else if (this.#poisonQueue !== null) await message.release(visibilityTimeout)
    else await message.leave()
  }

  /** Without a poison queue the message stays invisible until its time is over: else it would fail in a tight loop. */
  async #giveUp(message: QueueMessage, item: DequeuedMessageItem): Promise<void> {
    if (this.#poisonQueue === null) {
      await message.leave()
      return
    }
    this.#report(`moves message ${item.messageId} to ${this.#poisonQueue.name}`)
    await message.poison(this.#poisonQueue)
  }

  async #idle(): Promise<void> {
    await sleep(this.#idleMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
    this.#idleMs = Math.min(this.#idleMs * 2, this.#options.queues.maxPollingInterval)
  }

  /** A listener outlives any fault of its storage: it says what failed, and goes on. */
  async #attempt(what: string, call: () => Promise<unknown>): Promise<void> {
    try {
      await call()
    } catch (error) {
      this.#report(`cannot ${what}, and will try again: ${String(error)}`)
    }
  }

  #report(text: string): void {
    const { fn, log } = this.#options
    log('warning', 'Host.Triggers.Queue', 'host', `queue listener of ${fn.name} ${text}`)
  }
}
