import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Microsoft365 } from './microsoft365.ts'
import { adminApi, anchor, invoke, type Read, startSample } from './wire.ts'

let simulator: Microsoft365
beforeEach(async () => {
  simulator = await startSample()
})
afterEach(() => simulator.close())

const parameters = { ResultSize: 'Unlimited' }
const select = () => `${adminApi(simulator)}?$select=Alias`
const cookieOf = (answer: Read) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
const aliases = ({ json }: Read) => json.value?.map((row) => row['Alias'])

function page(url: string, size: number, headers: Record<string, string> = {}): Promise<Read> {
  const prefer = `odata.maxpagesize=${size}`
  return invoke(simulator, 'Get-Mailbox', parameters, { url, headers: { prefer, ...headers } })
}

async function firstPage(size = 2) {
  const answer = await page(select(), size)
  return { answer, next: answer.json['@odata.nextLink'] ?? '', cookie: cookieOf(answer) }
}

async function everyPage(size = 2, most = 10): Promise<Read[]> {
  const { answer, next, cookie } = await firstPage(size)
  const pages = [answer]
  let url = next
  while (url !== '' && pages.length < most) {
    const answered = await page(url, size, { cookie })
    pages.push(answered)
    url = answered.json['@odata.nextLink'] ?? ''
  }
  return pages
}

const deadCursor = {
  error: {
    innererror: {
      internalexception: {
        type: 'System.Exception',
        message: 'Expired or Invalid pagination request. Default Expiry time is 00:30:00',
      },
    },
  },
}

test('pages are fetched by POST with the same body, anchor and cookie; together they are the listing', async () => {
  const { answer, next } = await firstPage()
  expect(answer.headers.get('preference-applied')).toBe('odata.maxpagesize=2')
  expect(next).toMatch(/\/InvokeCommand\?%24skiptoken=[\w-]+$/)
  const pages = await everyPage()
  expect(pages.map(aliases)).toEqual([
    ['j.devries', 'reception'],
    ['room101', 'left.employee'],
    ['DiscoverySearchMailbox'],
  ])
  expect(pages.every(({ json }) => json['@adminapi.warnings']?.length === 0)).toBe(true)
})

test('a cursor is refused after a change of anchor, cookie or body, with GET, and when it is old', async () => {
  const { next, cookie } = await firstPage()
  const refusals = [
    await page(next, 2, { cookie, 'x-anchormailbox': 'UPN:somebody@fabrikam.example' }),
    await page(next, 2, { cookie: 'X-BackEndCookie=other' }),
    await page(next, 2),
    await invoke(simulator, 'Get-Mailbox', {}, { url: next, headers: { cookie } }),
  ]
  for (const refused of refusals) {
    expect([refused.status, refused.json]).toMatchObject([400, deadCursor])
  }
  expect(
    (
      await fetch(next, {
        headers: {
          authorization: `Bearer ${simulator.token('exchange')}`,
          cookie,
          'x-anchormailbox': anchor,
        },
      })
    ).status,
  ).toBe(405)
  simulator.settings.exchange.cursorSeconds = 0
  expect((await page(next, 2, { cookie })).json).toMatchObject(deadCursor)
})

test('a listing that began without an anchor, or under a custom domain, cannot be continued', async () => {
  const bare = await page(select(), 2, { 'x-anchormailbox': '' })
  const next = bare.json['@odata.nextLink'] ?? ''
  expect((await page(next, 2, { 'x-anchormailbox': '', cookie: cookieOf(bare) })).status).toBe(400)
  const custom = await page(select().replace(simulator.tenant.id, 'fabrikam.example'), 2)
  const link = custom.json['@odata.nextLink'] ?? ''
  expect((await page(link, 2, { cookie: cookieOf(custom) })).status).toBe(400)
})

test('a cursor can be used again when its answer was lost', async () => {
  const { next, cookie } = await firstPage()
  const once = await page(next, 2, { cookie })
  expect(aliases(await page(next, 2, { cookie }))).toEqual(aliases(once))
})

test('a listing does not move while it is read', async () => {
  const { next, cookie } = await firstPage()
  simulator.tenant.removeMailbox(simulator.tenant.mailbox('room101'))
  expect(aliases(await page(next, 2, { cookie }))).toEqual(['room101', 'left.employee'])
})

test('next links can lead to the public host, to a stranger, or in a circle', async () => {
  const { exchange } = simulator.settings
  exchange.nextLinks = 'public'
  expect((await firstPage()).next).toMatch(
    /^https:\/\/outlook\.office365\.com\/adminapi\/beta\/11111111/,
  )
  exchange.nextLinks = 'foreign'
  expect((await firstPage()).next).toMatch(/^https:\/\/fabrikam\.example\//)
  exchange.nextLinks = 'repeated'
  const links = (await everyPage()).slice(1).map(({ json }) => json['@odata.nextLink'])
  expect([links.length, new Set(links).size]).toEqual([9, 1])
})

test('cursors can be refused from the start, as one live tenant did', async () => {
  simulator.settings.exchange.cursors = 'refused'
  const pages = await everyPage()
  expect(pages.map(({ status }) => status)).toEqual([200, 400])
})

test('a listing can be cut off with nothing but a warning', async () => {
  simulator.settings.exchange.truncateAt = 3
  const pages = await everyPage()
  expect(pages.map(aliases)).toEqual([['j.devries', 'reception'], ['room101']])
  expect(pages.map(({ json }) => json['@adminapi.warnings'])).toEqual([
    [],
    [expect.stringContaining('There are more results available than are currently displayed.')],
  ])
})

test('a ResultSize below the number of rows gives the warning and a next link', async () => {
  const { json } = await invoke(simulator, 'Get-Mailbox', { ResultSize: 1 })
  expect(json.value).toHaveLength(1)
  expect(json['@adminapi.warnings']).toHaveLength(1)
  expect(json['@odata.nextLink']).toContain('skiptoken')
})

test('rows can come twice, pages can be empty, and the end can be an empty link', async () => {
  const { exchange } = simulator.settings
  exchange.duplicatesAcrossPages = true
  expect((await everyPage()).map(aliases)[1]).toEqual(['reception', 'room101', 'left.employee'])
  exchange.duplicatesAcrossPages = false
  exchange.emptyMiddlePage = true
  exchange.emptyNextLinkAtEnd = true
  const pages = await everyPage()
  expect(pages.map((answer) => aliases(answer)?.length)).toEqual([2, 0, 2, 1])
  expect(pages.at(-1)?.json['@odata.nextLink']).toBe('')
})

test('$select may be forgotten after the first page', async () => {
  simulator.settings.exchange.selectSurvivesPaging = false
  const pages = await everyPage()
  expect(Object.keys(pages[0]?.json.value?.[0] ?? {})).toEqual(['Alias'])
  expect(Object.keys(pages[1]?.json.value?.[0] ?? {}).length).toBeGreaterThan(30)
})

test('the page size is never above the limit of the service', async () => {
  simulator.settings.exchange.maxPageSize = 3
  expect((await page(select(), 1000)).json.value).toHaveLength(3)
})
