import { describe, expect, test } from 'vitest'
import { createGraphDirectory } from '../../../core/adapters/graph/graph-directory.ts'
import type { Directory } from '../../../core/ports.ts'
import { adapterOptions } from '../http/adapter-options.ts'
import { loopback, type Received, type Reply } from '../http/loopback.ts'

const groupId = '90000000-0000-4000-8000-000000000003'
const userId = 'a0000000-0000-4000-8000-000000000001'

function directoryOn(url: string): { directory: Directory } & ReturnType<typeof adapterOptions> {
  const options = adapterOptions()
  return {
    directory: createGraphDirectory({ ...options, baseUrl: url, concurrency: 8 }),
    ...options,
  }
}

/** A directory on a server that gives these answers, the last one again and again. */
async function withReplies(...replies: readonly Reply[]) {
  const server = await loopback((_, number) => replies[Math.min(number, replies.length) - 1] ?? {})
  return { server, ...directoryOn(server.url) }
}

function graphError(status: number, code: string, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers,
    body: { error: { code, message: 'secret words', innerError: { 'request-id': 'x' } } },
  }
}

function group(given: Record<string, unknown> = {}) {
  return {
    id: groupId.toUpperCase(),
    displayName: 'Reception Team',
    mail: 'reception-team@fabrikam.example',
    mailNickname: 'reception-team',
    mailEnabled: true,
    securityEnabled: true,
    groupTypes: [],
    proxyAddresses: ['SMTP:reception-team@fabrikam.example'],
    visibility: null,
    ...given,
  }
}

const member = (id: string, type = 'user') => ({ '@odata.type': `#microsoft.graph.${type}`, id })
const members = (rows: unknown, nextLink?: string, count?: number) => ({
  '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#directoryObjects(id)',
  ...(nextLink === undefined ? {} : { '@odata.nextLink': nextLink }),
  ...(count === undefined ? {} : { '@odata.count': count }),
  value: rows,
})
const next = (cursor: string) =>
  `https://graph.microsoft.com/v1.0/groups/${groupId}/members?$select=id&$top=999&$skiptoken=${cursor}`
const notFound = graphError(404, 'Request_ResourceNotFound')
const pathsOf = (received: readonly Received[]) =>
  received.map(({ method, path }) => `${method} ${path}`)

describe('one group', () => {
  test('is read by id at the configured base, with token and select, and tells what names it', async () => {
    const { server, directory, observer } = await withReplies({ body: group() })
    expect(await directory.readGroup(groupId)).toEqual({
      id: groupId,
      displayName: 'Reception Team',
      mail: 'reception-team@fabrikam.example',
      mailNickname: 'reception-team',
      proxyAddresses: ['SMTP:reception-team@fabrikam.example'],
      hiddenMembership: false,
    })
    expect(server.received[0]).toMatchObject({
      method: 'GET',
      path: `/v1.0/groups/${groupId}?$select=id,displayName,mail,mailNickname,mailEnabled,securityEnabled,groupTypes,proxyAddresses,visibility`,
      headers: { authorization: 'Bearer token-1', 'client-request-id': expect.any(String) },
    })
    expect(observer.calls).toMatchObject([
      { upstream: 'graph', operation: 'GET /groups/{id}', status: 200, attempt: 1 },
    ])
  })

  test('may hide its members', async () => {
    const { directory } = await withReplies({ body: group({ visibility: 'HiddenMembership' }) })
    expect(await directory.readGroup(groupId)).toMatchObject({ hiddenMembership: true })
  })

  test('that Graph does not know is null; a 404 of somebody else is no answer', async () => {
    expect(await (await withReplies(notFound)).directory.readGroup(groupId)).toBeNull()
    const { directory } = await withReplies({ status: 404, body: '<html>' })
    await expect(directory.readGroup(groupId)).rejects.toMatchObject({ code: 'SOURCE_INCOMPLETE' })
  })

  test.each([['displayName'], ['mailEnabled'], ['securityEnabled']])(
    'whose %s is null is a missing right, not data',
    async (property) => {
      const { directory } = await withReplies({ body: group({ [property]: null }) })
      await expect(directory.readGroup(groupId)).rejects.toMatchObject({
        code: 'GRAPH_FORBIDDEN',
        message: expect.stringMatching(/hides the properties.*GroupMember\.Read\.All/),
      })
    },
  )
})

describe('groups that are asked for together', () => {
  const idOf = (number: number) => `90000000-0000-4000-8000-${String(number).padStart(12, '0')}`
  const ids = Array.from({ length: 31 }, (_none, at) => idOf(at))
  const askedIn = (path: string) =>
    [...decodeURIComponent(path).matchAll(/[0-9a-f-]{36}/g)].map(([id]) => id)

  test('share calls, of at most the ids that Graph takes', async () => {
    const server = await loopback(({ path }) => {
      const rows = askedIn(path).map((id) => group({ id: id.toUpperCase() }))
      return { body: path.includes('$filter') ? { value: rows } : rows[0] }
    })
    const { directory } = directoryOn(server.url)
    const groups = await Promise.all(ids.map((id) => directory.readGroup(id)))
    expect(groups.map((found) => found?.id)).toEqual(ids)
    const asked = server.received.map(({ path }) => askedIn(path).length)
    expect(asked.toSorted((left, right) => left - right)).toEqual([1, 15, 15])
    expect(decodeURIComponent(server.received[0]?.path ?? '')).toContain(
      `/v1.0/groups?$filter=id in ('${ids[0]}','${ids[1]}','`,
    )
  })

  test.each<[string, Reply]>([
    ['does not show it', { body: { value: [] } }],
    ['shows others instead', { body: { value: [group({ id: userId })] } }],
    ['is refused', graphError(400, 'Request_UnsupportedQuery')],
    [
      'hides its properties',
      { body: { value: ids.map((id) => group({ id, displayName: null })) } },
    ],
  ])(
    'prove nothing about one where the shared call %s: it is asked for alone',
    async (_, shared) => {
      const alone = (path: string) => path.includes(`/groups/${ids[0]}?`)
      const server = await loopback(({ path }) => {
        if (path.includes('$filter')) return shared
        return alone(path) ? { body: group({ id: ids[0] }) } : notFound
      })
      const { directory } = directoryOn(server.url)
      const groups = await Promise.all(ids.slice(0, 3).map((id) => directory.readGroup(id)))
      expect(groups.map((found) => found?.id ?? null)).toEqual([ids[0], null, null])
    },
  )
})

describe('members', () => {
  test('are read to the last page, empty pages included, each once, with their type', async () => {
    const { server, directory } = await withReplies(
      { body: members([member(userId.toUpperCase()), member('g1', 'group')], next('p2'), 4) },
      { body: members([], next('p3')) },
      { body: members([member(userId), member('c1', 'orgContact'), member('d1', 'device')]) },
    )
    expect(await directory.listMembers(groupId)).toEqual([
      { id: userId, type: 'user' },
      { id: 'g1', type: 'group' },
      { id: 'c1', type: 'other' },
      { id: 'd1', type: 'other' },
    ])
    const path = `GET /v1.0/groups/${groupId}/members?$select=id&$top=999`
    expect(pathsOf(server.received)).toEqual([
      path,
      `${path}&$skiptoken=p2`,
      `${path}&$skiptoken=p3`,
    ])
    expect(server.received.every(({ headers }) => headers.authorization === 'Bearer token-1')).toBe(
      true,
    )
  })

  test('may go on at the configured base', async () => {
    const server = await loopback((_, number) => ({
      body: members(
        [member(`u${number}`)],
        number === 1 ? `${server.url}/v1.0/groups/g/members?$skiptoken=a%2Fb%3D` : undefined,
      ),
    }))
    expect(await directoryOn(server.url).directory.listMembers(groupId)).toHaveLength(2)
    expect(server.received[1]?.path).toBe('/v1.0/groups/g/members?$skiptoken=a%2Fb%3D')
  })

  test.each<[string, Reply[], string, RegExp]>([
    [
      'a next link that came before',
      [{ body: members([member('1')], next('p2')) }],
      'SOURCE_INCOMPLETE',
      /page 2.*read before/,
    ],
    [
      'a next link to another host',
      [{ body: members([member('1')], 'https://evil.example/v1.0/x') }],
      'SOURCE_INCOMPLETE',
      /page 1.*not allowed/,
    ],
    [
      'a total that does not match',
      [{ body: members([member('1')], next('p2'), 3) }, { body: members([member('2')]) }],
      'SOURCE_INCOMPLETE',
      /2 objects came, Graph states 3/,
    ],
    [
      'a page that is none',
      [{ body: { value: null } }],
      'SOURCE_INCOMPLETE',
      /no page of a collection/,
    ],
    [
      'a member without type',
      [{ body: members([{ id: '1' }]) }],
      'SOURCE_INCOMPLETE',
      /no id or no type/,
    ],
    [
      'a member without id',
      [{ body: members([{ '@odata.type': '#microsoft.graph.user', id: null }]) }],
      'SOURCE_INCOMPLETE',
      /no id or no type/,
    ],
    [
      'a second page that keeps failing',
      [
        { body: members([member('1')], next('p2')) },
        { status: 500, headers: { 'request-id': 'r-5' } },
      ],
      'SOURCE_INCOMPLETE',
      /members, page 2: HTTP 500 after 6 tries \(request id r-5\)/,
    ],
    [
      'a second page that is never answered',
      [{ body: members([member('1')], next('p2')) }, { cut: true }],
      'SOURCE_UNREACHABLE',
      /page 2: no usable answer after 6 tries/,
    ],
    [
      'a group that is gone',
      [notFound],
      'SOURCE_FILTER_UNREADABLE',
      /refused GET \/groups\/9.*\/members, page 1 with 404, Request_ResourceNotFound/,
    ],
    [
      'a refusal of this one group',
      [graphError(400, 'Request_UnsupportedQuery')],
      'SOURCE_FILTER_UNREADABLE',
      /400, Request_UnsupportedQuery/,
    ],
    [
      'a missing right',
      [graphError(403, 'Authorization_RequestDenied')],
      'GRAPH_FORBIDDEN',
      /403, Authorization_RequestDenied.*Member\.Read\.Hidden/,
    ],
    [
      'a token that is never right',
      [graphError(401, 'InvalidAuthenticationToken')],
      'GRAPH_UNAUTHORIZED',
      /also with a new token/,
    ],
  ])('are never half: %s', async (_, replies, code, message) => {
    const listing = (await withReplies(...replies)).directory.listMembers(groupId)
    await expect(listing).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    await expect(listing).rejects.not.toThrow('secret words')
  })

  test('are never half: pages without end that bring nothing new', async () => {
    const server = await loopback((_, number) => ({
      body: members([member('1')], next(`p${number}`)),
    }))
    await expect(directoryOn(server.url).directory.listMembers(groupId)).rejects.toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringMatching(/do not end/),
    })
  })
})

test('groups that can hold Full Access are Microsoft 365 groups and mail-enabled security groups', async () => {
  const kinds = [
    group({ id: 'mesg' }),
    group({ id: 'm365', groupTypes: ['Unified'], securityEnabled: false }),
    group({ id: 'm365-dynamic', groupTypes: ['Unified', 'DynamicMembership'] }),
    group({ id: 'security', mailEnabled: false, mail: null, proxyAddresses: [] }),
    group({ id: 'distribution', securityEnabled: false }),
  ]
  const { server, directory } = await withReplies(
    {
      body: {
        value: kinds.slice(0, 2),
        '@odata.nextLink': 'https://graph.microsoft.com/v1.0/groups?$skiptoken=p2',
      },
    },
    { body: { value: kinds.slice(2) } },
  )
  expect((await directory.listMailGroups()).map(({ id }) => id)).toEqual([
    'mesg',
    'm365',
    'm365-dynamic',
  ])
  expect(server.received[0]?.path).toMatch(/^\/v1\.0\/groups\?\$select=id,displayName.*&\$top=999$/)
})

test('a group list with hidden properties is a missing right', async () => {
  const hidden = group({ displayName: null, mail: null, mailEnabled: null, securityEnabled: null })
  const { directory } = await withReplies({ body: { value: [group(), hidden] } })
  await expect(directory.listMailGroups()).rejects.toMatchObject({ code: 'GRAPH_FORBIDDEN' })
})

describe('an object', () => {
  test('is found by UPN', async () => {
    const { server, directory, observer } = await withReplies({
      body: { id: userId.toUpperCase() },
    })
    expect(await directory.findObject(' Anna#EXT#@contoso.example ')).toEqual({
      id: userId,
      type: 'user',
    })
    expect(pathsOf(server.received)).toEqual([
      'GET /v1.0/users/Anna%23EXT%23%40contoso.example?$select=id',
    ])
    expect(observer.calls[0]?.operation).toBe('GET /users/{id}')
  })

  test('is found by object id, as a user or as a group', async () => {
    const { server, directory } = await withReplies(notFound, { body: { id: groupId } })
    expect(await directory.findObject(groupId)).toEqual({ id: groupId, type: 'group' })
    expect(pathsOf(server.received)).toEqual([
      `GET /v1.0/users/${groupId}?$select=id`,
      `GET /v1.0/groups/${groupId}?$select=id`,
    ])
  })

  test.each<[string, string, Reply]>([
    ['that Graph does not know', userId, notFound],
    ['whose name Graph takes for malformed', 'odd@@name', graphError(400, 'Request_BadRequest')],
    ['with a malformed address', 'o"dd@contoso.example', graphError(400, 'Request_BadRequest')],
    ['by a name that is neither UPN nor id', 'Reception Team', { status: 500 }],
    ['by a Windows name', 'CONTOSO\\anna@x', { status: 500 }],
  ])('%s is null', async (_, text, reply) => {
    expect(await (await withReplies(reply)).directory.findObject(text)).toBeNull()
  })

  test('is not absent because a right is missing or Graph is down', async () => {
    const forbidden = await withReplies(graphError(403, 'Authorization_RequestDenied'))
    await expect(forbidden.directory.findObject(userId)).rejects.toMatchObject({
      code: 'GRAPH_FORBIDDEN',
    })
    const down = await withReplies({ status: 502 })
    await expect(down.directory.findObject('anna@contoso.example')).rejects.toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.not.stringContaining('anna'),
    })
  })
})

describe('a call', () => {
  const readGroup = async (...replies: Reply[]) => {
    const used = await withReplies(...replies)
    return { ...used, reading: used.directory.readGroup(groupId) }
  }

  test('gets one new token after a 401', async () => {
    const { server, reading } = await readGroup({ status: 401 }, { body: group() })
    expect(await reading).toMatchObject({ id: groupId })
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ])
  })

  test.each<[string, Reply]>([
    ['500', { status: 500 }],
    ['504', { status: 504, body: '<html>' }],
    ['200 without JSON', { status: 200, body: '<html>' }],
    ['a cut connection', { cut: true }],
    [
      'a body that lies about its encoding',
      { headers: { 'content-encoding': 'gzip' }, body: 'no gzip' },
    ],
  ])('is repeated after %s, with a growing wait', async (_, reply) => {
    const { reading, observer } = await readGroup(reply, reply, { body: group() })
    expect(await reading).toMatchObject({ id: groupId })
    expect(observer.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    expect(observer.waits.map(({ seconds }) => Math.round(seconds))).toEqual([1, 2])
  })

  test('obeys Retry-After, and tells what it waits for', async () => {
    const throttled = graphError(429, 'TooManyRequests', { 'retry-after': '10' })
    const { reading, clock, observer } = await readGroup(throttled, { body: group() })
    expect(await reading).toMatchObject({ id: groupId })
    expect(clock.monotonic()).toBe(10_000)
    expect(observer.waits).toEqual([
      { upstream: 'graph', seconds: 10, reason: "Microsoft Graph's throttling" },
    ])
  })

  test('ends the slice on a Retry-After longer than 30 s', async () => {
    const { reading } = await readGroup(
      graphError(503, 'ServiceUnavailable', { 'retry-after': '31' }),
    )
    await expect(reading).rejects.toMatchObject({ name: 'LongWait', seconds: 31 })
  })

  test('follows redirects to the public host at the configured base, and no other', async () => {
    const at = (location: string) => ({ status: 302, headers: { location } })
    const followed = await readGroup(at('https://graph.microsoft.com/v1.0/moved'), {
      body: group(),
    })
    expect(await followed.reading).toMatchObject({ id: groupId })
    expect(followed.server.received[1]?.path).toBe('/v1.0/moved')
    const foreign = await readGroup(at('https://evil.example/'), { body: group() })
    await expect(foreign.reading).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
    expect(foreign.server.received).toHaveLength(1)
  })

  test('works below a path of the configured base', async () => {
    const server = await loopback(() => ({ body: group() }))
    await directoryOn(`${server.url}/graph/`).directory.readGroup(groupId)
    expect(server.received[0]?.path).toMatch(new RegExp(`^/graph/v1\\.0/groups/${groupId}\\?`))
  })
})
