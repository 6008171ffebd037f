import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { urns } from './payloads.ts'
import { scimFetch } from './scim-fetch.ts'
import { startZivver, type Zivver } from './server.ts'
import { SlidingWindow } from './sliding-window.ts'

let zivver: Zivver
let scim: ReturnType<typeof scimFetch>
const [info, anna] = ['id-info', 'id-anna']

beforeEach(async () => {
  zivver = await startZivver({
    rateLimit: null,
    accounts: [
      { kind: 'functional', id: info, address: 'info@contoso.example' },
      { kind: 'user', id: anna, address: 'anna@contoso.example' },
    ],
  })
  scim = scimFetch(zivver.url)
})
afterEach(() => zivver.close())

const suspend = () => scim('PUT', `/Users/${anna}`, { active: false })

test('a wrong key is 401, an unknown path 404, another content type 415; none of it is a write', async () => {
  expect((await scimFetch(zivver.url, 'wrong')('GET', '/Users')).status).toBe(401)
  expect((await scim('GET', '/Organization')).status).toBe(404)
  const response = await fetch(`${zivver.url}/Users`, {
    method: 'POST',
    headers: { authorization: 'Bearer zivver-key', 'content-type': 'text/plain' },
    body: '{}',
  })
  expect(response.status).toBe(415)
  expect(zivver.writes().filter(({ outcome }) => outcome !== 'refused')).toEqual([])
})

test('errors come as text, as JSON or in the form of SCIM', async () => {
  zivver.setOptions({ errorFormat: 'scim' })
  expect((await scim('GET', '/Users/x')).json).toMatchObject({
    status: '400',
    detail: 'Unknown account with uuid: x',
  })
  zivver.setOptions({ errorFormat: 'text' })
  expect((await scim('GET', '/Users/x')).json).toBeNull()
})

describe('rate limit', () => {
  test('lets the budget through and answers the rest as Zivver does', async () => {
    zivver.setOptions({ rateLimit: { budget: 3, windowSeconds: 10 } })
    const answers = []
    for (let at = 0; at < 5; at++) answers.push(await scim('GET', '/Users?count=1'))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429])
    expect(answers[4]?.json).toEqual({
      code: 429,
      message: 'Too Many Requests',
      emptiedBucketDetails: { limiterId: 'cab', budget: 3, windowSeconds: 10 },
      reference: 'https://tools.ietf.org/html/draft-polli-ratelimit-headers-02',
    })
    expect(answers[4]?.headers.get('retry-after')).toBeNull()
    expect(zivver.throttled()).toBe(2)
  })

  test('tells its state in headers where the option says so', async () => {
    zivver.setOptions({ rateLimit: { budget: 2, windowSeconds: 10, headers: 'ratelimit' } })
    const { headers } = await scim('GET', '/Users')
    expect(headers.get('ratelimit-limit')).toBe('2')
    expect(headers.get('ratelimit-remaining')).toBe('1')
    expect(headers.get('ratelimit-reset')).toBe('10')
    zivver.setOptions({ rateLimit: { budget: 1, windowSeconds: 10, headers: 'retry_after' } })
    expect((await scim('GET', '/Users')).headers.get('retry-after')).toBe('10')
  })

  test('is a sliding window, not one that starts afresh', () => {
    const window = new SlidingWindow()
    const admitted = [0, 900, 950, 1_001, 1_002, 1_901].map((at) => window.admit(at, 2, 1_000))
    expect(admitted).toEqual([true, true, false, true, false, true])
    expect(window.room(1_950, 2, 1_000)).toEqual({ remaining: 0, resetMs: 51 })
  })

  test('counts a call when it arrives, however long it is worked on', async () => {
    zivver.setOptions({ rateLimit: { budget: 1, windowSeconds: 0.3 } })
    zivver.latency.set(400, { path: 'Users' })
    const both = await Promise.all([scim('GET', '/Users'), scim('GET', '/Groups')])
    expect(both.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 429]))
  })
})

describe('write log', () => {
  test('holds each write with its body and its end, refused ones too', async () => {
    await suspend()
    await scim('PUT', '/Users/nobody', { active: false })
    expect(zivver.writes()).toEqual([
      {
        sequence: 1,
        at: expect.any(Number),
        method: 'PUT',
        kind: 'user',
        id: anna,
        body: { schemas: [urns.user], active: false },
        status: 200,
        outcome: 'applied',
        message: null,
      },
      expect.objectContaining({
        id: 'nobody',
        status: 400,
        outcome: 'refused',
        message: 'Unknown account with uuid: nobody',
      }),
    ])
  })

  test('notices two writes that meet on one account, and only those', async () => {
    await suspend()
    await suspend()
    zivver.latency.set(30)
    await Promise.all([suspend(), scim('PUT', `/Groups/${info}`, { displayName: 'x' })])
    expect(zivver.violations()).toEqual([])
    await Promise.all([suspend(), suspend()])
    expect(zivver.violations()).toMatchObject([{ code: 'concurrent_write', id: anna }])
  })

  test('an ignored write is answered as a success and changes nothing', async () => {
    zivver.ignoreWrites({ tags: { id: anna } })
    const ignored = await suspend()
    expect([ignored.status, ignored.json?.['active']]).toEqual([200, true])
    expect(zivver.writes()).toMatchObject([{ outcome: 'ignored' }])
    expect((await suspend()).json?.['active']).toBe(false)
  })
})

test('faults and counts find calls by their names', async () => {
  zivver.faults.once(
    { tags: { access: 'write', address: 'Info@contoso.example' } },
    { kind: 'answer', status: 503 },
  )
  const rename = { externalId: 'info@contoso.example' }
  expect((await suspend()).status).toBe(200)
  expect((await scim('PUT', `/Groups/${info}`, rename)).status).toBe(503)
  expect((await scim('PUT', `/Groups/${info}`, rename)).status).toBe(200)
  expect(zivver.log.count({ tags: { operation: 'replace', kind: 'functional' } })).toBe(2)
})

test('a hand edit keeps one owner per address', () => {
  zivver.state.edit(anna, { address: 'a@contoso.example', aliases: ['anna@contoso.example'] })
  expect(zivver.state.ownerOf('anna@contoso.example')?.id).toBe(anna)
  expect(() => zivver.state.edit(info, { aliases: ['a@contoso.example'] })).toThrow(anna)
})

test('runs as a process of its own, seeded, driven and read from outside', async () => {
  const setup = {
    key: 'k',
    accounts: [{ kind: 'user', id: anna, address: 'anna@contoso.example' }],
  }
  const program = fileURLToPath(new URL('./serve.ts', import.meta.url))
  const child = fork(program, [JSON.stringify(setup)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [{ url, origin }] = (await once(child, 'message')) as [{ url: string; origin: string }]
  const act = async (input: object) => {
    const body = JSON.stringify(input)
    const answer = await fetch(`${origin}/__control/state`, { method: 'POST', body })
    return [answer.status, await answer.json()]
  }
  const seeds = [
    {
      kind: 'functional',
      id: info,
      address: 'info@contoso.example',
      delegates: ['anna@contoso.example'],
    },
  ]
  expect(await act({ action: 'seed', accounts: seeds })).toEqual([200, { ids: [info] }])
  expect(await act({ action: 'edit', id: anna, change: { displayName: 'Anna' } })).toMatchObject([
    200,
    { displayName: 'Anna' },
  ])
  expect(await act({ action: 'set_options', options: { errorForm: 'json' } })).toMatchObject([
    400,
    { error: expect.stringContaining('errorForm') },
  ])
  await act({ action: 'ignore_writes', match: { method: 'DELETE' } })
  expect((await scimFetch(url, 'k')('DELETE', `/Users/${anna}`)).status).toBe(204)
  expect(await act({ action: 'writes' })).toMatchObject([200, { writes: [{ outcome: 'ignored' }] }])
  const state = await (await fetch(`${origin}/__control/state`)).json()
  expect(state).toMatchObject({
    accounts: [{ id: info, delegates: ['anna@contoso.example'] }, { id: anna }],
    writes: 1,
    violations: [],
    throttled: 0,
  })
  child.kill()
  await once(child, 'exit')
})
