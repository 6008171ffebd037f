import { afterEach, describe, expect, test } from 'vitest'
import { isLongWait } from '../../../core/errors.ts'
import type { ResolvedWrite } from '../../../core/ports.ts'
import { apiKey, type OpenOptions, openZivver } from './open-zivver.ts'
import { type Asked, type Reply, type ScriptedServer, startScripted } from './scripted-server.ts'

const zivverUser = 'urn:ietf:params:scim:schemas:zivver:0.1:User'
const mayBegin = async () => () => undefined

let server: ScriptedServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

/** The adapter on a server that gives these replies, the last one for ever. */
async function openOn(replies: readonly Reply[], options?: OpenOptions) {
  const left = [...replies]
  server = await startScripted(() => (left.length > 1 ? left.shift() : left[0]) ?? { status: 500 })
  return { ...openZivver(server.url, options), asked: server.asked }
}

const anna: ResolvedWrite = {
  address: 'anna@contoso.example',
  displayName: 'Anna Vos',
  active: true,
  extension: {
    aliases: ['a.vos@contoso.example', 'vos@contoso.example'],
    delegates: ['piet@contoso.example'],
    externalAccountId: 'ABC-1',
    ssoAccountKey: 'ABC-1',
    other: {},
  },
}
const answered = {
  id: 'id-1',
  userName: 'Anna@contoso.example',
  name: { formatted: 'Anna Vos' },
  active: true,
  [zivverUser]: {
    aliases: ['Vos@contoso.example', 'a.vos@contoso.example'],
    delegates: ['piet@contoso.example'],
    ExternalAccountId: 'abc-1',
  },
}
const seen = ({ method, path, headers }: Asked) =>
  `${method} ${path.replace('/api/scim/v2', '')} ${String(headers['content-type'])}`

describe('one request a write', () => {
  test('POST, PUT and PATCH go to their places with their content types, and nothing is read before', async () => {
    const { writer, asked } = await openOn([{ status: 201, body: answered }, { status: 200 }])
    expect(await writer.create('user', anna, mayBegin)).toEqual({ status: 'done', scimId: 'id-1' })
    expect(await writer.update('functional', 'g/1', { displayName: 'Info' }, mayBegin)).toEqual({
      status: 'done',
      scimId: 'g/1',
    })
    await writer.emptyMembers('g1', mayBegin)
    expect(asked.map(seen)).toEqual([
      'POST /Users application/json',
      'PUT /Groups/g/1 application/json',
      'PATCH /Groups/g1 application/scim+json',
    ])
    expect(asked[0]?.body).toMatchObject({ userName: 'anna@contoso.example' })
  })

  test('is asked for right before it leaves, each time it leaves', async () => {
    const { writer, asked } = await openOn([{ status: 503 }, 'cut', { status: 200 }])
    const askedBefore: number[] = []
    const lastLooks: number[] = []
    await writer.update('user', 'id-1', { active: false }, async () => {
      await Promise.resolve()
      askedBefore.push(asked.length)
      return () => lastLooks.push(asked.length)
    })
    expect(askedBefore).toEqual([0, 1, 2])
    expect(lastLooks).toEqual([0, 1, 2])
  })

  test('does not leave when the last look forbids it, at the moment in which the bytes would leave', async () => {
    const { writer, asked } = await openOn([{ status: 200 }])
    const lost = async () => () => {
      throw new Error('the lease was taken over')
    }
    await expect(writer.create('user', anna, lost)).rejects.toThrow('the lease was taken over')
    expect(asked).toEqual([])
  })

  test('does not leave when it may not, and costs no slot', async () => {
    const { writer, asked, clock } = await openOn([{ status: 200 }], {
      limit: { requests: 1, seconds: 10 },
    })
    const lost = () => Promise.reject(new Error('the lease was taken over'))
    await expect(writer.update('user', 'id-1', { active: false }, lost)).rejects.toThrow(
      'taken over',
    )
    await writer.update('user', 'id-1', { active: false }, mayBegin)
    expect(asked).toHaveLength(1)
    expect(clock.monotonic()).toBe(0)
  })
})

describe('an answer that was not an execution', () => {
  test.each([429, 503])('%i is waited out and sent again, a create too', async (status) => {
    const refused: Reply = { status, headers: { 'retry-after': '4' } }
    const { writer, asked, clock } = await openOn([
      refused,
      refused,
      { status: 201, body: answered },
    ])
    expect(await writer.create('user', anna, mayBegin)).toMatchObject({ status: 'done' })
    expect(asked).toHaveLength(3)
    expect(clock.monotonic()).toBe(8_000)
  })

  test.each([429, 503])(
    'story 5: %i, and then the address is taken, may be the answer to a create that was made',
    async (status) => {
      const refused: Reply = { status, headers: { 'retry-after': '4' } }
      const taken: Reply = { status: 409, body: 'Address is already taken for id-1' }
      const { writer } = await openOn([refused, taken])
      expect(await writer.create('user', anna, mayBegin)).toMatchObject({
        status: 'unknown',
        message: expect.stringContaining('the try before may have made the account'),
      })
    },
  )

  test('for ever fails the one change and says that nothing was written', async () => {
    const { writer, asked } = await openOn([{ status: 503 }])
    expect(await writer.create('user', anna, mayBegin)).toMatchObject({
      status: 'rejected',
      code: 'WRITE_REJECTED',
      message: expect.stringMatching(
        /^POST \/Users was tried 8 times .* status 503; nothing was written$/,
      ),
    })
    expect(asked).toHaveLength(8)
  })

  test('with a wait of minutes is a LongWait', async () => {
    const { writer } = await openOn([{ status: 429, headers: { 'retry-after': '31' } }])
    const failure = await writer.create('user', anna, mayBegin).catch((error: unknown) => error)
    expect(isLongWait(failure) && failure.seconds).toBe(31)
  })
})

describe('an answer that may have been an execution', () => {
  test.each<Reply>(['cut', 'hang', { status: 500 }, { status: 504 }, { status: 201 }, 'half'])(
    'story 5: an answer that may follow an execution leaves a create unknown after one request: %j',
    async (reply) => {
      const { writer, asked } = await openOn([reply], { timeoutMs: 80 })
      expect(await writer.create('user', anna, mayBegin)).toMatchObject({ status: 'unknown' })
      expect(asked).toHaveLength(1)
    },
  )

  test.each<[Reply, number]>([
    ['cut', 4],
    [{ status: 500 }, 4],
    ['hang', 2],
  ])('repeats a PUT a few times: %j', async (reply, attempts) => {
    const { writer, asked } = await openOn([reply], { timeoutMs: 80 })
    expect(await writer.update('user', 'id-1', { active: false }, mayBegin)).toMatchObject({
      status: 'unknown',
    })
    expect(asked).toHaveLength(attempts)
    expect(new Set(asked.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  })
})

describe('a success', () => {
  test.each<[string, Reply]>([
    ['without a body', { status: 204 }],
    ['with another body', { status: 200, body: 'OK' }],
    ['with a part of the account', { status: 200, body: { id: 'id-1', active: true } }],
    ['in another case and order', { status: 200, body: answered }],
  ])('%s is done', async (_name, reply) => {
    const { writer } = await openOn([reply])
    expect(await writer.update('user', 'id-1', anna, mayBegin)).toEqual({
      status: 'done',
      scimId: 'id-1',
    })
  })

  test.each<[string, object]>([
    ['userName', { userName: 'other@contoso.example' }],
    ['name.formatted', { name: { formatted: 'Anna' } }],
    ['active', { active: 'False' }],
    ['aliases', { [zivverUser]: { ...answered[zivverUser], aliases: ['vos@contoso.example'] } }],
    ['delegates', { [zivverUser]: { ...answered[zivverUser], delegates: [] } }],
    ['ExternalAccountId', { [zivverUser]: { ...answered[zivverUser], ExternalAccountId: null } }],
  ])('story 17: a success that shows another %s is not confirmed', async (name, changed) => {
    const { writer } = await openOn([{ status: 200, body: { ...answered, ...changed } }])
    expect(await writer.update('user', 'id-1', anna, mayBegin)).toMatchObject({
      status: 'rejected',
      code: 'WRITE_NOT_CONFIRMED',
      message: expect.stringMatching(new RegExp(`for ${name}$`)),
    })
  })

  test('that still shows members of an emptied group is not confirmed', async () => {
    const { writer } = await openOn([
      { status: 200, body: { id: 'g1', members: [{ value: 'id-1' }] } },
    ])
    expect(await writer.emptyMembers('g1', mayBegin)).toMatchObject({ code: 'WRITE_NOT_CONFIRMED' })
  })
})

describe('a refusal', () => {
  test('of one account is a value with its code and the alias that it names, sent once', async () => {
    const { writer, asked } = await openOn([
      {
        status: 400,
        body: {
          message: `Error creating alias: Alias is a guest: vos@contoso.example (${apiKey})`,
        },
      },
    ])
    const answer = await writer.update('user', 'id-1', anna, mayBegin)
    expect(answer).toMatchObject({
      status: 'rejected',
      code: 'ALIAS_IS_GUEST',
      aliasHint: 'vos@contoso.example',
    })
    expect(JSON.stringify(answer)).not.toContain(apiKey)
    expect(asked).toHaveLength(1)
  })

  test.each([
    [401, 'ZIVVER_UNAUTHORIZED'],
    [403, 'ZIVVER_FORBIDDEN'],
  ])('of the key (%i) stops the run', async (status, code) => {
    const { writer, asked } = await openOn([{ status }])
    await expect(writer.create('user', anna, mayBegin)).rejects.toMatchObject({ code })
    expect(asked).toHaveLength(1)
  })
})

describe('the look-up of an uncertain create', () => {
  const find = async (rows: readonly unknown[], totalResults = rows.length) => {
    const { writer, asked } = await openOn([
      { status: 200, body: { totalResults, Resources: rows } },
    ])
    const found = await writer.findByAddress('user', 'O"Neil\\x@contoso.example', mayBegin)
    return { found, asked }
  }
  const neil = { id: 'id-9', userName: 'o"neil\\X@Contoso.example' }

  test('filters by address, escaped, and takes an exact match only', async () => {
    const { found, asked } = await find([{ id: 'id-8', userName: 'neil@contoso.example' }, neil])
    expect(found?.scimId).toBe('id-9')
    expect(asked[0]?.path).toBe(
      '/api/scim/v2/Users?filter=userName eq "O\\"Neil\\\\x@contoso.example"',
    )
  })

  test('finds nobody where Zivver knows nobody', async () => {
    expect((await find([])).found).toBeNull()
    expect((await find([{ id: 'id-8', userName: 'neil@contoso.example' }])).found).toBeNull()
  })

  test('is no answer when the account may be on another page, or is there twice', async () => {
    await expect(find([{ id: 'id-8', userName: 'neil@contoso.example' }], 2)).rejects.toMatchObject(
      {
        code: 'TARGET_INCOMPLETE',
      },
    )
    await expect(find([neil, { ...neil, id: 'id-10' }])).rejects.toMatchObject({
      code: 'TARGET_INCOMPLETE',
    })
  })

  test('of a functional account filters by externalId, and asks before it leaves', async () => {
    const { writer, asked } = await openOn([
      { status: 200, body: { totalResults: 0, Resources: [] } },
    ])
    await writer.findByAddress('functional', 'info@contoso.example', mayBegin)
    expect(asked[0]?.path).toBe('/api/scim/v2/Groups?filter=externalId eq "info@contoso.example"')
    const lost = () => Promise.reject(new Error('lost'))
    await expect(writer.findByAddress('functional', 'info@contoso.example', lost)).rejects.toThrow(
      'lost',
    )
    expect(asked).toHaveLength(1)
  })
})
