import { describe, expect, test } from 'vitest'
import type { Mailbox } from '../../../core/model/mailbox.ts'
import { loopback, type Received, type Reply } from '../http/loopback.ts'
import {
  cmdletOf,
  exchangeGuid,
  exchangeSource,
  failure,
  mailboxRow,
  mailboxRows,
  page,
  refusedCursor,
  tenantId,
  truncated,
} from './exchange-answers.ts'

const invoke = `/adminapi/beta/${tenantId}/InvokeCommand`

/** A server whose pages are known by their cursor; `''` is the first. */
function pages(byCursor: Record<string, Reply | ((cursor: string) => Reply)>) {
  return loopback((request) => {
    const cursor = cursorOf(request)
    const reply = byCursor[cursor] ?? { status: 400, body: 'no such cursor' }
    return typeof reply === 'function' ? reply(cursor) : reply
  })
}

const cursorOf = ({ path }: Received) =>
  new URL(path, 'http://localhost').searchParams.get('$skiptoken') ?? ''
const next = (cursor: string) => `https://outlook.office365.com${invoke}?%24skiptoken=${cursor}`
const guids = (mailboxes: readonly Mailbox[]) => mailboxes.map((mailbox) => mailbox.exchangeGuid)

describe('a listing', () => {
  test('follows next links by POST of the same body, with the same anchor and the cookies of the pages before', async () => {
    const server = await pages({
      '': {
        headers: { 'set-cookie': ['route=backend-7; path=/; HttpOnly', 'old=1; Max-Age=60'] },
        body: page([mailboxRow(2)], next('p2')),
      },
      p2: { headers: { 'set-cookie': 'old=; Max-Age=0' }, body: page([], next('p3')) },
      p3: { body: page([mailboxRow(1)]) },
    })
    const { source, observer } = exchangeSource(server.url)
    const seen: string[][] = []
    const mailboxes = await source.listMailboxes((found) => seen.push(guids(found)))

    expect(guids(mailboxes)).toEqual([exchangeGuid(1), exchangeGuid(2)])
    expect(seen).toEqual([[exchangeGuid(2)], [exchangeGuid(1)]])
    const [first, second, third] = server.received
    expect(first?.path).toMatch(
      /^\/adminapi\/beta\/[\d-]+\/InvokeCommand\?\$select=ExternalDirectoryObjectId,ExchangeGuid,/,
    )
    expect(cmdletOf({ text: first?.text ?? '' })).toEqual({
      name: 'Get-Mailbox',
      parameters: { ResultSize: 'Unlimited' },
    })
    expect(first?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      'content-type': 'application/json; charset=utf-8',
      prefer: 'odata.maxpagesize=1000',
      'x-anchormailbox': `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${tenantId}`,
      'x-cmdletname': 'Get-Mailbox',
      'x-clientapplication': 'CloudSync',
      'x-clientmoduleversion': '1.2.3',
    })
    const stable = ['x-anchormailbox', 'prefer', 'connection-id', 'client-request-id']
    for (const later of [second, third]) {
      expect(later?.method).toBe('POST')
      expect(later?.text).toBe(first?.text)
      for (const header of stable) expect(later?.headers[header]).toBe(first?.headers[header])
    }
    expect([first, second, third].map((request) => request?.headers.cookie)).toEqual([
      undefined,
      'route=backend-7; old=1',
      'route=backend-7',
    ])
    expect(observer.calls.map(({ operation, status }) => `${operation} ${status}`)).toEqual(
      Array.from({ length: 3 }, () => 'Get-Mailbox 200'),
    )
  })

  test('keeps a mailbox that comes on two pages once', async () => {
    const server = await pages({
      '': { body: page([mailboxRow(1), mailboxRow(2)], next('p2')) },
      p2: { body: page([mailboxRow(2), mailboxRow(3)]) },
    })
    const mailboxes = await exchangeSource(server.url).source.listMailboxes()
    expect(guids(mailboxes)).toEqual([1, 2, 3].map(exchangeGuid))
  })

  test('takes next links on the configured base, and on port 446 of the public host', async () => {
    const server = await loopback((_, number) => ({
      body: page(
        [mailboxRow(number)],
        [`${server.url}${invoke}?$skiptoken=p2`, next('p3').replace('.com/', '.com:446/')][
          number - 1
        ],
      ),
    }))
    expect(await exchangeSource(server.url).source.listMailboxes()).toHaveLength(3)
    expect(server.received.map(cursorOf)).toEqual(['', 'p2', 'p3'])
  })

  test('ignores the truncation warning while there is a next page', async () => {
    const server = await pages({
      '': { body: page([mailboxRow(1)], next('p2'), [truncated]) },
      p2: { body: page([mailboxRow(2)]) },
    })
    expect(await exchangeSource(server.url).source.listMailboxes()).toHaveLength(2)
  })
})

describe('a listing is never half', () => {
  test.each<[string, Parameters<typeof pages>[0], string, RegExp]>([
    [
      'a truncated page without next link',
      { '': { body: page([mailboxRow(1)], undefined, [truncated]) } },
      'SOURCE_INCOMPLETE',
      /page 1.*truncated/,
    ],
    [
      'a next link that came before',
      {
        '': { body: page([mailboxRow(1)], next('p2')) },
        p2: { body: page([mailboxRow(2)], next('p2')) },
      },
      'SOURCE_INCOMPLETE',
      /page 2.*read before/,
    ],
    [
      'a next link to another host',
      { '': { body: page([mailboxRow(1)], 'https://evil.example/next') } },
      'SOURCE_INCOMPLETE',
      /page 1.*host that is not allowed/,
    ],
    [
      'a page that keeps failing',
      {
        '': { body: page([mailboxRow(1)], next('p2')) },
        p2: { status: 500, headers: { 'request-id': 'r-77' }, body: 'oops' },
      },
      'SOURCE_INCOMPLETE',
      /Get-Mailbox, page 2: HTTP 500 after 6 tries \(request id r-77\)/,
    ],
    [
      'a page that is never answered',
      { '': { body: page([mailboxRow(1)], next('p2')) }, p2: { cut: true } },
      'SOURCE_UNREACHABLE',
      /page 2: no usable answer in 6 tries/,
    ],
    [
      'a definite refusal',
      { '': failure(400, 'System.Management.Automation.ParameterTransformationException', 'x') },
      'SOURCE_INCOMPLETE',
      /HTTP 400, ParameterTransformationException/,
    ],
    [
      'a row that cannot be used',
      { '': { body: page([mailboxRow(1), mailboxRow(2, { ExchangeGuid: '' })]) } },
      'SOURCE_INCOMPLETE',
      /page 1, row 2: mailbox "a0.*2" has no usable ExchangeGuid/,
    ],
    [
      'a row far down a page, which is read a few rows at a time',
      { '': { body: page([...mailboxRows(1, 60), mailboxRow(61, { ExchangeGuid: '' })]) } },
      'SOURCE_INCOMPLETE',
      /page 1, row 61: mailbox ".*" has no usable ExchangeGuid/,
    ],
    [
      'a row that is none',
      { '': { body: page([null]) } },
      'SOURCE_INCOMPLETE',
      /page 1, row 1: is no mailbox/,
    ],
    ['an empty list', { '': { body: page([]) } }, 'SOURCE_EMPTY', /no mailbox at all/],
    [
      'a list whose value is null',
      { '': { body: page(null) } },
      'SOURCE_EMPTY',
      /no mailbox at all/,
    ],
    [
      'a missing right',
      { '': { status: 403, body: '\0'.repeat(4096) } },
      'EXCHANGE_FORBIDDEN',
      /app role or directory role missing, or token cached up to 24 h/,
    ],
  ])('%s', async (_, byCursor, code, message) => {
    const server = await pages(byCursor)
    await expect(exchangeSource(server.url).source.listMailboxes()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  test('pages without end that bring nothing new', async () => {
    const server = await loopback((_, number) => ({
      body: page([mailboxRow(1)], next(`p${number + 1}`)),
    }))
    await expect(exchangeSource(server.url).source.listMailboxes()).rejects.toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringMatching(/do not end/),
    })
  })
})

describe('a refused cursor', () => {
  test('starts the listing again from its first page, without the cookies of before', async () => {
    let starts = 0
    const server = await pages({
      '': () => {
        starts += 1
        return {
          headers: { 'set-cookie': `start=${starts}` },
          body: page([mailboxRow(starts)], next('p2')),
        }
      },
      p2: () => (starts < 3 ? refusedCursor : { body: page(mailboxRows(1, 2)) }),
    })
    const mailboxes = await exchangeSource(server.url).source.listMailboxes()
    expect(guids(mailboxes)).toEqual([1, 2, 3].map(exchangeGuid))
    expect(server.received.map(({ headers }) => headers.cookie)).toEqual([
      undefined,
      'start=1',
      undefined,
      'start=2',
      undefined,
      'start=3',
    ])
  })

  test('never lets a mailbox get lost that an earlier page has shown', async () => {
    let starts = 0
    const server = await pages({
      '': () => {
        starts += 1
        return { body: page([mailboxRow(starts)], next('p2')) }
      },
      p2: () => (starts === 1 ? refusedCursor : { body: page([mailboxRow(7)]) }),
    })
    await expect(exchangeSource(server.url).source.listMailboxes()).rejects.toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringContaining(exchangeGuid(1)),
    })
  })
})

describe('where no cursor is ever accepted, the listing is read in parts', () => {
  /** 1,300 users, most of them of one day, and a few of other types. */
  const users = mailboxRows(1, 1300).map((row, index) => ({
    ...row,
    WhenMailboxCreated:
      index < 200
        ? `20${String(10 + (index % 14)).padStart(2, '0')}-05-01T08:00:00.0000000Z`
        : new Date(Date.UTC(2025, 2, 3, 8) + index * 20_000).toISOString(),
  }))
  const others = [
    mailboxRow(5001, { RecipientTypeDetails: 'SharedMailbox' }),
    mailboxRow(5002, { RecipientTypeDetails: 'RoomMailbox' }),
    mailboxRow(5003, { RecipientTypeDetails: 'DiscoveryMailbox', ExternalDirectoryObjectId: '' }),
  ]
  const tenant: Record<string, unknown>[] = [...users, ...others]

  const withoutCursors = (given: { ignoreFilter?: boolean; rows?: typeof tenant } = {}) =>
    loopback((request) => {
      if (cursorOf(request) !== '') return refusedCursor
      const { parameters } = cmdletOf(request)
      const { RecipientTypeDetails: types, Filter: filter } = parameters
      const rows = (given.rows ?? tenant).filter(
        (row) =>
          (!Array.isArray(types) || types.includes(row['RecipientTypeDetails'])) &&
          (given.ignoreFilter === true ||
            isWithin(typeof filter === 'string' ? filter : '', row['WhenMailboxCreated'])),
      )
      return { body: page(rows.slice(0, 1000), rows.length > 1000 ? next('p2') : undefined) }
    })

  const isWithin = (filter: string, created: unknown) =>
    [...filter.matchAll(/WhenMailboxCreated (-ge|-lt) '([^']+)'/g)].every(([, operator, bound]) =>
      operator === '-ge'
        ? Date.parse(String(created)) >= Date.parse(String(bound))
        : Date.parse(String(created)) < Date.parse(String(bound)),
    )

  test('by type, then by ranges of the creation date, each shorter than a page', async () => {
    const server = await withoutCursors()
    const { source } = exchangeSource(server.url)
    const mailboxes = await source.listMailboxes()
    expect(new Set(guids(mailboxes))).toEqual(new Set(tenant.map((row) => row['ExchangeGuid'])))
    expect(mailboxes).toHaveLength(tenant.length)
    expect(server.received.filter(({ path }) => path.includes('skiptoken'))).toHaveLength(3)
    const filters = server.received.map((request) => cmdletOf(request).parameters['Filter'])
    const bothEnds =
      /^WhenMailboxCreated -ge '[\d-]+T[\d:]+Z' -and WhenMailboxCreated -lt '[\d-]+T[\d:]+Z'$/
    expect(filters).toContainEqual(expect.stringMatching(bothEnds))
  })

  test('and is given up when the service ignores the filter', async () => {
    const server = await withoutCursors({ ignoreFilter: true })
    await expect(exchangeSource(server.url).source.listMailboxes()).rejects.toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringMatching(/not asked for/),
    })
  })

  test('and is given up when a mailbox that was shown has no creation date to find it by', async () => {
    const rows = [...tenant]
    rows[5] = mailboxRow(6)
    const server = await withoutCursors({ rows })
    await expect(exchangeSource(server.url).source.listMailboxes()).rejects.toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringContaining(exchangeGuid(6)),
    })
  })

  test('and is given up when too many mailboxes were created in one second', async () => {
    const moment = '2025-03-03T08:00:00.0000000Z'
    const server = await withoutCursors({
      rows: mailboxRows(1, 1001).map((row) => ({ ...row, WhenMailboxCreated: moment })),
    })
    await expect(exchangeSource(server.url).source.listMailboxes()).rejects.toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringMatching(/created in one second/),
    })
  })
})
