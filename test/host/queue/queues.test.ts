import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { bundleFixture } from '../fixtures/bundle.ts'
import { queueClient, storage, uniqueName } from '../fixtures/storage.ts'
import { type HostProcess, startHost } from '../start-host.ts'

const option = (name: string) => `AzureFunctionsJobHost__extensions__queues__${name}`

async function startQueue(queue: string, env: Record<string, string> = {}): Promise<HostProcess> {
  return startHost({
    bundle: await bundleFixture('queue'),
    env: {
      FIXTURE_STORAGE: storage(),
      FIXTURE_QUEUE: queue,
      [option('maxPollingInterval')]: '00:00:00.2',
      [option('visibilityTimeout')]: '00:00:00',
      ...env,
    },
  })
}

const message = (name: string, { failUntil = 0, ms = 0 } = {}) =>
  Buffer.from(JSON.stringify({ name, failUntil, ms })).toString('base64')

const begins = (host: HostProcess, name: string) =>
  host.lines.filter((line) => line.includes(`${name} begins`))

async function depth(queue: string): Promise<number | undefined> {
  if (!(await queueClient(queue).exists())) return undefined
  return (await queueClient(queue).getProperties()).approximateMessagesCount
}

async function untilDepth(queue: string, expected: number): Promise<void> {
  for (let tries = 0; tries < 100 && (await depth(queue)) !== expected; tries++) await sleep(20)
  expect(await depth(queue)).toBe(expected)
}

// They spend their time waiting for messages, so they wait together.
describe.concurrent('queues', { timeout: 60_000 }, () => {
  test('the queue is made, a message runs its function with its metadata and is deleted', async () => {
    const queue = uniqueName()
    await using host = await startQueue(queue)
    const { messageId } = await queueClient(queue).sendMessage(message('one'))
    const line = await host.waitForLine(/one begins/)
    const metadata = JSON.parse(/begins (.*)$/.exec(line)?.[1] ?? '')
    expect(metadata).toMatchObject({
      id: messageId,
      dequeueCount: 1,
      queueTrigger: { name: 'one' },
    })
    expect(metadata.popReceipt).toEqual(expect.any(String))
    expect(Date.parse(metadata.insertionTime)).toBeGreaterThan(Date.now() - 60_000)
    expect(Date.parse(metadata.nextVisibleTime)).toBeGreaterThan(Date.now() + 500_000)
    await untilDepth(queue, 0)
  })

  test('a failed message is visible again after visibilityTimeout and deleted once it succeeds', async () => {
    const queue = uniqueName()
    await using host = await startQueue(queue, { [option('visibilityTimeout')]: '00:00:01' })
    await queueClient(queue).sendMessage(message('again', { failUntil: 2 }))
    await host.waitForLine(/again ended/)
    const [first = 0, second = 0] = begins(host, 'again').map((line) =>
      Date.parse(line.split(' ')[0] ?? ''),
    )
    expect(second - first).toBeGreaterThanOrEqual(950)
    await untilDepth(queue, 0)
  })

  test('after maxDequeueCount deliveries the message is in the poison queue, unchanged', async () => {
    const queue = uniqueName()
    await using host = await startQueue(queue, { [option('maxDequeueCount')]: '3' })
    const text = message('bad', { failUntil: 99 })
    await queueClient(queue).sendMessage(text)
    await host.waitForLine(/moves message/)
    await untilDepth(queue, 0)
    expect(begins(host, 'bad')).toHaveLength(3)
    const poisoned = await queueClient(`${queue}-poison`).peekMessages()
    expect(poisoned.peekedMessageItems.map(({ messageText }) => messageText)).toEqual([text])
  })

  test('a message that fails in a poison queue stays invisible for its time: no loop, no second poison queue', async () => {
    const queue = `${uniqueName()}-poison`
    await using host = await startQueue(queue, { HOST_MESSAGE_SECONDS: '1' })
    await queueClient(queue).sendMessage(message('worst', { failUntil: 2 }))
    await host.waitForLine(/worst ended/)
    const [first = 0, second = 0] = begins(host, 'worst').map((line) =>
      Date.parse(line.split(' ')[0] ?? ''),
    )
    expect(second - first).toBeGreaterThanOrEqual(900)
    expect(await queueClient(`${queue}-poison`).exists()).toBe(false)
  })

  test('a message that is not base64 goes to the poison queue without running anything', async () => {
    const queue = uniqueName()
    await using host = await startQueue(queue)
    await queueClient(queue).sendMessage('{"name":"plain"}')
    await host.waitForLine(/moves message/)
    await untilDepth(`${queue}-poison`, 1)
    expect(begins(host, 'plain')).toEqual([])
  })

  test('a message is renewed while its function runs: nobody else gets it', async () => {
    const queue = uniqueName()
    const env = { HOST_MESSAGE_SECONDS: '3' }
    await using first = await startQueue(queue, env)
    await using second = await startQueue(queue, env)
    await queueClient(queue).sendMessage(message('long', { ms: 4_000 }))
    await Promise.race([first.waitForLine(/long ended/), second.waitForLine(/long ended/)])
    await untilDepth(queue, 0)
    expect([...begins(first, 'long'), ...begins(second, 'long')]).toHaveLength(1)
  })

  test('a killed host loses nothing: the message comes again when its invisibility ends', async () => {
    const queue = uniqueName()
    await using first = await startQueue(queue, { HOST_MESSAGE_SECONDS: '1' })
    await queueClient(queue).sendMessage(message('orphan', { ms: 400 }))
    await first.waitForLine(/orphan begins/)
    first.kill('SIGKILL')
    await first.exited
    await using second = await startQueue(queue)
    expect(await second.waitForLine(/orphan begins/)).toContain('"dequeueCount":2')
  })

  test('with batchSize 1 and newBatchThreshold 0 one message runs at a time, the next at once', async () => {
    const queue = uniqueName()
    await using host = await startQueue(queue)
    for (const name of ['a', 'b', 'c']) {
      await queueClient(queue).sendMessage(message(name, { ms: 100 }))
    }
    await untilDepth(queue, 0)
    await host.waitForLine(/c ended/)
    const words = host.lines.flatMap((line) => /\] ([abc] (?:begins|ended))/.exec(line)?.[1] ?? [])
    expect(words).toEqual(['a begins', 'a ended', 'b begins', 'b ended', 'c begins', 'c ended'])
  })

  test('after functionTimeout the message is given back and the process ends with an error', async () => {
    const queue = uniqueName()
    await using host = await startQueue(queue, {
      AzureFunctionsJobHost__functionTimeout: '00:00:00.3',
      [option('visibilityTimeout')]: '00:00:01',
    })
    await queueClient(queue).sendMessage(message('endless', { ms: 60_000 }))
    const { code } = await host.exited
    expect(code).toBe(70)
    expect(host.lines.join('\n')).toContain("Timeout value of 0.3 s exceeded by 'work'")
    await sleep(1_100)
    const visible = await queueClient(queue).peekMessages()
    expect(visible.peekedMessageItems.map(({ dequeueCount }) => dequeueCount)).toEqual([1])
  })

  test('SIGTERM lets a running invocation end and delete its message', async () => {
    const queue = uniqueName()
    await using host = await startQueue(queue)
    await queueClient(queue).sendMessage(message('last', { ms: 600 }))
    await host.waitForLine(/last begins/)
    expect(await host.stop()).toEqual({ code: 0, signal: null })
    expect(host.lines.some((line) => line.includes('last ended'))).toBe(true)
    expect(await depth(queue)).toBe(0)
  })

  test('an unreachable storage account does not keep the host from starting', async () => {
    const dead = storage().replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:9')
    await using host = await startQueue(uniqueName(), { FIXTURE_STORAGE: dead })
    await host.waitForLine(/queue listener of work cannot/)
    expect((await fetch(`${host.url}/api/nothing`)).status).toBe(404)
  })
})
