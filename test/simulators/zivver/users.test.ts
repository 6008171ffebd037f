import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { urns } from './payloads.ts'
import { scimFetch } from './scim-fetch.ts'
import { startZivver, type Zivver } from './server.ts'

let zivver: Zivver
let scim: ReturnType<typeof scimFetch>
const [anna, piet, info] = ['id-anna', 'id-piet', 'id-info']

beforeEach(async () => {
  zivver = await startZivver({
    rateLimit: null,
    guests: ['guest@contoso.example'],
    outsideOrganization: ['outside@contoso.example'],
    claimedDomains: ['contoso.example'],
    divisions: ['north.example'],
    accounts: [
      {
        kind: 'user',
        id: anna,
        address: 'Anna.Vos@contoso.example',
        displayName: 'Anna Vos',
        created: '2025-02-03',
        aliases: ['a.vos@contoso.example', 'anna@fabrikam.example'],
        delegates: ['piet@contoso.example'],
        externalAccountId: 'guid-anna',
        ssoAccountKey: 'key-anna',
      },
      { kind: 'user', id: piet, address: 'piet@contoso.example', aliases: ['p@contoso.example'] },
      { kind: 'user', id: 'id-gone', address: 'gone@contoso.example', active: false },
      { kind: 'functional', id: info, address: 'info@contoso.example' },
    ],
  })
  scim = scimFetch(zivver.url)
})
afterEach(() => zivver.close())

const put = (body: object, id = anna) => scim('PUT', `/Users/${id}`, body)
const extend = (extension: object, id = anna) => put({ [urns.zivverUser]: extension }, id)
const create = (userName: string, extension?: object) =>
  scim('POST', '/Users', {
    userName,
    name: { formatted: 'New' },
    active: true,
    ...(extension && { [urns.zivverUser]: extension }),
  })

describe('reading', () => {
  test('shows a user as the reference does, never the SSO key', async () => {
    const { status, json, text } = await scim('GET', `/Users/${anna}`)
    expect(status).toBe(200)
    expect(json).toEqual({
      id: anna,
      schemas: [urns.user, urns.enterpriseUser, urns.zivverUser],
      meta: {
        resourceType: 'User',
        created: '2025-02-03',
        location: `/scim/v2/Users/${anna}`,
      },
      userName: 'anna.vos@contoso.example',
      name: { formatted: 'Anna Vos' },
      phoneNumbers: [],
      active: true,
      [urns.enterpriseUser]: { division: '/' },
      [urns.zivverUser]: {
        aliases: ['a.vos@contoso.example', 'anna@fabrikam.example'],
        delegates: ['piet@contoso.example'],
        ExternalAccountId: 'guid-anna',
      },
    })
    expect(text).not.toContain('key-anna')
  })

  test('an unknown id, and the id of a functional account, is 400 or 404 with the known text', async () => {
    expect(await scim('GET', '/Users/nobody')).toMatchObject({
      status: 400,
      text: 'Unknown account with uuid: nobody',
    })
    zivver.setOptions({ unknownIdStatus: 404, errorFormat: 'json' })
    expect(await put({ active: false }, info)).toMatchObject({
      status: 404,
      json: { code: 404, message: `Unknown account with uuid: ${info}` },
    })
  })
})

describe('creating', () => {
  test('makes an active user, whatever was sent, and keeps the key to itself', async () => {
    const { status, json, headers } = await scim('POST', '/Users', {
      userName: 'New@contoso.example',
      name: { formatted: 'New', givenName: 'N' },
      active: 'False',
      [urns.zivverUser]: { SsoAccountKey: 'k', aliases: ['N@contoso.example'], delegates: [] },
    })
    expect([status, headers.get('location')]).toEqual([201, `/scim/v2/Users/${json?.id}`])
    expect(zivver.state.get(json?.id ?? '')).toMatchObject({
      address: 'new@contoso.example',
      aliases: ['n@contoso.example'],
      active: true,
      ssoAccountKey: 'k',
      ssoBroken: false,
      otherName: { givenName: 'N' },
    })
  })

  test.each([
    ['another primary', 'PIET@contoso.example', 409, piet],
    ["another's alias", 'a.vos@contoso.example', 409, anna],
    ['a functional account', 'info@contoso.example', 409, info],
    ['an account elsewhere', 'outside@contoso.example', 400, 'Account is outside the organization'],
    ['an unclaimed domain', 'x@fabrikam.example', 400, 'Account is outside the organization'],
  ])('is refused for the address of %s', async (_, address, status, text) => {
    const answer = await create(address)
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(text)
    expect(zivver.state.accounts.size).toBe(4)
  })

  test('needs an address, a name, and the schemas of what is sent', async () => {
    const missing = await scim('POST', '/Users', { name: { formatted: 'x' } })
    expect([missing.status, missing.text]).toEqual([400, 'Invalid request: userName: required'])
    const unnamed = await put({ schemas: [urns.user], [urns.zivverUser]: {} })
    expect([unnamed.status, unnamed.text]).toEqual([400, expect.stringContaining('does not name')])
  })
})

describe('PUT', () => {
  test('changes what is there and leaves what is absent', async () => {
    const before = zivver.state.get(anna)
    await put({ active: 'False' })
    expect(zivver.state.get(anna)).toEqual({ ...before, active: false })
    await put({ active: true, name: { formatted: 'A. Vos' } })
    expect(zivver.state.get(anna)).toEqual({ ...before, displayName: 'A. Vos' })
  })

  test('inside the extension lists stay when absent, the identifier does not, and SSO breaks without its key', async () => {
    await extend({ aliases: [], SsoAccountKey: 'key-2' })
    expect(zivver.state.get(anna)).toMatchObject({
      aliases: [],
      delegates: [piet],
      externalAccountId: null,
      ssoAccountKey: 'key-2',
      ssoBroken: false,
    })
    await extend({ ExternalAccountId: 'guid-anna' })
    expect(zivver.state.get(anna)).toMatchObject({ ssoAccountKey: 'key-2', ssoBroken: true })
    await extend({ ExternalAccountId: 'guid-piet' }, piet)
    expect(zivver.state.get(piet)).toMatchObject({ ssoBroken: false })
  })

  test('renames: the old address is free, and delegates show under the new one', async () => {
    await put({ userName: 'p.smit@contoso.example' }, piet)
    expect((await scim('GET', `/Users/${anna}`)).json?.[urns.zivverUser]).toMatchObject({
      delegates: ['p.smit@contoso.example'],
    })
    expect((await create('piet@contoso.example')).status).toBe(201)
  })

  test('may swap the primary address with an alias of its own', async () => {
    const answer = await put({
      userName: 'a.vos@contoso.example',
      [urns.zivverUser]: { aliases: ['anna.vos@contoso.example', 'a.vos@contoso.example'] },
    })
    expect(answer.status).toBe(200)
    expect(zivver.state.get(anna)).toMatchObject({
      address: 'a.vos@contoso.example',
      aliases: ['anna.vos@contoso.example'],
    })
  })

  test.each([
    ['guest@contoso.example', 'Error creating alias: Alias is a guest: guest@contoso.example'],
    ['P@contoso.example', `Error creating alias: Alias is already taken for ${piet}`],
    ['info@contoso.example', `Error creating alias: Alias is already taken for ${info}`],
    ['outside@contoso.example', 'Account is outside the organization'],
    ['x@unclaimed.example', 'Error creating alias: Domain is not claimed: unclaimed.example'],
  ])('refuses the alias %s and changes nothing', async (alias, text) => {
    const before = zivver.state.get(anna)
    const answer = await extend({ aliases: ['new@contoso.example', alias] })
    expect([answer.status, answer.text]).toEqual([400, text])
    expect(zivver.state.get(anna)).toEqual(before)
    expect((await create('new@contoso.example')).status).toBe(201)
  })

  test('keeps an alias of an unclaimed domain that was there before', async () => {
    const answer = await extend({ aliases: ['anna@fabrikam.example', 'new@contoso.example'] })
    expect(answer.status).toBe(200)
  })

  test('takes active users as delegates, by any of their addresses, and nobody else', async () => {
    await extend({ delegates: ['P@contoso.example', 'piet@contoso.example'] })
    expect(zivver.state.get(anna)?.delegates).toEqual([piet])
    for (const delegate of ['gone', 'info', 'nobody']) {
      const answer = await extend({ delegates: [`${delegate}@contoso.example`] })
      expect([answer.status, answer.text]).toEqual([
        400,
        `Invalid delegate: ${delegate}@contoso.example`,
      ])
    }
  })

  test('knows its organizational units', async () => {
    const unit = (division: string) => put({ [urns.enterpriseUser]: { division } })
    expect((await unit('north.example')).status).toBe(200)
    expect((await unit('south')).text).toBe('Invalid division: south')
    expect(zivver.state.get(anna)?.division).toBe('north.example')
  })
})

test('DELETE frees the addresses and takes the user out of every list of delegates', async () => {
  expect((await scim('DELETE', `/Users/${piet}`)).status).toBe(204)
  expect(zivver.state.get(anna)?.delegates).toEqual([])
  expect((await create('p@contoso.example')).status).toBe(201)
})

test('PATCH on a user is not allowed', async () => {
  expect((await scim('PATCH', `/Users/${anna}`, { Operations: [] })).status).toBe(405)
})
