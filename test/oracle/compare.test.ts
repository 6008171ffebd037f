import { describe, expect, test } from 'vitest'
import { type Actual, compare } from './compare.ts'
import type { AccountView, Expected } from './model.ts'

const anna: AccountView = {
  id: 'A',
  kind: 'user',
  created: '2026-11-23',
  address: 'anna@contoso.example',
  displayName: 'Anna Vos',
  aliases: ['a.vos@contoso.example'],
  delegates: ['bob@contoso.example'],
  active: true,
  externalAccountId: 'abc',
  ssoAccountKey: null,
  ssoBroken: false,
  division: '/',
  phoneNumbers: [],
  otherName: {},
  otherExtension: {},
}
const row = {
  key: 'abc',
  kind: 'user' as const,
  scimId: 'A',
  address: anna.address,
  displayName: anna.displayName,
  active: true,
}
const expected: Expected = {
  refused: null,
  accounts: [{ ...anna, suspendedDelegates: [] }],
  rows: [{ key: 'abc', account: { id: 'A' }, active: true }],
}
const left: Actual = { accounts: [anna], rows: [row] }

test('says nothing where a run left what it should', () => {
  expect(compare(expected, left)).toEqual([])
})

describe('says in one sentence', () => {
  test.each<[string, Partial<AccountView>, string]>([
    ['another kind', { kind: 'functional' }, 'kind is "functional", not "user"'],
    ['another address', { address: 'x@contoso.example' }, 'address is "x@contoso.example"'],
    ['another name', { displayName: 'anna vos' }, 'displayName is "anna vos", not "Anna Vos"'],
    ['an alias less', { aliases: [] }, 'aliases is [], not ["a.vos@contoso.example"]'],
    ['a delegate less', { delegates: [] }, 'delegates is [], not ["bob@contoso.example"]'],
    ['another state', { active: false }, 'active is false, not true'],
    ['another identifier', { externalAccountId: null }, 'externalAccountId is null, not "abc"'],
  ])('%s', (_, change, sentence) => {
    const differences = compare(expected, { ...left, accounts: [{ ...anna, ...change }] })
    expect(differences).toEqual([expect.stringContaining(sentence)])
  })

  test.each<[string, Expected, Actual, string]>([
    ['an account less', expected, { ...left, accounts: [] }, 'is missing'],
    ['an account more', { ...expected, accounts: [] }, left, 'is too many'],
    ['a row less', expected, { ...left, rows: [] }, 'row abc is missing'],
    ['a row more', { ...expected, rows: [] }, left, 'row abc of A is too many'],
    ['a row of another', expected, { ...left, rows: [{ ...row, scimId: 'B' }] }, 'row abc names B'],
    ['a row that forgot', expected, { ...left, rows: [{ ...row, active: false }] }, 'active is'],
  ])('%s', (_, wanted, found, sentence) => {
    expect(compare(wanted, found)).toEqual([expect.stringContaining(sentence)])
  })
})

test('knows a new account by its address, and its row by that', () => {
  const created: Expected = {
    refused: null,
    accounts: [{ ...anna, id: null, suspendedDelegates: [] }],
    rows: [{ key: 'abc', account: { address: anna.address }, active: true }],
  }
  expect(compare(created, left)).toEqual([])
})

test('leaves open whether a suspended delegate is named, and takes identifiers in any case', () => {
  const [account] = expected.accounts
  if (account === undefined) throw new Error('one account')
  const open = {
    ...account,
    delegates: [],
    externalAccountId: 'ABC',
    suspendedDelegates: ['bob@contoso.example'],
  }
  const wanted = { ...expected, accounts: [open] }
  expect(compare(wanted, left)).toEqual([])
  expect(compare(wanted, { ...left, accounts: [{ ...anna, delegates: [] }] })).toEqual([])
})
