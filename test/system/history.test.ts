import Papa from 'papaparse'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeContinuation } from '../../core/api/paging.ts'
import { errorCodes, warningCodes } from '../../core/errors.ts'
import { setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import type { Api } from './api.ts'
import { includedDomains, SmallTenant } from './small-tenant.ts'
import { World, zivverKey } from './world.ts'

/** Names that a spreadsheet or a browser would run. */
const hostileNames = [
  '=HYPERLINK("http://attacker.example","Click")',
  '+31 20 123 45 67',
  '-2+3',
  '@SUM(A1:A9)',
  'Anna "de" Vos, director',
  'two\r\n=1+1',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'Zoë Müller & Söhne',
]
const known = Array.from({ length: 110 }, (_, at) => `user${at}`)
const small = new SmallTenant().users(...known).shared('info')
let world: World
let api: Api
let previewId: string

beforeAll(async () => {
  const accounts = small.accounts()
  for (const [at, displayName] of hostileNames.entries()) small.add(`hostile${at}`, { displayName })
  setDisplayName(small.tenant, small.get('user1'), 'Somebody Else')
  world = await World.start({ tenant: small.tenant, includedDomains, accounts })
  api = await world.startHost()
  expect((await api.get('/api/health')).json.checks[7]).toMatchObject({ status: 'warning' })
  previewId = (await api.sync()).id
  await api.sync({ perform_sync: true })
})
afterAll(() => world[Symbol.asyncDispose]())

/** All items of a list, page by page. */
async function pages(
  path: string,
  list: 'runs' | 'changes' | 'accounts',
): Promise<(readonly unknown[])[]> {
  const found: (readonly unknown[])[] = []
  let next = path
  for (;;) {
    const { json } = await api.get(next)
    found.push(json[list])
    if (json.continuation === undefined) return found
    next = `${path}${path.includes('?') ? '&' : '?'}continuation=${json.continuation}`
  }
}

/** A continuation of the list of runs as somebody would forge it who read the code. */
function forged(token: string): string {
  return encodeContinuation('runs', token)
}

describe('runs', () => {
  test('are listed newest first, in pages that a continuation joins', async () => {
    await api.sync()
    const whole = await api.runs()
    expect(whole).toHaveLength(3)
    expect(whole[2]?.id).toBe(previewId)
    expect(await pages('/api/runs?limit=2', 'runs')).toEqual([whole.slice(0, 2), whole.slice(2)])
    const times = whole.map(({ requested_at }) => requested_at)
    expect(times).toEqual(times.toSorted().reverse())
  })

  test.each([
    '/api/runs?limit=0',
    '/api/runs?limit=many',
    '/api/runs?continuation=abc',
    `/api/runs?continuation=${forged('')}`,
    `/api/runs?continuation=${forged('line\nbreak')}`,
  ])('refuse %s by name', async (path) => {
    const { status, json } = await api.get(path)
    expect(status).toBe(400)
    expect(path).toContain(json.errors[0]?.name)
  })

  test('a forged continuation is a place in the list and nothing else', async () => {
    const { status, json } = await api.get(`/api/runs?continuation=${forged("9'or'a'ne'b")}`)
    expect([status, json.runs]).toEqual([200, []])
  })

  test.each(['', '/changes', '/report'])('that nobody knows are a 404 (%s)', async (rest) => {
    expect((await api.get(`/api/runs/8000000000000-00000000${rest}`)).status).toBe(404)
    expect((await api.get(`/api/runs/nonsense${rest}`)).status).toBe(404)
  })
})

describe('changes', () => {
  test('come in order, in pages, and by action and status', async () => {
    const all = await api.changes(previewId)
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, at) => at + 1))
    const path = `/api/runs/${previewId}/changes`
    const created = await pages(`${path}?action=create&status=planned&limit=4`, 'changes')
    expect(created.map((page) => page.length)).toEqual([4, 4, 1])
    expect(created.flat()).toEqual(all.filter(({ action }) => action === 'create'))
    expect((await api.get(`${path}?status=applied`)).json).toEqual({ changes: [] })
    const update = (await api.get(`${path}?action=update`)).json.changes
    expect(update).toMatchObject([
      {
        kind: 'user',
        address: 'user1@contoso.example',
        external_directory_object_id: small.get('user1').externalDirectoryObjectId,
        fields: [{ path: 'name.formatted', before: 'user1', after: 'Somebody Else' }],
        error: null,
      },
    ])
  })

  test('refuse a filter or a continuation that does not fit', async () => {
    const path = `/api/runs/${previewId}/changes`
    const { continuation } = (await api.get(`${path}?limit=1`)).json
    for (const query of ['action=delete', 'status=done', 'format=xml', 'limit=-1']) {
      const { json } = await api.get(`${path}?${query}`)
      expect(json).toMatchObject({ status: 400, errors: [{ name: query.split('=')[0] }] })
    }
    const other = await api.get(`${path}?action=link&limit=1&continuation=${continuation}`)
    expect(other.json.errors).toMatchObject([{ name: 'continuation' }])
  })

  test('as CSV are all of them, each cell harmless to a spreadsheet', async () => {
    const answer = await api.get(`/api/runs/${previewId}/changes?format=csv&action=create`)
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/)
    const { data, errors } = Papa.parse<Record<string, string>>(answer.text.trimEnd(), {
      header: true,
      newline: '\r\n',
    })
    expect(errors).toEqual([])
    const cells = hostileNames.map((name) => (/^[=+\-@]/.test(name) ? `'${name}` : name))
    expect(new Set(data.map((row) => row['name.formatted after']))).toEqual(new Set(cells))
    for (const row of data) {
      expect(Object.values(row).filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
    }
    const whole = await api.get(`/api/runs/${previewId}/changes?format=csv`)
    const count = (await api.changes(previewId)).length
    expect(Papa.parse(whole.text.trimEnd(), { header: true }).data).toHaveLength(count)
  })
})

test('the report is one page that fetches nothing and runs nothing that a name brought', async () => {
  const { headers, text } = await api.get(`/api/runs/${previewId}/report`)
  expect(headers.get('content-type')).toMatch(/^text\/html/)
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(text).toContain('hostile8@contoso.example')
  expect(text).not.toMatch(/<(?:script|link|img|iframe)[^>]+(?:src|href)\s*=\s*["']?https?:/i)
  expect(text).not.toContain('<script>alert(1)')
  expect(text).not.toContain('<img src=x')
})

test('accounts are found by the beginning of their address, in pages', async () => {
  const all = await pages('/api/accounts', 'accounts')
  expect(all.map((page) => page.length)).toEqual([100, 20])
  expect((await pages('/api/accounts?address=Hostile', 'accounts')).flat()).toHaveLength(9)
  const { json } = await api.get('/api/accounts?address=user7@contoso.example')
  expect(json.accounts).toEqual([
    {
      external_directory_object_id: small.get('user7').externalDirectoryObjectId,
      kind: 'user',
      scim_id: world.zivver.state.ownerOf('user7@contoso.example')?.id,
      address: 'user7@contoso.example',
      display_name: 'user7',
      active: true,
      linked_at: expect.any(String),
      last_run_id: expect.any(String),
    },
  ])
  expect((await api.get('/api/accounts?address=nobody@contoso.example')).json.accounts).toEqual([])
})

describe('health', () => {
  test('is ok when every part answers, and asks Zivver nothing while a run may need the rate limit', async () => {
    const { status, json } = await api.get('/api/health')
    expect([status, json.status]).toEqual([200, 'ok'])
    const names = json.checks.map(({ name }) => name)
    expect(names.join(' ')).toBe(
      'settings storage identity exchange graph zivver email schedule version',
    )
    world.microsoft365.cmdletLatency.set(150, { tags: { cmdlet: 'Get-MailboxPermission' } })
    const { id } = await api.started()
    await api.until(id, (run) => run.status === 'running')
    const busy = (await api.get('/api/health')).json
    expect(busy.checks[5]).toMatchObject({ name: 'zivver', status: 'unknown' })
    await api.call('POST', `/api/runs/${id}/cancel`)
    world.microsoft365.cmdletLatency.clear()
    await api.ended(id)
  })

  test('is a 503 with a remedy for each part that fails', async () => {
    const { rights } = world.microsoft365.settings
    const given = { ...rights }
    Object.assign(rights, { directoryRole: null, graphRoles: [] })
    world.zivver.setOptions({ key: 'another key' })
    const { status, json } = await api.get('/api/health')
    Object.assign(rights, given)
    world.zivver.setOptions({ key: zivverKey })
    expect([status, json.status]).toEqual([503, 'failing'])
    const failing = json.checks.filter((check) => check.status === 'failing')
    expect(failing).toMatchObject([
      { name: 'exchange', remedy: expect.stringContaining('Global Reader') },
      { name: 'graph', remedy: expect.stringContaining('GroupMember.Read.All') },
      { name: 'zivver', remedy: expect.stringContaining('CLOUD_SYNC__ZIVVER_API_KEY') },
    ])
    expect((await api.get('/api/health')).status).toBe(200)
  })
})

test('the OpenAPI document names every code with its remedy, and every route that there is', async () => {
  const { json } = await api.get('/api/openapi.json')
  expect(json.openapi).toBe('3.1.0')
  const { ErrorCode, WarningCode } = json.components.schemas
  for (const [schema, codes] of [
    [ErrorCode, errorCodes],
    [WarningCode, warningCodes],
  ] as const) {
    expect(schema?.enum).toEqual(codes)
    expect(Object.keys(schema?.['x-remedies'] ?? {})).toEqual(codes)
  }
  const routes = Object.entries<object>(json.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(routes.sort()).toEqual([
    'GET /accounts',
    'GET /dashboard',
    'GET /health',
    'GET /openapi.json',
    'GET /runs',
    'GET /runs/{id}',
    'GET /runs/{id}/changes',
    'GET /runs/{id}/report',
    'POST /runs',
    'POST /runs/{id}/cancel',
    'POST /verify',
  ])
})

describe('the key', () => {
  const calls = [
    'GET /api/runs',
    'POST /api/runs',
    'GET /api/runs/1',
    'GET /api/runs/1/changes',
    'GET /api/runs/1/report',
    'POST /api/runs/1/cancel',
    'GET /api/accounts',
    'GET /api/health',
    'GET /api/openapi.json',
    'POST /admin/functions/scheduledSync',
  ]

  test('is asked for on every route but the page of the dashboard, which holds no data', async () => {
    const headers = { 'x-functions-key': 'wrong' }
    for (const call of calls) {
      const [method = '', path = ''] = call.split(' ')
      expect([call, (await api.call(method, path, { headers })).status]).toEqual([call, 401])
    }
    const bare = await fetch(`${api.host.url}/api/dashboard`)
    const page = await bare.text()
    expect(bare.status).toBe(200)
    expect(page).toMatch(/^<!doctype html>/i)
    for (const fact of [...world.secrets, world.microsoft365.tenant.id, previewId, 'user7']) {
      expect(page).not.toContain(fact)
    }
  })

  test('may be in the address, and then comes back in none', async () => {
    const [key = ''] = world.secrets
    const url = `${api.host.url}/api/runs?code=${key}`
    const answer = await fetch(url, { method: 'POST' })
    const text = `${await answer.text()} ${JSON.stringify([...answer.headers])}`
    expect(answer.status).toBe(202)
    expect(text).toContain('/api/runs/')
    expect(text).not.toContain(key)
    await api.ended(JSON.parse(text.slice(0, text.indexOf('}') + 1)).id)
  })
})
