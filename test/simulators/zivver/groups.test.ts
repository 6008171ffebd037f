import { afterEach, beforeEach, expect, test } from 'vitest'
import { urns } from './payloads.ts'
import { scimFetch } from './scim-fetch.ts'
import { startZivver, type Zivver } from './server.ts'

let zivver: Zivver
let scim: ReturnType<typeof scimFetch>
const [info, anna, piet] = ['id-info', 'id-anna', 'id-piet']

beforeEach(async () => {
  zivver = await startZivver({
    rateLimit: null,
    accounts: [
      {
        kind: 'functional',
        id: info,
        address: 'info@contoso.example',
        displayName: 'Contoso Info',
        created: '2025-02-03',
        aliases: ['contact@contoso.example'],
        delegates: ['anna@contoso.example', 'piet@contoso.example'],
        externalAccountId: 'guid-info',
      },
      { kind: 'user', id: anna, address: 'anna@contoso.example' },
      { kind: 'user', id: piet, address: 'piet@contoso.example' },
    ],
  })
  scim = scimFetch(zivver.url)
})
afterEach(() => zivver.close())

const put = (body: object) => scim('PUT', `/Groups/${info}`, body)
const patch = (...Operations: readonly object[]) => scim('PATCH', `/Groups/${info}`, { Operations })
const members = () => zivver.state.get(info)?.delegates

test('shows a functional account as the reference does', async () => {
  const { status, json } = await scim('GET', `/Groups/${info}`)
  expect(status).toBe(200)
  expect(json).toEqual({
    id: info,
    schemas: [urns.group, urns.zivverGroup, urns.enterpriseUser],
    meta: { resourceType: 'Group', created: '2025-02-03', location: `/scim/v2/Groups/${info}` },
    externalId: 'info@contoso.example',
    displayName: 'Contoso Info',
    members: [{ value: anna }, { value: piet }],
    [urns.enterpriseUser]: { division: '/' },
    [urns.zivverGroup]: { aliases: ['contact@contoso.example'], ExternalAccountId: 'guid-info' },
  })
})

test('POST needs an address and a display name, and shares the address space with users', async () => {
  const create = (externalId: string, more: object = { displayName: 'Sales' }) =>
    scim('POST', '/Groups', { externalId, ...more })
  expect((await create('sales@contoso.example', {})).text).toContain('displayName: required')
  expect((await create('Anna@contoso.example')).status).toBe(409)
  expect((await create('contact@contoso.example')).text).toContain(info)
  const made = await create('sales@contoso.example', {
    displayName: 'Sales',
    members: [{ value: piet }],
  })
  expect(made).toMatchObject({ status: 201, json: { members: [{ value: piet }] } })
})

test('PUT changes what is there; members must be users', async () => {
  await put({ displayName: 'Info', members: [{ value: piet }] })
  expect(zivver.state.get(info)).toMatchObject({
    displayName: 'Info',
    delegates: [piet],
    aliases: ['contact@contoso.example'],
    externalAccountId: 'guid-info',
  })
  await put({ [urns.zivverGroup]: { ExternalAccountId: 'other' } })
  expect(zivver.state.get(info)).toMatchObject({
    aliases: ['contact@contoso.example'],
    externalAccountId: 'other',
  })
  const refused = await put({ displayName: 'x', members: [{ value: info }] })
  expect([refused.status, refused.text]).toEqual([400, `Unknown account with uuid: ${info}`])
  expect(zivver.state.get(info)?.displayName).toBe('Info')
})

test('an empty list of members empties nothing, by PUT or PATCH', async () => {
  expect((await put({ members: [] })).status).toBe(200)
  expect((await patch({ op: 'replace', path: 'members', value: [] })).status).toBe(200)
  expect(members()).toEqual([anna, piet])
})

test('PATCH replaces members; its remove drops all of them, whomever it names', async () => {
  await patch({ op: 'Replace', path: 'members', value: [{ value: piet }] })
  expect(members()).toEqual([piet])
  await put({ members: [{ value: anna }, { value: piet }] })
  zivver.setOptions({ patchStatus: 204 })
  const removed = await patch({ op: 'remove', path: `members[value eq "${anna}"]` })
  expect([removed.status, removed.text, members()]).toEqual([204, '', []])
  expect((await patch({ op: 'add', path: 'members', value: [] })).status).toBe(400)
})

test('a deleted user is no member any more, and a deleted group frees its address', async () => {
  await scim('DELETE', `/Users/${anna}`)
  expect(members()).toEqual([piet])
  await scim('DELETE', `/Groups/${info}`)
  expect(zivver.state.ownerOf('contact@contoso.example')).toBeUndefined()
})
