import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fault } from '../shared/fault-rule.ts'
import { addGroup } from '../tenant/group-mutations.ts'
import { aTenantGroup, aTenantMailbox, sampleId } from '../tenant/sample-tenant.ts'
import { graphFaults } from './graph/errors.ts'
import type { Microsoft365 } from './microsoft365.ts'
import { graph, type Read, send, startSample } from './wire.ts'

let simulator: Microsoft365
beforeEach(async () => {
  simulator = await startSample()
})
afterEach(() => simulator.close())

const get = (path: string, headers?: Record<string, string>) => graph(simulator, path, headers)
const ids = ({ json }: Read) => json.value?.map((row) => row['id'])
const names = ({ json }: Read) => json.value?.map((row) => row['displayName'])
const codeOf = ({ status, json }: Read) => [status, (json['error'] as { code: string }).code]
const team = sampleId('9', 3)
const staff = sampleId('9', 4)
const council = sampleId('9', 5)
const advanced = { consistencylevel: 'eventual' }

describe('groups', () => {
  test('are listed with the chosen properties, every kind by its flags', async () => {
    const { json, headers } = await get(
      '/groups?$select=id,displayName,mail,mailEnabled,securityEnabled,groupTypes,visibility&$top=999',
    )
    expect(headers.get('x-ms-resource-unit')).toBe('1')
    expect(json['@odata.context']).toBe(
      'https://graph.microsoft.com/v1.0/$metadata#groups(id,displayName,mail,mailEnabled,securityEnabled,groupTypes,visibility)',
    )
    expect(json.value?.slice(0, 3)).toEqual([
      {
        id: '90000000-0000-4000-8000-000000000001',
        displayName: 'Project X',
        mail: 'project-x@fabrikam.example',
        mailEnabled: true,
        securityEnabled: false,
        groupTypes: ['Unified'],
        visibility: 'Private',
      },
      {
        id: '90000000-0000-4000-8000-000000000002',
        displayName: 'SG VPN',
        mail: null,
        mailEnabled: false,
        securityEnabled: true,
        groupTypes: [],
        visibility: null,
      },
      {
        id: '90000000-0000-4000-8000-000000000003',
        displayName: 'Reception Team',
        mail: 'reception-team@fabrikam.example',
        mailEnabled: true,
        securityEnabled: true,
        groupTypes: [],
        visibility: null,
      },
    ])
  })

  test.each([
    ["displayName eq 'reception team'", ['Reception Team']],
    ["mail eq 'all-staff@fabrikam.example' or mailNickname eq 'sg-vpn'", ['SG VPN', 'All staff']],
    ["proxyAddresses/any(p:p eq 'smtp:project-x@fabrikam.example')", ['Project X']],
    ["groupTypes/any(c: c eq 'Unified') and visibility eq 'Private'", ['Project X']],
    ['mailEnabled eq true and (securityEnabled eq true)', ['Reception Team', 'Works council']],
    ["startswith(displayName,'Rec')", ['Reception Team']],
    [`id in ('${team}','${staff}')`, ['Reception Team', 'All staff']],
  ])('$filter=%s', async (filter, expected) => {
    expect(names(await get(`/groups?$filter=${encodeURIComponent(filter)}`))).toEqual(expected)
  })

  test('a filter that needs an advanced query, or names no property, is refused', async () => {
    const not = `/groups?$filter=${encodeURIComponent("displayName ne 'SG VPN'")}`
    expect(codeOf(await get(not))).toEqual([400, 'Request_UnsupportedQuery'])
    expect(names(await get(`${not}&$count=true`, advanced))).toHaveLength(4)
    expect(codeOf(await get("/groups?$filter=shoe eq '44'"))).toEqual([400, 'Request_BadRequest'])
    expect(codeOf(await get('/groups?$select=shoe'))).toEqual([400, 'Request_BadRequest'])
  })

  test('one is read by id; unknown, malformed and Exchange-only ones are told apart', async () => {
    const dynamic = aTenantGroup(8, 'Everyone', { exchangeOnly: true })
    addGroup(simulator.tenant, dynamic)
    expect((await get(`/groups/${team.toUpperCase()}?$select=displayName`)).json).toEqual({
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#groups(displayName)/$entity',
      id: team,
      displayName: 'Reception Team',
    })
    const missing = await get(`/groups/${sampleId('9', 0xaa)}`)
    expect([missing.status, missing.json]).toEqual([
      404,
      {
        error: {
          code: 'Request_ResourceNotFound',
          message:
            "Resource '90000000-0000-4000-8000-0000000000aa' does not exist or one of its queried reference-property objects are not present.",
          innerError: {
            date: expect.any(String),
            'request-id': expect.any(String),
            'client-request-id': expect.any(String),
          },
        },
      },
    ])
    expect(codeOf(await get(`/groups/${dynamic.id}`))[0]).toBe(404)
    expect(codeOf(await get('/groups/everyone'))).toEqual([400, 'Request_BadRequest'])
  })
})

describe('members', () => {
  test('come with their type; a property that a type does not have is left out', async () => {
    const { json } = await get(
      `/groups/${team}/members?$select=id,displayName,mail,userPrincipalName,accountEnabled`,
    )
    expect(json.value).toEqual([
      {
        '@odata.type': '#microsoft.graph.user',
        id: sampleId('a', 1),
        displayName: 'Jan de Vries',
        mail: 'j.devries@fabrikam.example',
        userPrincipalName: 'j.devries@fabrikam.example',
        accountEnabled: true,
      },
      {
        '@odata.type': '#microsoft.graph.group',
        id: staff,
        displayName: 'All staff',
        mail: 'all-staff@fabrikam.example',
      },
      {
        '@odata.type': '#microsoft.graph.orgContact',
        id: sampleId('c', 1),
        displayName: 'External Partner',
        mail: 'partner@contoso.example',
      },
    ])
  })

  test('a type that may not be read has nulls, with status 200', async () => {
    simulator.settings.rights.graphRoles = ['GroupMember.Read.All']
    const answer = await get(`/groups/${team}/members?$select=id,displayName,userPrincipalName`)
    expect([answer.status, answer.json.value]).toMatchObject([
      200,
      [
        { id: sampleId('a', 1), displayName: null, userPrincipalName: null },
        { displayName: 'All staff' },
        { id: sampleId('c', 1), displayName: null },
      ],
    ])
  })

  test('a circle of groups ends; transitive members hold the groups in between', async () => {
    expect(ids(await get(`/groups/${staff}/transitiveMembers`))).toEqual([
      team,
      sampleId('a', 1),
      staff,
      sampleId('c', 1),
    ])
  })

  test('can be cast to users and counted', async () => {
    const cast = await get(`/groups/${team}/members/microsoft.graph.user?$select=id`)
    expect(cast.json.value).toEqual([{ id: sampleId('a', 1) }])
    const counted = await get(`/groups/${team}/members?$count=true`, advanced)
    expect(counted.json).toMatchObject({ '@odata.count': 3 })
    expect((await get(`/groups/${team}/members/$count`, advanced)).text).toBe('3')
  })

  test('hidden membership needs its own permission; without it there can seem to be nobody', async () => {
    expect(ids(await get(`/groups/${council}/members`))).toEqual([sampleId('a', 1)])
    simulator.settings.rights.graphRoles = ['GroupMember.Read.All', 'User.Read.All']
    expect(codeOf(await get(`/groups/${council}/members`))).toEqual([
      403,
      'Authorization_RequestDenied',
    ])
    simulator.settings.graph.hiddenMembership = 'empty'
    expect(ids(await get(`/groups/${council}/members`))).toEqual([])
  })
})

describe('users and other objects', () => {
  test('every mailbox with an identifier is a user; shared ones are disabled', async () => {
    const { json } = await get('/users?$select=id,mail,accountEnabled')
    expect(json.value).toHaveLength(4)
    expect(json.value?.[1]).toEqual({
      id: sampleId('a', 2),
      mail: 'reception@fabrikam.example',
      accountEnabled: false,
    })
  })

  test('one is found by UPN or id, not by another address; a proxy address is found by filter', async () => {
    const upn = 'Reception@fabrikam.onmicrosoft.example'
    expect((await get(`/users/${upn}`)).json['id']).toBe(sampleId('a', 2))
    expect((await get(`/users/${sampleId('a', 2)}`)).json['mail']).toBe(
      'reception@fabrikam.example',
    )
    expect(codeOf(await get('/users/balie@fabrikam.example'))[0]).toBe(404)
    const filter = encodeURIComponent("proxyAddresses/any(x:x eq 'smtp:balie@fabrikam.example')")
    expect(ids(await get(`/users?$filter=${filter}`))).toEqual([sampleId('a', 2)])
    expect(codeOf(await get('/users/not-a-guid'))[0]).toBe(400)
  })

  test('directoryObjects tells the type of any id; getByIds of many', async () => {
    const types = await Promise.all(
      [sampleId('a', 1), team, sampleId('c', 1)].map(
        async (id) => (await get(`/directoryObjects/${id}`)).json['@odata.type'],
      ),
    )
    expect(types).toEqual([
      '#microsoft.graph.user',
      '#microsoft.graph.group',
      '#microsoft.graph.orgContact',
    ])
    expect(codeOf(await get(`/directoryObjects/${sampleId('a', 99)}`))[0]).toBe(404)
    const many = await send(`${simulator.graphUrl}/v1.0/directoryObjects/getByIds`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.token('graph')}` },
      body: JSON.stringify({ ids: [team, sampleId('a', 99)] }),
    })
    expect(ids(many)).toEqual([team])
  })

  test('contacts are a collection of their own', async () => {
    expect(ids(await get("/contacts?$filter=mail eq 'partner@contoso.example'"))).toEqual([
      sampleId('c', 1),
    ])
  })
})

describe('rights', () => {
  test('a missing or stale token is a 401, a missing permission a 403, each with its code', async () => {
    const stale = await get('/groups', { authorization: 'Bearer stale' })
    expect(codeOf(stale)).toEqual([401, 'InvalidAuthenticationToken'])
    simulator.settings.rights.graphRoles = ['User.Read.All']
    expect(codeOf(await get('/groups'))).toEqual([403, 'Authorization_RequestDenied'])
    expect(codeOf(await get(`/groups/${team}/members`))[0]).toBe(403)
    expect((await get('/users')).status).toBe(200)
  })
})

describe('paging', () => {
  const follow = async (path: string, most = 8) => {
    const pages = [await get(path)]
    for (
      let next = pages[0]?.json['@odata.nextLink'];
      next !== undefined && pages.length < most;
    ) {
      const page = await get(next)
      pages.push(page)
      next = page.json['@odata.nextLink']
    }
    return pages
  }

  test('next links keep the query, lead to the public host, and are followed with GET', async () => {
    const pages = await follow('/groups?$select=id&$top=2')
    expect(pages[0]?.json['@odata.nextLink']).toMatch(
      /^https:\/\/graph\.microsoft\.com\/v1\.0\/groups\?\$select=id&\$top=2&\$skiptoken=[\w-]+$/,
    )
    expect(pages.flatMap(ids)).toEqual([1, 2, 3, 4, 5].map((number) => sampleId('9', number)))
  })

  test('100 objects a page by default, 999 at most', async () => {
    for (let number = 10; number < 120; number++) {
      simulator.tenant.addMailbox(aTenantMailbox(number, `user${number}@fabrikam.example`))
    }
    expect((await get('/users')).json.value).toHaveLength(100)
    expect((await get('/users?$top=999')).json.value).toHaveLength(114)
    expect(codeOf(await get('/users?$top=1000'))).toEqual([400, 'Request_BadRequest'])
  })

  test('links can lead to the called host, to a stranger, or in a circle; pages can be empty or overlap', async () => {
    const settings = simulator.settings.graph
    settings.nextLinks = 'called'
    settings.emptyMiddlePage = true
    const pages = await follow('/groups?$top=2')
    expect(pages[0]?.json['@odata.nextLink']).toContain(`${simulator.graphUrl}/v1.0/groups`)
    expect(pages.map((page) => ids(page)?.length)).toEqual([2, 0, 2, 1])
    settings.emptyMiddlePage = false
    settings.duplicatesAcrossPages = true
    expect((await follow('/groups?$top=2')).flatMap(ids)).toHaveLength(7)
    settings.nextLinks = 'repeated'
    expect(await follow('/groups?$top=2')).toHaveLength(8)
    settings.nextLinks = 'foreign'
    expect((await get('/groups?$top=2')).json['@odata.nextLink']).toContain(
      'https://fabrikam.example',
    )
  })

  test('an old page token is refused', async () => {
    const next = (await get('/groups?$top=2')).json['@odata.nextLink'] ?? ''
    simulator.settings.graph.pageTokenSeconds = 0
    expect(codeOf(await get(next))).toEqual([400, 'Directory_ExpiredPageToken'])
  })
})

describe('$batch', () => {
  const batch = (requests: readonly object[]) =>
    send(`${simulator.graphUrl}/v1.0/$batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.token('graph')}` },
      body: JSON.stringify({ requests }),
    })
  const request = (id: string, url: string) => ({ id, method: 'GET', url })

  test('answers each item by its id, in any order; one can be throttled alone', async () => {
    simulator.faults.once({ tags: { id: team } }, graphFaults.throttled(5))
    const { status, json } = await batch([
      request('1', `/groups/${staff}/members?$select=id`),
      request('2', `/groups/${team}/members`),
      request('3', `/groups/${sampleId('9', 0xaa)}`),
    ])
    expect(status).toBe(200)
    const byId = new Map(json.responses?.map((response) => [response.id, response]))
    expect(byId.get('1')).toMatchObject({ status: 200, body: { value: [{ id: team }] } })
    expect(byId.get('2')).toMatchObject({
      status: 429,
      headers: { 'Retry-After': '5' },
      body: { error: { code: 'TooManyRequests' } },
    })
    expect(byId.get('3')).toMatchObject({ status: 404 })
  })

  test('takes at most 20 items, each id once', async () => {
    const items = Array.from({ length: 21 }, (_none, at) => request(String(at), `/groups/${team}`))
    expect((await batch(items)).status).toBe(400)
    expect((await batch(items.slice(1))).json.responses).toHaveLength(20)
    expect((await batch([request('1', '/groups'), request('1', '/users')])).status).toBe(400)
  })
})

test('throttling outside a batch carries Retry-After and the documented body', async () => {
  simulator.faults.once(
    { tags: { operation: 'GET /groups/{id}/members' } },
    graphFaults.throttled(10),
  )
  const throttled = await get(`/groups/${team}/members`)
  expect([throttled.headers.get('retry-after'), ...codeOf(throttled)]).toEqual([
    '10',
    429,
    'TooManyRequests',
  ])
  simulator.faults.once({ path: '/users$' }, fault.status(503))
  expect((await get('/users')).status).toBe(503)
  expect(simulator.log.entries.map(({ tags, status }) => [tags['operation'], status])).toEqual([
    ['GET /groups/{id}/members', 429],
    ['GET /users', 503],
  ])
})
