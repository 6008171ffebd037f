import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleFixture } from './fixtures/bundle.ts'
import { type HostProcess, startHost } from './start-host.ts'

const key = 'local-key'
const withKey = { 'x-functions-key': key }
let host: HostProcess

beforeAll(async () => {
  const env = {
    FUNCTIONS_LOCAL_KEY: key,
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '200000',
    HOST_HTTP_SECONDS: '2',
  }
  host = await startHost({ bundle: await bundleFixture('http'), env })
})
afterAll(() => host.stop())

interface CallInit {
  readonly method?: string
  readonly body?: Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
}

const call = (path: string, init: CallInit = {}) =>
  fetch(`${host.url}${path}`, { ...init, headers: { ...withKey, ...init.headers } })

test('a function-level route asks for the key, as header or query; an anonymous one never does', async () => {
  const status = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${host.url}${path}`, { headers })
    return [answer.status, answer.status === 401 ? await answer.text() : 'body']
  }
  expect(await status('/api/items/7')).toEqual([401, ''])
  expect(await status('/api/items/7?code=wrong')).toEqual([401, ''])
  expect(await status('/api/items/7', { 'x-functions-key': `${key}x` })).toEqual([401, ''])
  expect(await status('/api/items/7', withKey)).toEqual([200, 'body'])
  expect(await status(`/api/items/7?code=${key}`)).toEqual([200, 'body'])
  expect(await status('/api/page')).toEqual([200, 'body'])
})

test('without a key in the environment nothing asks for one', async () => {
  const open = await startHost({ bundle: await bundleFixture('http') })
  const answers = await Promise.all(
    ['/api/items/7', '/admin/host/status'].map((path) => fetch(`${open.url}${path}`)),
  )
  await open.stop()
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
})

test('route parameters are decoded, optional ones may be absent, literals win and ignore case', async () => {
  const item = await call('/api/items/a%20b%2Fc/x?limit=5&limit=6')
  expect(await item.json()).toEqual({
    params: { id: 'a b%2Fc', part: 'x' },
    query: { limit: '5,6' },
  })
  expect(await (await call('/API/Items/7')).json()).toMatchObject({ params: { id: '7' } })
  expect(await (await call('/api/items/SPECIAL')).json()).toEqual({ special: true })
})

test('an unknown path, an unknown method and a path outside the prefix are all 404', async () => {
  const answers = await Promise.all([
    call('/api/nothing'),
    call('/api/items/7', { method: 'POST' }),
    call('/api/items/7/x/y'),
    call('/items/7'),
    call('/'),
  ])
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
})

test('a problem document passes through with status and headers', async () => {
  const answer = await call('/api/problem')
  expect(answer.status).toBe(409)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.headers.get('retry-after')).toBe('7')
  expect(await answer.json()).toEqual({ title: 'Conflict', status: 409 })
})

test('binary bodies arrive and return byte by byte', async () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256)
  const answer = await call('/api/echo', {
    method: 'POST',
    body: bytes,
    headers: { 'content-type': 'application/zip' },
  })
  expect(answer.headers.get('content-type')).toBe('application/zip')
  expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true)
})

test('a body above the limit is 413, whether its length is declared or not', async () => {
  const declared = await call('/api/echo', { method: 'POST', body: Buffer.alloc(200_001) })
  expect(declared.status).toBe(413)
  const chunked = await new Promise<number | undefined>((resolve, reject) => {
    const outgoing = request(`${host.url}/api/echo`, { method: 'POST', headers: withKey })
    outgoing.once('response', (answer) => resolve(answer.statusCode)).once('error', reject)
    for (let sent = 0; sent < 3; sent++) outgoing.write(Buffer.alloc(100_000))
  })
  expect(chunked).toBe(413)
})

test('a function that throws answers 500 without a body, and its stack is one line of the log', async () => {
  const answer = await call('/api/crash')
  expect([answer.status, await answer.text()]).toEqual([500, ''])
  const line = await host.waitForLine(/crash/)
  expect(line).toMatch(/^\S+Z ERROR \[crash [0-9a-f]{8}\] 'crash' failed: Error: first line\\n/)
})

test('a request without an answer is cut, and its function goes on', async () => {
  const answer = await call('/api/slow/2500')
  expect(answer.status).toBe(504)
  await host.waitForLine(/slow ended/)
})

test('log lines carry time, level, function and invocation; debug is shown where host.json lets it through', async () => {
  await call('/api/log', { method: 'POST' })
  const warning = await host.waitForLine(/planned/)
  expect(warning).toMatch(
    /^\d{4}-\d\d-\d\dT[\d:.]+Z WARN {2}\[log [0-9a-f]{8}\] planned \{"runId":"r1","changes":3\}$/,
  )
  await host.waitForLine(/DEBUG \[log [0-9a-f]{8}\] a debug line/)
  expect(host.lines.filter((line) => line.includes("Executing 'log'"))).toEqual([])
})

test('hooks run, and the app learns the address it is reached at', async () => {
  expect(await (await call('/api/hooked')).text()).toBe('replaced')
  expect(host.lines).toContain('fixture started')
  expect(await (await call('/api/environment')).json()).toEqual({
    hostname: host.url.replace('http://', ''),
  })
})

test('with HTTP streaming on, an answer flows through in parts and a failure is still a 500', async () => {
  const streaming = await startHost({ bundle: await bundleFixture('stream') })
  const answer = await fetch(`${streaming.url}/api/rows/500`, { method: 'POST', body: 'hello' })
  const text = await answer.text()
  const broken = await fetch(`${streaming.url}/api/broken`)
  await streaming.stop()
  expect(answer.headers.get('x-got')).toBe('hello')
  expect(answer.headers.get('transfer-encoding')).toBe('chunked')
  expect(text.split('\r\n').at(-2)?.slice(0, 6)).toBe('500;xx')
  expect([broken.status, await broken.text()]).toEqual([500, ''])
})
