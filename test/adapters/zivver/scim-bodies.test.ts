import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyMembersBody, resourceBody } from '../../../core/adapters/zivver/scim-bodies.ts'
import { parseAccount } from '../../../core/adapters/zivver/scim-payloads.ts'

const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User'
const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const zivverUser = 'urn:ietf:params:scim:schemas:zivver:0.1:User'
const zivverGroup = 'urn:ietf:params:scim:schemas:zivver:0.1:Group'

const extension = {
  aliases: ['a.vos@contoso.example'],
  delegates: ['piet@contoso.example'],
  externalAccountId: '8d2b1e0f',
  ssoAccountKey: '8d2b1e0f',
  other: { language: 'nl' },
}

test('POST of a User', () => {
  const write = {
    address: 'anna@contoso.example',
    displayName: 'Anna Vos',
    active: true,
    extension,
  }
  expect(resourceBody('user', write)).toStrictEqual({
    schemas: [coreUser, zivverUser],
    userName: 'anna@contoso.example',
    name: { formatted: 'Anna Vos' },
    active: true,
    [zivverUser]: {
      language: 'nl',
      aliases: ['a.vos@contoso.example'],
      delegates: ['piet@contoso.example'],
      ExternalAccountId: '8d2b1e0f',
      SsoAccountKey: '8d2b1e0f',
    },
  })
})

test('PUT of a User suspends with nothing but active', () => {
  expect(resourceBody('user', { active: false })).toStrictEqual({
    schemas: [coreUser],
    active: false,
  })
})

test('PUT of a User renames with nothing but userName', () => {
  expect(resourceBody('user', { address: 'anna.bos@contoso.example' })).toStrictEqual({
    schemas: [coreUser],
    userName: 'anna.bos@contoso.example',
  })
})

test('PUT of a User sends the rest of its name back', () => {
  const write = { displayName: 'Anna Bos', otherName: { familyName: 'Vos', formatted: 'old' } }
  expect(resourceBody('user', write)).toStrictEqual({
    schemas: [coreUser],
    name: { familyName: 'Vos', formatted: 'Anna Bos' },
  })
})

test('PUT of a User without SSO key, identifier and delegates names none of them', () => {
  const write = {
    extension: { aliases: [], externalAccountId: null, ssoAccountKey: null, other: {} },
  }
  expect(resourceBody('user', write)).toStrictEqual({
    schemas: [coreUser, zivverUser],
    [zivverUser]: { aliases: [] },
  })
})

test('POST of a Group', () => {
  const write = {
    address: 'info@contoso.example',
    displayName: 'Contoso Info',
    members: ['id-1', 'id-2'],
    active: true,
    extension,
  }
  expect(resourceBody('functional', write)).toStrictEqual({
    schemas: [coreGroup, zivverGroup],
    externalId: 'info@contoso.example',
    displayName: 'Contoso Info',
    members: [{ value: 'id-1' }, { value: 'id-2' }],
    [zivverGroup]: {
      language: 'nl',
      aliases: ['a.vos@contoso.example'],
      ExternalAccountId: '8d2b1e0f',
    },
  })
})

test('PUT of a Group changes its members alone', () => {
  expect(resourceBody('functional', { members: ['id-1'] })).toStrictEqual({
    schemas: [coreGroup],
    members: [{ value: 'id-1' }],
  })
})

test('PATCH of a Group empties its members by remove', () => {
  expect(emptyMembersBody()).toStrictEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'remove', path: 'members' }],
  })
})

test('story 26: a PUT of what was read drops nothing of the extension and of the name', () => {
  // A key called __proto__ is no attribute of anybody; the schema check drops it, which is as well.
  const ours = [
    'aliases',
    'delegates',
    'ExternalAccountId',
    'SsoAccountKey',
    'formatted',
    '__proto__',
  ]
  const name = fc.string().filter((text) => !ours.includes(text))
  const unmanaged = fc.dictionary(name, fc.jsonValue())
  fc.assert(
    fc.property(unmanaged, unmanaged, (otherExtension, otherName) => {
      const extension = {
        ...otherExtension,
        aliases: ['b@contoso.example'],
        delegates: ['c@contoso.example'],
        ExternalAccountId: 'X-1',
      }
      const name = { ...otherName, formatted: 'Anna' }
      const row = { id: 'x', userName: 'a@contoso.example', name, [zivverUser]: extension }
      const parsed = parseAccount('user', row)
      if (!parsed.ok) throw new Error(parsed.fault)
      const { aliases, delegates, externalAccountId, displayName } = parsed.value
      const body = resourceBody('user', {
        displayName,
        otherName: parsed.value.otherName,
        extension: {
          aliases,
          delegates,
          externalAccountId,
          ssoAccountKey: null,
          other: parsed.value.otherExtension,
        },
      })
      expect(body[zivverUser]).toEqual(extension)
      expect(body['name']).toEqual(name)
    }),
  )
})
