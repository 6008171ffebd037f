import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { scimFetch } from './scim-fetch.ts'
import { startZivver, type Zivver } from './server.ts'

let zivver: Zivver
let scim: ReturnType<typeof scimFetch>
const addresses = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@contoso.example`)

beforeEach(async () => {
  zivver = await startZivver({
    rateLimit: null,
    accounts: [
      ...addresses.map((address) => ({ kind: 'user' as const, address })),
      { kind: 'functional', address: 'info@contoso.example', aliases: ['i@contoso.example'] },
    ],
  })
  scim = scimFetch(zivver.url)
})
afterEach(() => zivver.close())

async function list(query = '') {
  const { json } = await scim('GET', `/Users${query}`)
  const names = json?.Resources.map(({ userName }) => String(userName)[0]).join('')
  return {
    head: {
      totalResults: json?.['totalResults'],
      itemsPerPage: json?.['itemsPerPage'],
      startIndex: json?.['startIndex'],
    },
    names,
  }
}

describe('lists', () => {
  test('come whole, whatever count was asked for', async () => {
    const whole = {
      head: { totalResults: 5, itemsPerPage: 5, startIndex: 1 },
      names: 'abcde',
    }
    expect(await list()).toEqual(whole)
    expect(await list('?count=1&startIndex=3')).toEqual(whole)
  })

  test('come in pages that obey startIndex and count, where the option says so', async () => {
    zivver.setOptions({ paging: { mode: 'pages', size: 2 } })
    expect(await list()).toEqual({
      head: { totalResults: 5, itemsPerPage: 2, startIndex: 1 },
      names: 'ab',
    })
    expect((await list('?startIndex=5')).names).toBe('e')
    expect((await list('?startIndex=2&count=1')).names).toBe('b')
    expect((await list('?startIndex=6')).names).toBe('')
  })

  test('can always be the first page, can leave accounts out, and can miscount or not count', async () => {
    zivver.setOptions({ paging: { mode: 'first_page_only', size: 3 }, totalResults: -1 })
    expect(await list('?startIndex=4')).toEqual({
      head: { totalResults: 4, itemsPerPage: 3, startIndex: 1 },
      names: 'abc',
    })
    zivver.setOptions({ paging: { mode: 'whole' }, missingFromLists: 2, totalResults: 'right' })
    expect(await list()).toMatchObject({ head: { totalResults: 5 }, names: 'abc' })
    zivver.setOptions({ totalResults: 'absent' })
    expect((await list()).head.totalResults).toBeUndefined()
  })

  test('show addresses in mixed case where the option says so', async () => {
    zivver.setOptions({ addressCase: 'mixed' })
    const { json } = await scim('GET', '/Groups')
    expect(json?.Resources[0]).toMatchObject({ externalId: 'Info@Contoso.Example' })
  })
})

describe('filters', () => {
  const find = (path: string, filter: string) =>
    scim('GET', `${path}?filter=${encodeURIComponent(filter)}`)

  test('find by primary address only, in any case, within the kind', async () => {
    const found = await find('/Users', 'userName eq "B@Contoso.example"')
    expect(found.json).toMatchObject({
      totalResults: 1,
      Resources: [{ userName: 'b@contoso.example' }],
    })
    expect((await find('/Groups', 'externalId eq "info@contoso.example"')).json).toMatchObject({
      totalResults: 1,
    })
    for (const other of ['i@contoso.example', 'a@contoso.example']) {
      expect((await find('/Groups', `externalId eq "${other}"`)).json?.Resources).toEqual([])
    }
  })

  test('of any other form are refused', async () => {
    expect((await find('/Users', 'active eq true')).status).toBe(400)
  })
})

test('tens of thousands of accounts are listed in seconds at most', async () => {
  const seeds = Array.from({ length: 30_000 }, (_, at) => ({
    kind: 'user' as const,
    address: `user${at}@contoso.example`,
    aliases: [`alias${at}@contoso.example`],
    delegates: at === 0 ? [] : [`user${at - 1}@contoso.example`],
  }))
  zivver.state.seed(seeds)
  const started = performance.now()
  const response = await fetch(`${zivver.url}/Users`, {
    headers: { authorization: 'Bearer zivver-key' },
  })
  const text = await response.text()
  expect(performance.now() - started).toBeLessThan(5_000)
  expect(text).toContain('"totalResults":30005')
})
