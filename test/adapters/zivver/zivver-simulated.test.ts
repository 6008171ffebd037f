import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ResolvedWrite } from '../../../core/ports.ts'
import { startZivver, type Zivver } from '../../simulators/zivver/server.ts'
import { realClock } from './clocks.ts'
import { apiKey, openZivver } from './open-zivver.ts'

let zivver: Zivver
beforeEach(async () => {
  zivver = await startZivver({ key: apiKey, rateLimit: null })
})
afterEach(() => zivver.close())

const mayBegin = async () => () => undefined
const aUser = (name: string, part: Partial<ResolvedWrite['extension']> = {}): ResolvedWrite => ({
  address: `${name}@contoso.example`,
  displayName: name,
  active: true,
  extension: {
    aliases: [],
    delegates: [],
    externalAccountId: `id-of-${name}`,
    ssoAccountKey: null,
    other: {},
    ...part,
  },
})

async function created(answer: Promise<{ readonly status: string; readonly scimId?: string }>) {
  const { status, scimId } = await answer
  if (status !== 'done' || scimId === undefined) throw new Error(`the create ended as ${status}`)
  return scimId
}

test('what is written is what is read, for users and functional accounts', async () => {
  zivver.setOptions({ addressCase: 'mixed', paging: { mode: 'pages', size: 2 } })
  const { writer, target } = openZivver(zivver.url)
  const piet = await created(writer.create('user', aUser('piet'), mayBegin))
  const extension = { aliases: ['vos@contoso.example'], delegates: ['piet@contoso.example'] }
  const anna = await created(writer.create('user', aUser('anna', extension), mayBegin))
  const info = await created(
    writer.create('functional', { ...aUser('info'), members: [anna, piet] }, mayBegin),
  )
  await created(writer.update('user', piet, { active: false }, mayBegin))
  await created(writer.update('user', anna, { address: 'bos@contoso.example' }, mayBegin))

  const read = async () =>
    new Map((await target.listAccounts()).accounts.map((account) => [account.scimId, account]))
  const before = await read()
  expect(before.get(piet)).toMatchObject({ active: false })
  expect(before.get(anna)).toMatchObject({
    address: 'bos@contoso.example',
    aliases: ['vos@contoso.example'],
    delegates: ['piet@contoso.example'],
    externalAccountId: 'id-of-anna',
  })
  expect(before.get(info)?.delegates).toEqual([anna, piet].toSorted())

  await created(writer.emptyMembers(info, mayBegin))
  expect((await read()).get(info)?.delegates).toEqual([])
  expect((await writer.findByAddress('user', 'BOS@contoso.example', mayBegin))?.scimId).toBe(anna)
  const gone = { kind: 'user', scimId: 'nobody' } as const
  const found = await target.probeAccounts([gone, { kind: 'functional', scimId: info }])
  expect([found.get('nobody'), found.get(info)]).toEqual(['gone', 'present'])
})

test('a write that is answered well and not done is not confirmed', async () => {
  const { writer } = openZivver(zivver.url)
  const anna = await created(writer.create('user', aUser('anna'), mayBegin))
  zivver.ignoreWrites({})
  expect(await writer.update('user', anna, { active: false }, mayBegin)).toMatchObject({
    code: 'WRITE_NOT_CONFIRMED',
  })
})

test('a refusal is told by its code in each form of error body', async () => {
  const { writer } = openZivver(zivver.url)
  const taken = await created(writer.create('user', aUser('anna'), mayBegin))
  zivver.setOptions({ guests: ['guest@contoso.example'] })
  for (const errorFormat of ['text', 'json', 'scim'] as const) {
    zivver.setOptions({ errorFormat })
    const piet = (alias: string) =>
      writer.create('user', aUser('piet', { aliases: [alias] }), mayBegin)
    expect(await piet('guest@contoso.example')).toMatchObject({
      code: 'ALIAS_IS_GUEST',
      aliasHint: 'guest@contoso.example',
    })
    expect(await piet('anna@contoso.example')).toMatchObject({
      code: 'ALIAS_TAKEN',
      aliasHint: taken,
    })
    expect(await writer.create('functional', aUser('anna'), mayBegin)).toMatchObject({
      code: 'ADDRESS_TAKEN',
    })
    expect(await writer.update('user', 'nobody', { active: false }, mayBegin)).toMatchObject({
      code: 'ACCOUNT_UNKNOWN',
    })
  }
})

test('two hundred writes at once are never throttled', async () => {
  zivver.setOptions({ rateLimit: { budget: 50, windowSeconds: 0.4 } })
  const { writer } = openZivver(zivver.url, {
    clock: realClock,
    limit: { requests: 50, seconds: 0.4 },
  })
  const writes = Array.from({ length: 200 }, (_, number) =>
    created(writer.create('user', aUser(`u${number}`), mayBegin)),
  )
  expect(new Set(await Promise.all(writes)).size).toBe(200)
  expect(zivver.throttled()).toBe(0)
})

test.each(['none', 'ratelimit', 'retry_after'] as const)(
  'a server that is stricter than the setting is obeyed: headers %s',
  async (headers) => {
    zivver.setOptions({ rateLimit: { budget: 5, windowSeconds: 1, headers } })
    const { target } = openZivver(zivver.url, {
      clock: realClock,
      limit: { requests: 50, seconds: 10 },
    })
    for (let turn = 0; turn < 4; turn++) await target.listAccounts()
    expect(zivver.log.entries.filter(({ status }) => status === 200)).toHaveLength(8)
    expect(zivver.throttled()).toBeLessThanOrEqual(headers === 'ratelimit' ? 0 : 2)
  },
)
