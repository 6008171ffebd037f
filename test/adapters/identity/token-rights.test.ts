import { expect, test } from 'vitest'
import { readTokenRights } from '../../../core/adapters/identity/token-rights.ts'

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwt = (claims: unknown) => `${part({ alg: 'RS256' })}.${part(claims)}.signature`

test('rights are read from a JSON Web Token', () => {
  const claims = { roles: ['User.Read.All'], wids: ['F2EF'], tid: 'AAAA', oid: 'BBBB', exp: 1 }
  expect(readTokenRights(jwt(claims))).toEqual({
    appRoles: ['User.Read.All'],
    directoryRoles: ['f2ef'],
    tenantId: 'aaaa',
    principalId: 'bbbb',
  })
  expect(readTokenRights(jwt({}))).toMatchObject({ appRoles: [], directoryRoles: null })
})

test.each([
  '',
  'opaque',
  'opaque.graph.microsoft.com.1234',
  'a.b.c',
  `a.${Buffer.from('{').toString('base64url')}.c`,
  jwt('text'),
  jwt(null),
  jwt({ roles: 'User.Read.All' }),
])('a token that is none, %j, says nothing and breaks nothing', (token) => {
  expect(readTokenRights(token)).toBeNull()
})
