import { afterEach, describe, expect, test } from 'vitest'
import { isLongWait, isSyncError } from '../../../core/errors.ts'
import { apiKey, type OpenOptions, openZivver } from './open-zivver.ts'
import { type Asked, type Reply, type ScriptedServer, startScripted } from './scripted-server.ts'

let server: ScriptedServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

/** The adapter on a server that answers like this. */
async function openOn(answer: (asked: Asked) => Reply, options?: OpenOptions) {
  server = await startScripted(answer)
  return { ...openZivver(server.url, options), asked: server.asked }
}

const user = (number: number) => ({ id: `id-${number}`, userName: `u${number}@contoso.example` })
const users = (...numbers: number[]) => numbers.map(user)
const list = (rows: readonly unknown[], totalResults?: number): Reply => ({
  status: 200,
  body: { totalResults, Resources: rows },
})
const noGroups = list([], 0)
const paths = (asked: readonly Asked[]) => asked.map(({ path }) => path.replace('/api/scim/v2', ''))
const codeOf = (error: unknown) => (isSyncError(error) ? error.code : error)

/** Users in pages, from a server that obeys `startIndex` and `count` as far as `change` lets it. */
function pagesOf(numbers: readonly number[], size: number, total = numbers.length) {
  return ({ path }: Asked): Reply => {
    if (path.includes('/Groups')) return noGroups
    const query = new URL(path, 'http://x').searchParams
    const start = Number(query.get('startIndex') ?? 1) - 1
    const count = Math.min(size, Number(query.get('count') ?? size))
    return list(users(...numbers.slice(start, start + count)), total)
  }
}

describe('lists', () => {
  test('are read whole, both kinds, with key and without paging parameters', async () => {
    const { target, asked, calls } = await openOn(({ path }) =>
      path.endsWith('/Users')
        ? list(users(1, 2), 2)
        : list([{ id: 'g', externalId: 'info@contoso.example', members: [{ value: 'id-1' }] }], 1),
    )
    const { accounts, warnings } = await target.listAccounts()
    expect(accounts.map(({ kind, scimId }) => `${kind} ${scimId}`)).toEqual([
      'user id-1',
      'user id-2',
      'functional g',
    ])
    expect(warnings).toEqual([])
    expect(paths(asked).toSorted()).toEqual(['/Groups', '/Users'])
    expect(asked[0]?.headers).toMatchObject({ authorization: `Bearer ${apiKey}` })
    expect(calls).toContainEqual(
      expect.objectContaining({
        upstream: 'zivver',
        operation: 'GET /Users',
        status: 200,
        attempt: 1,
      }),
    )
  })

  test.each([1, 2, 3, 5, 6])('in pages of %i are followed to the total', async (size) => {
    const { target } = await openOn(pagesOf([1, 2, 3, 4, 5], size))
    const { accounts } = await target.listAccounts()
    expect(accounts.map(({ scimId }) => scimId)).toEqual(['id-1', 'id-2', 'id-3', 'id-4', 'id-5'])
  })

  test('that repeat an account at a page border lose none', async () => {
    const { target } = await openOn(({ path }) => {
      if (path.includes('/Groups')) return noGroups
      if (!path.includes('startIndex')) return list(users(1, 2, 3), 6)
      return path.includes('startIndex=4&') ? list(users(3, 4, 5), 6) : list(users(6), 6)
    })
    expect((await target.listAccounts()).accounts).toHaveLength(6)
  })

  test('without totalResults are taken, with a warning for each', async () => {
    const { target } = await openOn(() => list([]))
    const { warnings } = await target.listAccounts()
    expect(warnings.map(({ code, message }) => [code, /GET (\/\w+)/.exec(message)?.[1]])).toEqual([
      ['TARGET_TOTAL_MISSING', '/Users'],
      ['TARGET_TOTAL_MISSING', '/Groups'],
    ])
  })

  test.each<[string, (asked: Asked) => Reply, string]>([
    ['ends before its total', pagesOf([1, 2, 3], 2, 4), 'stops after 3 of 4'],
    ['is always the first page', () => list(users(1, 2), 4), 'stops after 2 of 4'],
    [
      'has an empty page in the middle',
      ({ path }) => (path.includes('startIndex') ? list([], 4) : list(users(1, 2), 4)),
      'stops after 2 of 4',
    ],
    [
      'is longer than its total',
      () => list(users(1, 2), 1),
      'holds 2, more than its totalResults of 1',
    ],
    [
      'changes while it is read',
      ({ path }) => (path.includes('startIndex') ? list(users(3), 3) : list(users(1, 2), 4)),
      'totalResults 4 became 3',
    ],
    [
      'has an id twice with different content',
      () => list([user(1), { ...user(1), active: false }], 2),
      'two different rows with id id-1',
    ],
    [
      'has a row without an address',
      () => list([user(1), { id: 'id-2' }], 2),
      'number 2: userName is missing',
    ],
    [
      'has no Resources',
      () => ({ status: 200, body: { totalResults: 4 } }),
      'Resources is missing',
    ],
    ['is a web page', () => ({ status: 200, body: '<html>sign in</html>' }), 'cannot be used'],
    ['is another success', () => ({ status: 204 }), 'status 204'],
  ])('a list that %s is TARGET_INCOMPLETE', async (_name, answer, reason) => {
    const { target } = await openOn(answer)
    const failure = await target.listAccounts().catch((error: unknown) => error)
    expect(codeOf(failure)).toBe('TARGET_INCOMPLETE')
    expect((failure as Error).message).toContain(reason)
  })
})

describe('a read that fails', () => {
  /** Answers with these, one after the other, then well. */
  function first(...replies: Reply[]) {
    return ({ path }: Asked): Reply =>
      path.includes('/Groups') ? noGroups : (replies.shift() ?? list(users(1), 1))
  }

  test('is repeated after a cut connection, half a body, a 5xx and a 429', async () => {
    const { target, calls } = await openOn(first('cut', 'half', { status: 502 }, { status: 429 }))
    expect((await target.listAccounts()).accounts).toHaveLength(1)
    const ends = calls.filter(({ operation }) => operation === 'GET /Users')
    expect(ends.map(({ status, attempt }) => [status, attempt])).toEqual([
      [null, 1],
      [200, 2],
      [502, 3],
      [429, 4],
      [200, 5],
    ])
  })

  test('five times is TARGET_UNREACHABLE and says which call and why', async () => {
    const { target, asked } = await openOn(
      first(...Array.from({ length: 9 }, () => ({ status: 503, body: 'maintenance' }))),
    )
    const failure = await target.listAccounts().catch((error: unknown) => error)
    expect(codeOf(failure)).toBe('TARGET_UNREACHABLE')
    expect((failure as Error).message).toBe(
      'GET /Users was tried 5 times at Zivver without a usable answer; the last one: status 503 maintenance',
    )
    expect(paths(asked).filter((path) => path === '/Users')).toHaveLength(5)
  })

  test('story 20: a list that is met by silence ends after three deadlines', async () => {
    const { target, asked } = await openOn(
      ({ path }) => (path.includes('/Groups') ? noGroups : 'hang'),
      {
        timeoutMs: 60,
      },
    )
    const failure = await target.listAccounts().catch((error: unknown) => error)
    expect(codeOf(failure)).toBe('TARGET_UNREACHABLE')
    expect((failure as Error).message).toContain('gave no complete answer within 0.06 s')
    expect(paths(asked).filter((path) => path === '/Users')).toHaveLength(3)
  })

  test.each([
    [401, 'ZIVVER_UNAUTHORIZED', 'fetch SCIM Users [401 Unauthorized]'],
    [403, 'ZIVVER_FORBIDDEN', 'fetch SCIM Users [403 Forbidden]'],
  ])('with %i is not repeated and is %s', async (status, code, text) => {
    const { target, asked } = await openOn(() => ({ status, body: `bad key ${apiKey}` }))
    const failure = await target.listAccounts().catch((error: unknown) => error)
    expect(codeOf(failure)).toBe(code)
    expect((failure as Error).message).toContain(text)
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(apiKey)
    expect(asked).toHaveLength(2)
  })

  test('with a redirect to another host sends nothing there', async () => {
    const { target, asked } = await openOn(() => ({
      status: 302,
      headers: { location: 'http://127.0.0.1:9/' },
    }))
    const failure = await target.listAccounts().catch((error: unknown) => error)
    expect(codeOf(failure)).toBe('TARGET_UNREACHABLE')
    expect(asked).toHaveLength(2)
  })

  test('never shows the key that an upstream repeats', async () => {
    const { target } = await openOn(() => ({
      status: 400,
      body: `Authorization: Bearer ${apiKey}`,
    }))
    await expect(target.listAccounts()).rejects.toThrow('Authorization: Bearer ***')
  })

  test('for a wait of minutes is a LongWait', async () => {
    const { target } = await openOn(first({ status: 429, headers: { 'retry-after': '300' } }))
    const failure = await target.listAccounts().catch((error: unknown) => error)
    expect(isLongWait(failure) && failure.message).toBe("waiting 300 s for Zivver's rate limit")
  })
})

test('story 21: a short wait is shown while it lasts', async () => {
  let refused = false
  const { target, waits, clock } = await openOn(({ path }) => {
    if (path.includes('/Groups')) return noGroups
    if (refused) return list([], 0)
    refused = true
    return {
      status: 429,
      body: { code: 429, emptiedBucketDetails: { budget: 20, windowSeconds: 7 } },
    }
  })
  await target.listAccounts()
  expect(waits).toEqual([{ upstream: 'zivver', seconds: 7, reason: "Zivver's rate limit" }])
  expect(clock.monotonic()).toBe(7_000)
})

test('a read waits out our own window, however long, since half a list is worth nothing', async () => {
  const { target, clock } = await openOn(() => list([], 0), {
    limit: { requests: 1, seconds: 120 },
  })
  await target.listAccounts()
  expect(clock.monotonic()).toBeGreaterThanOrEqual(120_000)
})

test('a key that no header can carry is a setting to correct, and is not shown', async () => {
  const { target, asked } = await openOn(() => list([], 0), { apiKey: 'geheim\nsleutel' })
  const failure = await target.listAccounts().catch((error: unknown) => error)
  expect(codeOf(failure)).toBe('CONFIG_INVALID')
  expect((failure as Error).message).not.toContain('geheim')
  expect(asked).toEqual([])
})

describe('a probe by id', () => {
  const probe = async (reply: Reply) => {
    const { target } = await openOn(() => reply)
    const found = await target.probeAccounts([{ kind: 'user', scimId: 'id/1' }])
    return found.get('id/1')
  }

  test('finds the account bare or in an envelope', async () => {
    const row = { id: 'id/1', userName: 'a@contoso.example' }
    expect(await probe({ status: 200, body: row })).toBe('present')
    expect(server?.asked[0]?.path).toBe('/api/scim/v2/Users/id/1')
    expect(await probe(list([row], 1))).toBe('present')
  })

  test('is gone by 404, or by 400 with the known text', async () => {
    expect(await probe({ status: 404 })).toBe('gone')
    expect(await probe({ status: 400, body: 'Unknown account with uuid: id/1' })).toBe('gone')
  })

  test.each<Reply>([
    { status: 400, body: 'Invalid request' },
    { status: 400, body: 'Unknown account with uuid: id/2' },
    { status: 200, body: { id: 'id/2', userName: 'a@contoso.example' } },
    list([], 0),
  ])('is no answer with %j, for unknown is never absent', async (reply) => {
    await expect(probe(reply)).rejects.toMatchObject({ code: 'TARGET_INCOMPLETE' })
  })

  test('of many accounts gives an answer for each', async () => {
    const { target } = await openOn(({ path }) =>
      path.endsWith('7')
        ? { status: 404 }
        : { status: 200, body: { id: path.split('/').at(-1), externalId: 'i@contoso.example' } },
    )
    const accounts = Array.from({ length: 30 }, (_, index) => ({
      kind: 'functional' as const,
      scimId: `g${index}`,
    }))
    const found = await target.probeAccounts(accounts)
    expect(found.size).toBe(30)
    expect([...found].filter(([, state]) => state === 'gone').map(([id]) => id)).toEqual([
      'g7',
      'g17',
      'g27',
    ])
  })
})
