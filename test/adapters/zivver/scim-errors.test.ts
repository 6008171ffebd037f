import { expect, test } from 'vitest'
import {
  readRejection,
  saysUnknownAccount,
  upstreamText,
} from '../../../core/adapters/zivver/scim-errors.ts'

const owner = '3f0c8a52-6c1d-4a1e-9f55-0d7a4b8e2c11'
const other = 'b71c0d94-2f3e-4c0a-8a6b-5e9f1d2c3b4a'
const refused = (status: number, body: string, scimId: string | null = owner) =>
  readRejection({ operation: 'PUT /Users/{id}', status, body, scimId })

test.each([
  [
    400,
    'Error creating alias: Alias is a guest: Info@contoso.example',
    'ALIAS_IS_GUEST',
    'info@contoso.example',
  ],
  [400, `Error creating alias: Alias is already taken for ${other}`, 'ALIAS_TAKEN', other],
  [
    409,
    'Error creating alias: Alias is already taken: "info@contoso.example".',
    'ALIAS_TAKEN',
    'info@contoso.example',
  ],
  [400, 'Error creating alias: Alias is a guest', 'ALIAS_IS_GUEST', null],
  [400, 'Account is outside the organization', 'ACCOUNT_OUTSIDE_ORGANIZATION', null],
  [400, `Unknown account with uuid: ${owner}`, 'ACCOUNT_UNKNOWN', null],
  [400, `Unknown account with uuid: ${other}`, 'WRITE_REJECTED', null],
  [404, '', 'ACCOUNT_UNKNOWN', null],
  [400, 'Invalid division: Sales', 'DIVISION_INVALID', null],
  [409, 'conflict', 'ADDRESS_TAKEN', null],
  [400, `Error creating account: Address is already taken for ${other}`, 'ADDRESS_TAKEN', null],
  [409, '{"scimType":"uniqueness","detail":"userName already exists"}', 'ADDRESS_TAKEN', null],
  [
    400,
    '{"code":400,"message":"Alias is a guest: info@contoso.example"}',
    'ALIAS_IS_GUEST',
    'info@contoso.example',
  ],
  [422, 'what?', 'WRITE_REJECTED', null],
])('%i %j is %s', (status, body, code, aliasHint) => {
  expect(refused(status, body)).toMatchObject({ status: 'rejected', code, aliasHint })
})

test('a create at an address that is not there is no account gone', () => {
  expect(refused(404, 'Not found', null).code).toBe('WRITE_REJECTED')
})

test('the message names the call, what Zivver said and the remedy', () => {
  expect(refused(400, 'Error creating alias: Alias is a guest: info@contoso.example').message).toBe(
    'Zivver answered 400 for PUT /Users/{id} (“Error creating alias: Alias is a guest: info@contoso.example”): the alias already receives Zivver mail as a guest account: merge that guest account',
  )
})

test('text of others comes out short, on one line, without control characters, and never as a page', () => {
  expect(upstreamText('a\r\nb\u0000c\u202Ed\u2028e')).toBe('a b c d e')
  expect(upstreamText('x'.repeat(10_000))).toBe(`${'x'.repeat(200)}…`)
  expect(upstreamText('  <!doctype html><title>Gateway</title>')).toBe('')
  expect(upstreamText('{"detail":"","message":"m"}')).toBe('m')
  expect(upstreamText('{"code":1}')).toBe('{"code":1}')
  expect(upstreamText('"quoted"')).toBe('quoted')
})

test('only a text about this very account says that it is unknown', () => {
  expect(saysUnknownAccount(`Unknown account with uuid: ${owner}`, owner.toUpperCase())).toBe(true)
  expect(saysUnknownAccount('Unknown account', owner)).toBe(true)
  expect(saysUnknownAccount(`Unknown account with uuid: ${other}`, owner)).toBe(false)
  expect(saysUnknownAccount('Invalid division: Unknown', owner)).toBe(false)
})
