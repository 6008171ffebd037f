import { expect, test } from 'vitest'
import { loopback, type Reply } from '../http/loopback.ts'
import {
  exchangeSource,
  mailboxRow,
  notFound,
  page,
  tooManyConcurrent,
} from './exchange-answers.ts'

const found: Reply = {
  body: page([{ ExternalDirectoryObjectId: 'A1', RecipientTypeDetails: 'MailUser' }]),
}
const finding = { status: 'found', identifier: 'a1', recipientTypeDetails: 'MailUser' }

/** Asks one cmdlet of a server that gives these answers, the last one again and again. */
async function ask(replies: readonly Reply[]) {
  const server = await loopback((_, number) => replies[Math.min(number, replies.length) - 1] ?? {})
  const used = exchangeSource(server.url)
  return { server, ...used, answer: used.source.findRecipient('anna') }
}

test('a refused token is replaced once, and the call goes on', async () => {
  const { server, answer } = await ask([{ status: 401 }, found])
  expect(await answer).toEqual(finding)
  expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer token-1',
    'Bearer token-2',
  ])
})

test('a refused new token ends the run with what to grant', async () => {
  const { server, answer } = await ask([{ status: 401, headers: { 'request-id': 'r-1' } }])
  await expect(answer).rejects.toMatchObject({
    code: 'EXCHANGE_UNAUTHORIZED',
    message: expect.stringMatching(/Get-Recipient.*r-1.*Exchange\.ManageAsApp/),
  })
  expect(server.received).toHaveLength(2)
})

test.each<[string, Reply]>([
  [
    'plain',
    { status: 403, headers: { 'content-type': 'application/json' }, body: new Uint8Array(4096) },
  ],
  [
    'claiming gzip',
    { status: 403, headers: { 'content-encoding': 'gzip' }, body: new Uint8Array(4096) },
  ],
])('a 403 of NUL bytes, %s, is a missing right at once', async (_, reply) => {
  const { server, answer } = await ask([reply])
  await expect(answer).rejects.toMatchObject({ code: 'EXCHANGE_FORBIDDEN' })
  expect(server.received).toHaveLength(1)
})

test.each<[string, Reply]>([
  ['a 500 without cause', { status: 500, body: 'oops' }],
  ['a sign-in page with 200', { body: '<html>' }],
  ['a body that breaks off', { headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }],
  ['a cut connection', { cut: true }],
])('%s is asked again after a growing wait, with the same client-request-id', async (_, reply) => {
  const { server, observer, answer } = await ask([reply, reply, found])
  expect(await answer).toEqual(finding)
  expect(new Set(server.received.map(({ headers }) => headers['client-request-id'])).size).toBe(1)
  expect(observer.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
  expect(observer.waits.map(({ seconds }) => Math.round(seconds))).toEqual([1, 2])
})

test('Retry-After is obeyed exactly, and told', async () => {
  const throttled = { status: 429, headers: { 'retry-after': '7' } }
  const { clock, observer, answer } = await ask([throttled, found])
  expect(await answer).toEqual(finding)
  expect(clock.monotonic()).toBe(7000)
  expect(observer.waits).toEqual([
    { upstream: 'exchange', seconds: 7, reason: "Exchange Online's throttling" },
  ])
})

test('story 21: a Retry-After longer than 30 s ends the slice', async () => {
  const { server, answer } = await ask([{ status: 429, headers: { 'retry-after': '300' } }, found])
  await expect(answer).rejects.toMatchObject({ name: 'LongWait', seconds: 300 })
  expect(server.received).toHaveLength(1)
})

test('six tries are all', async () => {
  const { server, answer } = await ask([{ status: 503, headers: { 'request-id': 'r-9' } }])
  await expect(answer).rejects.toMatchObject({
    code: 'SOURCE_INCOMPLETE',
    message: 'Exchange Online: Get-Recipient: HTTP 503 after 6 tries (request id r-9)',
  })
  expect(server.received).toHaveLength(6)
})

test('an upstream that takes connections and closes them ends as unreachable', async () => {
  const { server, answer } = await ask([{ cut: true }])
  await expect(answer).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
  expect(server.received).toHaveLength(6)
})

test('a redirect to a host of the service is followed at the configured base, to another is not', async () => {
  const at = (location: string) => ({ status: 302, headers: { location } })
  const followed = await ask([at('https://outlook.office365.com:446/regional'), found])
  expect(await followed.answer).toEqual(finding)
  expect(followed.server.received[1]).toMatchObject({
    method: 'POST',
    path: '/regional',
    headers: { authorization: 'Bearer token-1' },
    text: followed.server.received[0]?.text,
  })

  const foreign = await ask([at('https://outlook.office365.evil.example/'), found])
  await expect(foreign.answer).rejects.toMatchObject({
    code: 'SOURCE_UNREACHABLE',
    message: expect.stringMatching(/not an allowed host/),
  })
  expect(foreign.server.received).toHaveLength(1)
})

test('the concurrency text halves what is in flight, whatever its status', async () => {
  const identifiers = Array.from({ length: 60 }, (_, number) => `a${number}`)
  let inFlight = 0
  const sightings: number[] = []
  const server = await loopback(async (_, number) => {
    inFlight += 1
    sightings.push(inFlight)
    await new Promise((resolve) => setTimeout(resolve, 5))
    inFlight -= 1
    return number > 20 && number <= 24
      ? { status: 400, body: tooManyConcurrent }
      : { body: page([mailboxRow(1)]) }
  })
  const { source } = exchangeSource(server.url, 5)
  expect((await source.probeMailboxes(identifiers)).size).toBe(60)
  expect(Math.max(...sightings)).toBe(5)
  expect(Math.max(...sightings.slice(40))).toBe(2)
})

test('no other cmdlet begins while the service has asked for a pause', async () => {
  const begun: number[] = []
  const server = await loopback((_, number) => {
    begun.push(used.clock.monotonic())
    return number === 3
      ? { status: 429, headers: { 'retry-after': '20' } }
      : { ...notFound, delayMs: 2 }
  })
  const used = exchangeSource(server.url, 1)
  const probes = await used.source.probeMailboxes(['1', '2', '3', '4', '5'])
  expect([...probes.values()]).toEqual(Array.from({ length: 5 }, () => 'absent'))
  expect(begun).toEqual([0, 0, 0, 20_000, 20_000, 20_000])
})
