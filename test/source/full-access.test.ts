import { describe, expect, test } from 'vitest'
import { fullAccessTrustees, type PermissionEntry } from '../../core/source/full-access.ts'

const sid = (number: number) => `S-1-5-21-1111111111-2222222222-3333333333-${number}`

function entry(given: Partial<PermissionEntry>): PermissionEntry {
  return {
    user: 'anna@contoso.example',
    userSid: sid(1001),
    accessRights: ['FullAccess'],
    deny: false,
    isInherited: false,
    ...given,
  }
}

const texts = (entries: readonly PermissionEntry[]) =>
  fullAccessTrustees(entries).map(({ text }) => text)

describe('a permission row counts', () => {
  test.each<[string, Partial<PermissionEntry>, boolean]>([
    ['when it allows FullAccess directly', {}, true],
    [
      'when FullAccess is one of several rights joined by commas',
      { accessRights: ['ReadPermission, FullAccess'] },
      true,
    ],
    [
      'when FullAccess is one of several elements',
      { accessRights: ['DeleteItem', 'FullAccess'] },
      true,
    ],
    [
      'when it has another right only',
      { accessRights: ['ReadPermission, ExternalAccount'] },
      false,
    ],
    ['when a right only begins like it', { accessRights: ['FullAccessButNot'] }, false],
    ['when it has no right', { accessRights: [] }, false],
    ['when it is inherited', { isInherited: true }, false],
    ['when it denies', { deny: true }, false],
    [
      'when it is SELF by its SID, whatever its localised name',
      { user: 'NT-AUTORITÄT\\SELBST', userSid: 'S-1-5-10' },
      false,
    ],
    ['when it is SELF by its name', { user: 'NT AUTHORITY\\SELF', userSid: '' }, false],
    ['when it is a group by name', { user: 'Reception Team', userSid: sid(2001) }, true],
    ['when it is an orphan, by its raw SID', { user: sid(1777), userSid: sid(1777) }, true],
  ])('%s: %j → %s', (_, given, counts) => {
    const row = entry(given)
    expect(fullAccessTrustees([row])).toEqual(counts ? [{ text: row.user, sid: row.userSid }] : [])
  })
})

describe('a deny', () => {
  const allow = entry({})

  test.each<[string, Partial<PermissionEntry>, boolean]>([
    [
      'of the same SID suppresses the allow, also under another name',
      { user: 'Anna', userSid: sid(1001) },
      true,
    ],
    [
      'of the same text suppresses it where the SID is missing',
      { user: 'ANNA@contoso.example', userSid: '' },
      true,
    ],
    ['of another SID with the same text suppresses nothing', { userSid: sid(9) }, false],
    [
      'of somebody else suppresses nothing',
      { user: 'bram@contoso.example', userSid: sid(1002) },
      false,
    ],
    ['that is inherited suppresses nothing', { isInherited: true }, false],
    ['of another right suppresses nothing', { accessRights: ['ReadPermission'] }, false],
  ])('%s', (_, given, suppresses) => {
    const deny = entry({ deny: true, ...given })
    const expected = suppresses ? [] : [allow.user]
    expect(texts([allow, deny])).toEqual(expected)
    expect(texts([deny, allow])).toEqual(expected)
  })
})

test('each trustee comes once, in an order that the rows do not decide', () => {
  const rows = [
    entry({ user: 'Zed', userSid: sid(3) }),
    entry({}),
    entry({}),
    entry({ user: 'Bert', userSid: sid(2) }),
  ]
  expect(texts(rows)).toEqual(['Bert', 'Zed', 'anna@contoso.example'])
  expect(texts(rows.toReversed())).toEqual(texts(rows))
})

test('two trustees with one name and two SIDs stay two: the name is ambiguous', () => {
  const rows = [entry({ user: 'Team', userSid: sid(1) }), entry({ user: 'Team', userSid: sid(2) })]
  expect(fullAccessTrustees(rows)).toEqual([
    { text: 'Team', sid: sid(1) },
    { text: 'Team', sid: sid(2) },
  ])
})
