import { randomUUID } from 'node:crypto'
import { QueueClient } from '@azure/storage-queue'
import { describe, expect, inject, test } from 'vitest'
import type { RunMessage, RunQueue } from '../../core/ports.ts'
import { parseRunMessage } from '../../functions/run-message.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { MemoryRunQueue } from '../fakes/memory-run-queue.ts'
import { openStorage } from './stores.ts'

interface OpenQueue {
  readonly queue: RunQueue
  /** Takes everything that is visible now. */
  readonly take: () => Promise<unknown[]>
}

const queues: Readonly<Record<string, () => OpenQueue>> = {
  memory: () => {
    const queue = new MemoryRunQueue(new FakeClock())
    return { queue, take: () => Promise.resolve(takeAll(queue)) }
  },
  storage: () => {
    const namePrefix = `q${randomUUID().slice(0, 8)}`
    const partition = randomUUID()
    const { queue } = openStorage({ namePrefix, partition })
    const name = `${namePrefix}cloud-sync-runs`
    const client = new QueueClient(inject('azuriteConnectionString'), name)
    const take = async () => {
      const { receivedMessageItems } = await client.receiveMessages({ numberOfMessages: 10 })
      return receivedMessageItems.map(({ messageText }) => {
        // The Functions host decodes base64 before it gives the text on.
        const text = Buffer.from(messageText, 'base64').toString()
        return parseRunMessage(text, partition)
      })
    }
    return { queue, take }
  },
}

function takeAll(queue: MemoryRunQueue): RunMessage[] {
  const messages: RunMessage[] = []
  for (let next = queue.take(); next !== null; next = queue.take()) messages.push(next)
  return messages
}

describe.each(Object.entries(queues))('run queue (%s)', (_, open) => {
  test('messages arrive whole; one with a delay is not seen before', async () => {
    const { queue, take } = open()
    await queue.enqueue({ runId: 'later' }, 3600)
    await queue.enqueue({ runId: 'first', staleMark: 'm' })
    await queue.enqueue({ runId: 'second' }, 0)
    expect(await take()).toEqual([{ runId: 'first', staleMark: 'm' }, { runId: 'second' }])
    expect(await take()).toEqual([])
  })
})

test('in memory a delayed message is seen once its time has come', async () => {
  const clock = new FakeClock()
  const queue = new MemoryRunQueue(clock)
  await queue.enqueue({ runId: 'later' }, 30.2)
  expect(queue.nextVisibleAt).toBe(31_000)
  await clock.advance(30_900)
  expect(queue.take()).toBeNull()
  await clock.advance(100)
  expect(takeAll(queue)).toEqual([{ runId: 'later' }])
  expect(queue.length).toBe(0)
})
