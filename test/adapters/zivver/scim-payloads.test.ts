import { expect, test } from 'vitest'
import {
  parseAccount,
  parseAttributes,
  parseListPage,
  unwrapResource,
} from '../../../core/adapters/zivver/scim-payloads.ts'

const user = 'urn:ietf:params:scim:schemas:zivver:0.1:User'
const group = 'urn:ietf:params:scim:schemas:zivver:0.1:Group'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

const anna = {
  id: '3f0c8a52-6c1d-4a1e-9f55-0d7a4b8e2c11',
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise, user],
  meta: { resourceType: 'User', created: '2025-02-03' },
  userName: 'Anna.Vos@Contoso.Example',
  name: { formatted: 'Anna Vos', familyName: 'Vos' },
  phoneNumbers: [],
  active: true,
  [enterprise]: { division: '/' },
  [user]: {
    aliases: ['A.Vos@contoso.example', 'anna@fabrikam.example', 'a.vos@contoso.example'],
    delegates: ['Piet.Smit@contoso.example'],
    ExternalAccountId: '8D2b1e0f-4c77-4d61-8f0a-3a5f7e9c1b20',
    language: 'nl',
  },
}

test('a User is normalised, and what we do not manage is kept apart', () => {
  expect(parseAccount('user', anna)).toEqual({
    ok: true,
    value: {
      kind: 'user',
      scimId: '3f0c8a52-6c1d-4a1e-9f55-0d7a4b8e2c11',
      address: 'anna.vos@contoso.example',
      displayName: 'Anna Vos',
      aliases: ['a.vos@contoso.example', 'anna@fabrikam.example'],
      delegates: ['piet.smit@contoso.example'],
      active: true,
      externalAccountId: '8D2b1e0f-4c77-4d61-8f0a-3a5f7e9c1b20',
      otherExtension: { language: 'nl' },
      otherName: { familyName: 'Vos' },
    },
  })
})

test('a Group has its address in externalId and its delegates in members', () => {
  const info = {
    id: 'b71c0d94',
    externalId: 'Info@contoso.example',
    displayName: 'Contoso Info',
    members: [{ value: 'id-2', type: 'User' }, { value: 'id-1' }],
    [group]: { aliases: null, ExternalAccountId: '', retention: 7 },
  }
  expect(parseAccount('functional', info)).toEqual({
    ok: true,
    value: {
      kind: 'functional',
      scimId: 'b71c0d94',
      address: 'info@contoso.example',
      displayName: 'Contoso Info',
      aliases: [],
      delegates: ['id-1', 'id-2'],
      active: true,
      externalAccountId: null,
      otherExtension: { retention: 7 },
      otherName: {},
    },
  })
})

test.each([
  [true, true],
  [false, false],
  ['True', true],
  ['false', false],
  [undefined, true],
])('active %j means %j', (active, expected) => {
  const parsed = parseAccount('user', { ...anna, active })
  expect(parsed.ok && parsed.value.active).toBe(expected)
})

test.each([
  ['user', { ...anna, id: undefined }, 'id is missing'],
  ['user', { ...anna, userName: ' ' }, 'userName is missing'],
  ['functional', { id: 'x', displayName: 'Info' }, 'externalId is missing'],
  ['user', { ...anna, active: 'perhaps' }, 'active: Invalid input'],
  [
    'user',
    { ...anna, [user]: { aliases: 'a@contoso.example' } },
    `${user}.aliases: Invalid input: expected array, received string`,
  ],
  ['user', { ...anna, [user]: { delegates: [7] } }, `${user}.delegates.0: Invalid input`],
  ['user', 'gateway', 'Invalid input: expected object, received string'],
] as const)(
  'a %s row that cannot be read is a fault without its values: %#',
  (kind, row, fault) => {
    expect(parseAccount(kind, row)).toEqual({ ok: false, fault })
  },
)

test('an answer to a write may carry a part of the attributes', () => {
  const parsed = parseAttributes('user', { id: 'x', active: 'False' })
  expect(parsed.ok && parsed.value).toMatchObject({
    scimId: 'x',
    active: false,
    address: undefined,
    aliases: undefined,
  })
})

test.each([
  [
    { totalResults: 2, Resources: [1, 2] },
    { ok: true, value: { total: 2, rows: [1, 2] } },
  ],
  [
    { totalResults: '2', Resources: [1, 2] },
    { ok: true, value: { total: 2, rows: [1, 2] } },
  ],
  [{ Resources: [] }, { ok: true, value: { total: null, rows: [] } }],
  [{ totalResults: 0 }, { ok: true, value: { total: 0, rows: [] } }],
  [{ totalResults: 3 }, { ok: false, fault: 'Resources is missing' }],
  [
    { totalResults: 3, Resources: null },
    { ok: false, fault: 'Resources is missing' },
  ],
  [{}, { ok: false, fault: 'Resources is missing' }],
  [
    { totalResults: -1, Resources: [] },
    { ok: false, fault: 'totalResults: Too small: expected number to be >=0' },
  ],
  [undefined, { ok: false, fault: 'Invalid input: expected object, received undefined' }],
])(
  'a list page without Resources is a fault, unless it says that there are none: %j',
  (json, page) => {
    expect(parseListPage(json)).toEqual(page)
  },
)

test('a single resource comes bare or as the only row of an envelope', () => {
  expect(unwrapResource(anna)).toBe(anna)
  expect(unwrapResource({ totalResults: 1, Resources: [anna] })).toBe(anna)
})
