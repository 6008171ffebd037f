import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { sendHttp } from '../../../core/adapters/http/http-client.ts'
import { loopback } from './loopback.ts'

const post = {
  method: 'POST',
  headers: { authorization: 'Bearer secret' },
  body: 'body',
  timeoutMs: 2000,
}

test('a redirect keeps method, headers and body', async () => {
  const server = await loopback((_, number) =>
    number === 1 ? { status: 302, headers: { location: '/elsewhere' } } : { body: 'done' },
  )
  const answer = await sendHttp({
    ...post,
    url: `${server.url}/start`,
    redirectOrigins: [server.url],
  })
  expect(answer).toMatchObject({ status: 200, text: 'done', bodyError: null })
  expect(server.received[1]).toMatchObject({
    method: 'POST',
    path: '/elsewhere',
    text: 'body',
    headers: { authorization: 'Bearer secret' },
  })
})

test('a redirect to another origin is refused, and nothing is sent there', async () => {
  const foreign = await loopback(() => ({}))
  const server = await loopback(() => ({
    status: 307,
    headers: { location: `${foreign.url}/x?token=s` },
  }))
  const sent = sendHttp({
    ...post,
    url: `${server.url}/start?code=secret`,
    redirectOrigins: [server.url],
  })
  await expect(sent).rejects.toMatchObject({ kind: 'redirect' })
  await expect(sent).rejects.not.toThrow(/secret|token=/)
  expect(foreign.received).toEqual([])
})

test('a redirect to what is no address is an error of the upstream, not of ours', async () => {
  const server = await loopback(() => ({ status: 302, headers: { location: 'http://[' } }))
  const sent = sendHttp({ ...post, url: `${server.url}/start`, redirectOrigins: [server.url] })
  await expect(sent).rejects.toMatchObject({
    kind: 'redirect',
    message: expect.stringMatching(/^POST .*\/start was redirected to what is no address$/),
  })
})

test('a caller may send a redirect to a place of its choice', async () => {
  const server = await loopback(({ path }) =>
    path === '/start'
      ? { status: 302, headers: { location: 'https://public.example:446/a?b=1' } }
      : {},
  )
  await sendHttp({
    ...post,
    url: `${server.url}/start`,
    resolveRedirect: (target) => server.url + target.pathname + target.search,
  })
  expect(server.received[1]?.path).toBe('/a?b=1')
})

test('redirects in a circle end', async () => {
  const server = await loopback(() => ({ status: 302, headers: { location: '/again' } }))
  await expect(
    sendHttp({ ...post, url: server.url, redirectOrigins: [server.url] }),
  ).rejects.toThrow('more than 5 times')
})

test('story 20: the deadline covers an upstream that never answers and one that stops in the middle', async () => {
  const silent = await loopback(() => ({ delayMs: 400 }))
  await expect(sendHttp({ ...post, url: silent.url, timeoutMs: 50 })).rejects.toMatchObject({
    kind: 'timeout',
    message: expect.stringMatching(/no complete answer within 0.05 s/),
  })
  const stuck = await loopback(() => ({ headers: { 'content-length': '100' }, body: 'half' }))
  await expect(sendHttp({ ...post, url: stuck.url, timeoutMs: 100 })).rejects.toMatchObject({
    kind: 'timeout',
  })
})

test('a body that lies about its encoding leaves the status known', async () => {
  const server = await loopback(() => ({
    status: 403,
    headers: { 'content-encoding': 'gzip' },
    body: new Uint8Array(4096),
  }))
  const answer = await sendHttp({ ...post, url: server.url })
  expect(answer).toMatchObject({ status: 403, text: '', bodyError: expect.any(String) })
})

test('a body larger than the limit is given up, also when it is small on the wire', async () => {
  const server = await loopback(() => ({
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync('x'.repeat(10_000)),
  }))
  await expect(sendHttp({ ...post, url: server.url, maxBodyBytes: 5000 })).rejects.toMatchObject({
    kind: 'body_too_large',
  })
})

test('a sink that gives up gets no more, however much is unpacked from what has come', async () => {
  const server = await loopback(() => ({
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync('x'.repeat(1_000_000)),
  }))
  let pushes = 0
  const openBody = () => ({
    push() {
      pushes += 1
      throw new Error('not what was asked for')
    },
  })
  const answer = await sendHttp({ ...post, url: server.url, openBody })
  await new Promise(setImmediate)
  expect(answer).toMatchObject({ status: 200, bodyError: 'not what was asked for' })
  expect(pushes).toBe(1)
})

test('between two pieces of a body whose sink is slow there is a turn for everything else', async () => {
  const body = 'x'.repeat(4_000_000)
  const server = await loopback(() => ({ body }))
  let [turns, bytes, lastTurn, sharedTurns] = [0, 0, -1, 0]
  const count = (): void => {
    turns += 1
    if (bytes < body.length) setImmediate(count)
  }
  count()
  const openBody = () => ({
    isSlow: true,
    push(chunk: Buffer) {
      bytes += chunk.length
      if (turns === lastTurn) sharedTurns += 1
      lastTurn = turns
    },
  })
  await sendHttp({ ...post, url: server.url, openBody })
  expect({ bytes, sharedTurns }).toEqual({ bytes: body.length, sharedTurns: 0 })
})

test('a refused connection is told with host and path, without the query', async () => {
  await expect(
    sendHttp({ ...post, url: 'http://127.0.0.1:1/path?code=secret' }),
  ).rejects.toMatchObject({
    kind: 'connection',
    message: expect.stringMatching(/^POST 127.0.0.1:1\/path failed/),
  })
})
