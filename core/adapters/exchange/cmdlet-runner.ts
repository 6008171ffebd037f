import pLimit from 'p-limit'
import { BatchPolicy } from './batch-policy.ts'
import type { CmdletReply } from './cmdlet-attempt.ts'
import { type Cmdlet, labelOf, singleTimeoutMs } from './cmdlet-wire.ts'
import type { ExchangeClient } from './exchange-client.ts'

/** Runs many small cmdlets, singly or in batches as the policy finds better. */
export class CmdletRunner {
  readonly #client: ExchangeClient
  readonly #concurrency: number
  readonly #policy: BatchPolicy

  constructor(client: ExchangeClient, concurrency: number) {
    this.#client = client
    this.#concurrency = concurrency
    this.#policy = new BatchPolicy(concurrency)
  }

  /** How many cmdlets are best given to `run` at once. */
  get preferredBatch(): number {
    return this.#policy.isSingle ? 1 : this.#policy.size
  }

  /** How many `run`s are best kept going: enough to fill every place twice, so that none waits for its next caller. */
  get parallelBatches(): number {
    return 2 * Math.ceil(this.#concurrency / this.preferredBatch)
  }

  /**
   * Asks one cmdlet about each item.
   * @returns each item with the first page of its answer, or with its definite failure
   * @throws what `ExchangeClient.invoke` throws; cmdlets that have not begun are then dropped
   */
  async run<T>(
    items: readonly T[],
    cmdletOf: (item: T) => Cmdlet,
  ): Promise<readonly (readonly [T, CmdletReply])[]> {
    const size = this.#policy.size
    // Mostly it is one at a time: the queue for many costs more than the rest.
    if (items.length <= size) return this.#runChunk(items, cmdletOf)
    const chunks = Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
      items.slice(index * size, (index + 1) * size),
    )
    const limit = pLimit(2 * Math.ceil(this.#concurrency / size))
    try {
      const replies = chunks.map((chunk) => limit(() => this.#runChunk(chunk, cmdletOf)))
      return (await Promise.all(replies)).flat()
    } catch (error) {
      limit.clearQueue()
      throw error
    }
  }

  /** Asks one cmdlet, singly. @throws as `run` */
  async runOne(cmdlet: Cmdlet): Promise<CmdletReply> {
    const reply = await this.#client.invoke(cmdlet, {
      label: labelOf(cmdlet),
      timeoutMs: singleTimeoutMs,
    })
    this.#policy.singleTook(reply.durationMs)
    return reply
  }

  async #runChunk<T>(items: readonly T[], cmdletOf: (item: T) => Cmdlet) {
    const asked = items.map((item) => ({ item, cmdlet: cmdletOf(item) }))
    const replies = this.#policy.takeBatch(asked.length)
      ? await this.#batch(asked.map(({ cmdlet }) => cmdlet))
      : null
    return Promise.all(
      asked.map(async ({ item, cmdlet }, index) => {
        const reply = replies?.[index] ?? (await this.runOne(cmdlet))
        return [item, reply] as const
      }),
    )
  }

  async #batch(cmdlets: readonly Cmdlet[]): Promise<readonly (CmdletReply | null)[] | null> {
    const reply = await this.#client.invokeBatch(cmdlets)
    if (reply === null) this.#policy.batchFailed()
    else if (reply.replies.includes(null)) this.#policy.batchWasPartial()
    else this.#policy.batchTook(cmdlets.length, reply.durationMs)
    return reply?.replies ?? null
  }
}
