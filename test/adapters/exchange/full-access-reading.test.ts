import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Mailbox } from '../../../core/model/mailbox.ts'
import type { MailboxSource } from '../../../core/ports.ts'
import { type Loopback, loopback, type Received, type Reply } from '../http/loopback.ts'
import {
  batchOf,
  cmdletOf,
  exchangeGuid,
  exchangeSource,
  failure,
  identifier,
  isBatch,
  notFound,
  page,
  permissionRow,
  refusedCursor,
  tooManyConcurrent,
  truncated,
} from './exchange-answers.ts'

function mailbox(number: number): Mailbox {
  return {
    identifier: identifier(number),
    exchangeGuid: exchangeGuid(number),
    recipientTypeDetails: 'SharedMailbox',
    displayName: `Mailbox ${number}`,
    primarySmtpAddress: `m${number}@contoso.example`,
    secondarySmtpAddresses: [],
    accountDisabled: false,
    names: [],
  }
}

const mailboxes = (count: number) => Array.from({ length: count }, (_, index) => mailbox(index + 1))
const allow = (text: string) => ({ body: page([permissionRow(text)]) })

describe('one reading', () => {
  const readOne = async (reply: Reply) => {
    const server = await loopback(() => reply)
    const { source } = exchangeSource(server.url)
    const [reading] = await source.readFullAccess([mailbox(1)])
    return { server, reading }
  }

  test('asks by ExchangeGuid, all columns, all rows; the mailbox is the one we asked for, whatever the rows say', async () => {
    const { server, reading } = await readOne({
      body: page([
        permissionRow('NT AUTHORITY\\SELF', {
          UserSid: 'S-1-5-10',
          AccessRights: ['FullAccess, ReadPermission'],
        }),
        permissionRow('anna@contoso.example'),
        permissionRow('Reader', {
          AccessRights: ['ReadPermission'],
          Deny: 'False',
          IsInherited: 'False',
        }),
        permissionRow('Admins', { Deny: true, IsInherited: true }),
      ]),
    })
    expect(reading).toEqual({
      identifier: identifier(1),
      status: 'read',
      trustees: [{ text: 'anna@contoso.example', sid: 'S-1-5-21-1-2-3-20' }],
    })
    expect(server.received.map(cmdletOf)).toEqual([
      {
        name: 'Get-MailboxPermission',
        parameters: { Identity: exchangeGuid(1), ResultSize: 'Unlimited' },
      },
    ])
    expect(server.received[0]?.path).not.toContain('$select')
  })

  test.each<[string, Reply]>([
    ['an empty list', { body: page([]) }],
    ['null', { body: page(null) }],
  ])('of %s is nobody', async (_, reply) => {
    expect((await readOne(reply)).reading).toMatchObject({ status: 'read', trustees: [] })
  })

  test.each<[string, Reply, RegExp]>([
    ['the mailbox is gone', notFound, /no longer exists \(HTTP 404/],
    [
      'the identity is ambiguous',
      failure(400, 'System.Exception', "'x' matches multiple entries."),
      /several mailboxes/,
    ],
    [
      'Exchange refuses it for another definite reason',
      failure(400, 'System.Management.Automation.ParameterTransformationException', 'x'),
      /refused.*ParameterTransformationException/,
    ],
    [
      'a row does not say whether it denies',
      { body: page([permissionRow('a', { Deny: undefined })]) },
      /allows or denies/,
    ],
    [
      'a row does not say whether it is inherited',
      { body: page([permissionRow('a', { IsInherited: null })]) },
      /allows or denies/,
    ],
    [
      'a row has no rights',
      { body: page([permissionRow('a', { AccessRights: undefined })]) },
      /no rights/,
    ],
    ['a row has no trustee', { body: page([permissionRow('', { UserSid: '' })]) }, /no trustee/],
    ['a row is none', { body: page(['text']) }, /no trustee/],
    [
      'the rows belong to several mailboxes',
      { body: page([permissionRow('a'), permissionRow('b', { Identity: 'Other' })]) },
      /several mailboxes/,
    ],
  ])('is unknown when %s', async (_, reply, reason) => {
    expect((await readOne(reply)).reading).toEqual({
      identifier: identifier(1),
      status: 'failed',
      reason: expect.stringMatching(reason),
    })
  })

  test('goes on over further pages with the cookies of the first; a cursor lost twice makes it unknown, a truncated answer ends the run', async () => {
    const rest: Reply[] = [
      refusedCursor,
      allow('bram'),
      refusedCursor,
      refusedCursor,
      { body: page([], undefined, [truncated]) },
    ]
    const server = await loopback(({ path, headers }, number) => {
      if (!path.startsWith('/next')) {
        const body = page([permissionRow('anna')], `https://outlook.office365.com/next?p=${number}`)
        return { body, headers: { 'set-cookie': `backend=${number}` } }
      }
      const isAtHome = headers.cookie === `backend=${path.replace('/next?p=', '')}`
      return (isAtHome ? rest.shift() : undefined) ?? { status: 500 }
    })
    const { source } = exchangeSource(server.url)
    expect(await source.readFullAccess([mailbox(1)])).toMatchObject([
      { status: 'read', trustees: [{ text: 'anna' }, { text: 'bram' }] },
    ])
    expect(await source.readFullAccess([mailbox(1)])).toMatchObject([{ status: 'failed' }])
    await expect(source.readFullAccess([mailbox(1)])).rejects.toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringContaining(`Get-MailboxPermission of ${exchangeGuid(1)}, page 2`),
    })
  })

  test.each<[string, Reply, string]>([
    ['a missing right', { status: 403, body: '\0\0' }, 'EXCHANGE_FORBIDDEN'],
    ['tries that all failed', { status: 500, body: '' }, 'SOURCE_INCOMPLETE'],
  ])('ends the run on %s', async (_, reply, code) => {
    const server = await loopback(() => reply)
    const reading = exchangeSource(server.url).source.readFullAccess([mailbox(1)])
    await expect(reading).rejects.toMatchObject({ code })
  })
})

/** A tenant that counts cmdlets in flight; its batches run their items side by side or one after the other. */
async function permissionServer(given: {
  latencyMs: number
  sideBySide: boolean
  /** Changes the items of a batch, by its number from 1. */
  onBatch?: (items: BatchItem[], batch: number) => unknown
  onSingle?: (guid: string) => Reply | undefined
}): Promise<Loopback & { most: () => number; batches: () => number; singles: () => string[] }> {
  const singles: string[] = []
  let inFlight = 0
  let most = 0
  let batches = 0
  const work = async (cmdlets: number, ms: number) => {
    inFlight += cmdlets
    most = Math.max(most, inFlight)
    await sleep(ms)
    inFlight -= cmdlets
  }
  const runBatch = async (request: Received): Promise<Reply> => {
    batches += 1
    const number = batches
    const requests = batchOf(request)
    await work(
      requests.length,
      given.sideBySide ? given.latencyMs : given.latencyMs * requests.length,
    )
    const items = requests.map(({ id, body }) => ({
      id,
      status: 200,
      headers: {},
      body: page([permissionRow(String(body.CmdletInput.Parameters['Identity']))]),
    }))
    return { body: { responses: given.onBatch?.(items, number) ?? items } }
  }
  const server = await loopback(async (request) => {
    if (isBatch(request)) return runBatch(request)
    const guid = String(cmdletOf(request).parameters['Identity'])
    singles.push(guid)
    await work(1, given.latencyMs)
    return given.onSingle?.(guid) ?? allow(guid)
  })
  return { ...server, most: () => most, batches: () => batches, singles: () => singles }
}

interface BatchItem {
  id: string
  status: number
  headers: Record<string, string>
  body: unknown
}

/** Reads all, as the run does: as many calls at once and as large as the source likes best at that moment. */
async function readAll(source: MailboxSource, count: number) {
  const left = mailboxes(count)
  const texts: string[] = []
  const going = new Set<Promise<void>>()
  const readNext = async () => {
    const readings = await source.readFullAccess(left.splice(0, source.preferredBatch()))
    for (const reading of readings) {
      if (reading.status === 'read') texts.push(...reading.trustees.map(({ text }) => text))
    }
  }
  while (left.length > 0) {
    while (going.size >= source.parallelBatches()) await Promise.race(going)
    const call = readNext().finally(() => going.delete(call))
    going.add(call)
  }
  await Promise.all(going)
  return texts.sort()
}

const everyGuid = (count: number) => mailboxes(count).map(({ exchangeGuid }) => exchangeGuid)

// Latencies of 100 ms: a busy machine would have to lose as much again to be taken for a slow service.
describe('many readings', () => {
  test('go out in batches when the service runs their items side by side', async () => {
    const server = await permissionServer({ latencyMs: 100, sideBySide: true })
    const { source, observer } = exchangeSource(server.url, 8)
    expect(source.preferredBatch()).toBe(4)
    expect(await readAll(source, 40)).toEqual(everyGuid(40))
    expect(server.batches()).toBeGreaterThan(1)
    expect(server.most()).toBeLessThanOrEqual(8)
    expect(observer.calls.map(({ operation }) => operation)).toContain('$batch of 4')
  })

  test('go out singly when it runs them one after the other, after one batch to find out', async () => {
    const server = await permissionServer({ latencyMs: 100, sideBySide: false })
    const { source } = exchangeSource(server.url, 8)
    expect(await readAll(source, 40)).toEqual(everyGuid(40))
    expect(server.batches()).toBe(1)
    expect(server.most()).toBe(8)
    expect(source.preferredBatch()).toBe(1)
  })

  test('keep every place of the setting taken from the second round on', async () => {
    // The server answers only when as many cmdlets are open as there should be: four, then always five.
    const open: (() => void)[] = []
    let rounds = 0
    const server = await loopback(async (request) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      open.push(resolve)
      if (open.length === (rounds === 0 ? 4 : 5)) {
        rounds += 1
        for (const answer of open.splice(0)) answer()
      }
      await promise
      return allow(String(cmdletOf(request).parameters['Identity']))
    })
    const { source } = exchangeSource(server.url, 5)
    expect(await readAll(source, 54)).toEqual(everyGuid(54))
    expect(rounds).toBe(11)
    expect(server.maxInFlight()).toBe(5)
  })
})

describe('a batch', () => {
  /** Reads one mailbox singly, then four at once, which makes a batch. */
  async function readBatch(
    given: Omit<Parameters<typeof permissionServer>[0], 'latencyMs' | 'sideBySide'>,
  ) {
    const server = await permissionServer({ latencyMs: 20, sideBySide: true, ...given })
    const used = exchangeSource(server.url, 8)
    await used.source.readFullAccess([mailbox(9)])
    const readings = used.source.readFullAccess(mailboxes(4))
    return { server, readings, ...used }
  }

  const read = (number: number) => ({
    identifier: identifier(number),
    status: 'read',
    trustees: [expect.objectContaining({ text: exchangeGuid(number) })],
  })

  test('carries for each item its own token, headers and body', async () => {
    const { server, readings } = await readBatch({})
    await readings
    const request = server.received.find(isBatch)
    const items = batchOf({ text: request?.text ?? '' })
    expect(new Set(items.map(({ id }) => id)).size).toBe(4)
    expect(items[1]).toMatchObject({
      method: 'POST',
      url: expect.stringMatching(/\/adminapi\/beta\/[\d-]+\/InvokeCommand$/),
      headers: {
        Authorization: 'Bearer token-1',
        Prefer: 'odata.maxpagesize=1000;odata.continue-on-error',
        'X-CmdletName': 'Get-MailboxPermission',
      },
      body: {
        CmdletInput: {
          CmdletName: 'Get-MailboxPermission',
          Parameters: { Identity: exchangeGuid(2) },
        },
      },
    })
  })

  test('is matched by id: the order of its answers is free', async () => {
    const { readings, server } = await readBatch({ onBatch: (items) => items.toReversed() })
    expect(await readings).toEqual([1, 2, 3, 4].map(read))
    expect(server.singles()).toEqual([exchangeGuid(9)])
  })

  test.each<[string, (items: BatchItem[]) => unknown]>([
    ['is missing', (items) => items.filter((_, index) => index !== 2)],
    [
      'was throttled',
      (items) => change(items, 2, { status: 429, headers: { 'Retry-After': '3' }, body: '' }),
    ],
    [
      'met the concurrency limit',
      (items) => change(items, 2, { status: 400, body: tooManyConcurrent }),
    ],
    [
      'failed for a moment',
      (items) => change(items, 2, { status: 500, body: { error: { message: 'x' } } }),
    ],
    ['has an expired token', (items) => change(items, 2, { status: 401, body: null })],
    ['has no status', (items) => change(items, 2, { status: Number.NaN })],
  ])('asks an item again, alone, that %s', async (_, onBatch) => {
    const { readings, server } = await readBatch({ onBatch })
    expect(await readings).toEqual([1, 2, 3, 4].map(read))
    expect(server.singles()).toEqual([exchangeGuid(9), exchangeGuid(3)])
  })

  test('waits for a throttled item as long as it says', async () => {
    const onBatch = (items: BatchItem[]) =>
      change(items, 0, { status: 429, headers: { 'retry-after': '12' }, body: null })
    const { readings, clock } = await readBatch({ onBatch })
    await readings
    expect(clock.monotonic()).toBe(12_000)
  })

  test('makes a definite failure of one item unknown, and the others are read', async () => {
    const onBatch = (items: BatchItem[]) => change(items, 1, notFound)
    const { readings } = await readBatch({ onBatch })
    expect(await readings).toEqual([
      read(1),
      {
        identifier: identifier(2),
        status: 'failed',
        reason: expect.stringMatching(/no longer exists/),
      },
      read(3),
      read(4),
    ])
  })

  test('reads an item that has further pages from its first page on, outside the batch', async () => {
    const onBatch = (items: BatchItem[]) =>
      change(items, 0, { body: page([permissionRow('zoe')], 'https://outlook.office365.com/next') })
    const { readings } = await readBatch({ onBatch })
    expect((await readings)[0]).toEqual(read(1))
  })

  test('with an item that is forbidden ends the run', async () => {
    const { readings } = await readBatch({
      onBatch: (items) => change(items, 0, { status: 403, body: null }),
    })
    await expect(readings).rejects.toMatchObject({ code: 'EXCHANGE_FORBIDDEN' })
  })

  test.each<[string, (items: BatchItem[]) => unknown]>([
    ['with a multipart answer', () => 'multipart, not a list'],
  ])('that is none (%s) is asked singly, and there are no more batches', async (_, onBatch) => {
    const { readings, source, server } = await readBatch({ onBatch })
    expect(await readings).toEqual([1, 2, 3, 4].map(read))
    await source.readFullAccess(mailboxes(4))
    expect(server.batches()).toBe(1)
    expect(source.preferredBatch()).toBe(1)
  })
})

function change(items: readonly BatchItem[], index: number, given: object): unknown[] {
  return items.map((item, at) => (at === index ? { ...item, ...given } : item))
}

test.each([404, 405, 500])('a service without $batch (%i) is read singly', async (status) => {
  const server = await loopback((request) =>
    isBatch(request)
      ? { status, body: '' }
      : allow(String(cmdletOf(request).parameters['Identity'])),
  )
  const { source } = exchangeSource(server.url, 8)
  await source.readFullAccess([mailbox(9)])
  expect(await source.readFullAccess(mailboxes(4))).toMatchObject(
    Array.from({ length: 4 }, () => ({ status: 'read' })),
  )
  expect(server.received.filter(isBatch)).toHaveLength(1)
})
