import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { jsonAnswer } from './call.ts'
import { fault } from './fault-rule.ts'
import { createRandom } from './random.ts'
import { type SimulatorServer, startServer } from './server.ts'

let server: SimulatorServer
let handled: string[]

beforeEach(async () => {
  handled = []
  server = await startServer({
    handle: (call) => {
      handled.push(call.path)
      return jsonAnswer(200, { echoed: call.body ?? null, ...call.tags })
    },
    describe: (call) => ({ operation: call.path.slice(1) }),
    actions: { add: ({ left, right }) => ({ sum: Number(left) + Number(right) }) },
    snapshot: () => ({ handled: handled.length }),
  })
})
afterEach(() => server.close())

const post = (path: string, body: unknown, method = 'POST') =>
  fetch(server.url + path, { method, body: JSON.stringify(body) })
const statuses = async (path: string, count: number) => {
  const seen: number[] = []
  for (let at = 0; at < count; at++) seen.push((await fetch(server.url + path)).status)
  return seen
}

describe('request log', () => {
  test('remembers every call with its parsed body, chosen headers, tags and status, and no token', async () => {
    await fetch(`${server.url}/users?count=1`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret-token', prefer: 'odata.maxpagesize=2' },
      body: '{"name":"Anna"}',
    })
    expect(server.log.entries).toMatchObject([
      {
        sequence: 1,
        method: 'POST',
        path: '/users',
        query: { count: '1' },
        headers: { prefer: 'odata.maxpagesize=2', authorization: 'Bearer …' },
        body: { name: 'Anna' },
        tags: { operation: 'users' },
        status: 200,
        fault: null,
      },
    ])
    expect(JSON.stringify(server.log.entries)).not.toContain('secret-token')
  })

  test('can be read, counted and cleared from another process, and does not log that', async () => {
    await statuses('/users', 2)
    await statuses('/groups', 1)
    const read = await (await fetch(`${server.url}/__control/log?since=1`)).json()
    expect(read).toMatchObject({ entries: [{ path: '/users' }, { path: '/groups' }] })
    const counted = await post('/__control/log/count', {
      tags: { operation: 'USERS' },
      status: 200,
    })
    expect(await counted.json()).toEqual({ count: 2 })
    await post('/__control/log', undefined, 'DELETE')
    expect(server.log.entries).toEqual([])
  })
})

describe('faults', () => {
  test('fire on the chosen calls only, and tell it in the log', async () => {
    server.faults.add({
      match: { path: '^/users$', method: 'get' },
      nth: [2, 3],
      action: fault.status(503, { error: 'busy' }, { 'retry-after': '7' }),
    })
    expect(await statuses('/users', 4)).toEqual([200, 503, 503, 200])
    expect(await statuses('/groups', 1)).toEqual([200])
    expect(server.log.count((entry) => entry.fault === 'answer')).toBe(2)
    expect(handled).toHaveLength(3)
  })

  test('an answer can be lost before or after the work was done', async () => {
    server.faults.once({}, fault.closedBefore())
    await expect(fetch(`${server.url}/a`)).rejects.toThrow('fetch failed')
    server.faults.once({}, fault.answerLost())
    await expect(fetch(`${server.url}/b`)).rejects.toThrow('fetch failed')
    expect(handled).toEqual(['/b'])
    expect(server.log.entries.map((entry) => entry.status)).toEqual([0, 0])
  })

  test('a call can be accepted and never answered', async () => {
    server.faults.once({}, fault.neverAnswered())
    const call = fetch(server.url, { signal: AbortSignal.timeout(100) })
    await expect(call).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  test('a body can be cut off, left unfinished, or come slowly', async () => {
    server.faults.once({}, { kind: 'truncate', bytes: 5 })
    const cut = await fetch(server.url)
    await expect(cut.text()).rejects.toThrow('terminated')
    server.faults.once({}, { kind: 'stall', bytes: 5 })
    const stalled = await fetch(server.url, { signal: AbortSignal.timeout(100) })
    await expect(stalled.text()).rejects.toMatchObject({ name: 'TimeoutError' })
    server.faults.once({}, { kind: 'slow', ms: 60, chunks: 3 })
    const started = performance.now()
    expect(await (await fetch(server.url)).json()).toEqual({ echoed: null, operation: '' })
    expect(performance.now() - started).toBeGreaterThan(50)
  })

  test('a redirect and a page of HTML instead of JSON are answers too', async () => {
    server.faults.once({}, fault.redirect('https://fabrikam.example/elsewhere'))
    const redirected = await fetch(server.url, { redirect: 'manual' })
    expect(redirected.headers.get('location')).toBe('https://fabrikam.example/elsewhere')
    server.faults.once({}, fault.notJson())
    const page = await fetch(server.url)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html'])
  })

  test('with a probability repeat exactly for the same seed', async () => {
    server.faults.add({ probability: 0.5, action: fault.status(500) })
    const first = await statuses('/', 20)
    const twin = await startServer({ handle: () => jsonAnswer(200, {}) })
    twin.faults.add({ probability: 0.5, action: fault.status(500) })
    const second: number[] = []
    for (let at = 0; at < 20; at++) second.push((await fetch(twin.url)).status)
    await twin.close()
    expect(second).toEqual(first)
    expect(new Set(first)).toEqual(new Set([200, 500]))
  })

  test('can be set from another process; a misspelled rule is refused', async () => {
    const set = await post('/__control/faults', {
      match: { tags: { operation: 'users' } },
      times: 1,
      action: { kind: 'answer', status: 429, retryAfter: 3 },
    })
    expect(await set.json()).toEqual({ ids: ['fault-1'] })
    const throttled = await fetch(`${server.url}/users`)
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '3'])
    expect(await statuses('/users', 1)).toEqual([200])
    const refused = await post('/__control/faults', { probabilty: 1, action: { kind: 'close' } })
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain('probabilty')
  })
})

test('latency is set per route, the later rule wins, and calls in flight are counted', async () => {
  await post('/__control/latency', { ms: 40, match: { path: '^/slow' } })
  const started = performance.now()
  await Promise.all([statuses('/slow', 1), statuses('/slow', 1), statuses('/quick', 1)])
  expect(performance.now() - started).toBeGreaterThan(38)
  expect(server.load.maxInFlight).toBeGreaterThanOrEqual(2)
  server.latency.set(0)
  expect(server.latency.of({ method: 'GET', path: '/slow', rawBody: '', tags: {} })).toBe(0)
})

test('state is read and changed from another process; an unknown action names the known ones', async () => {
  const answer = await post('/__control/state', { action: 'add', left: 2, right: 3 })
  expect(await answer.json()).toEqual({ sum: 5 })
  expect(await (await fetch(`${server.url}/__control/state`)).json()).toEqual({ handled: 0 })
  const unknown = await post('/__control/state', { action: 'ad' })
  expect([unknown.status, await unknown.text()]).toEqual([400, expect.stringContaining('add')])
})

test('the seeded generator repeats, forks independently and makes valid GUIDs', () => {
  const one = createRandom(7)
  const two = createRandom(7)
  expect([one.guid(), one.integer(1, 6)]).toEqual([two.guid(), two.integer(1, 6)])
  const fork = one.fork('a').next()
  two.next()
  expect(two.fork('a').next()).toBe(fork)
  expect(createRandom(1).guid()).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
  expect(new Set(one.shuffle([1, 2, 3, 4]))).toEqual(new Set([1, 2, 3, 4]))
  expect(one.sample([1, 2], 5)).toHaveLength(2)
})
