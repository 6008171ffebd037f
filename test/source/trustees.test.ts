import { describe, expect, test } from 'vitest'
import type { DirectoryGroup, FullAccessReading, Trustee } from '../../core/model/mailbox.ts'
import { type Resolution, TrusteeIndex } from '../../core/source/trustees.ts'
import { aMailbox, guid } from '../support/build.ts'

const anna = aMailbox({
  identifier: guid(1),
  primarySmtpAddress: 'anna@contoso.example',
  secondarySmtpAddresses: ['a.jansen@contoso.example'],
  displayName: 'Anna Jansen',
  names: ['anna.upn@contoso.example', 'anna', 'contoso.example/users/anna jansen'],
})
const bob = aMailbox({
  identifier: guid(2),
  primarySmtpAddress: 'bob@contoso.example',
  displayName: 'Reception',
  names: ['bob', 'system'],
})
const namesake = aMailbox({
  identifier: guid(3),
  primarySmtpAddress: 'anna2@contoso.example',
  displayName: 'Anna Bakker',
  names: ['annab'],
})
const otherNamesake = { ...namesake, identifier: guid(4), exchangeGuid: 'e-4', names: [] }
const reception: DirectoryGroup = {
  id: guid(10),
  displayName: 'Reception',
  mail: 'reception@contoso.example',
  mailNickname: 'reception-team',
  proxyAddresses: ['SMTP:reception@contoso.example', 'smtp:desk@contoso.example', 'SPO:x@y'],
  hiddenMembership: false,
}
const finance: DirectoryGroup = {
  ...reception,
  id: guid(11),
  displayName: 'Finance',
  mail: null,
  mailNickname: null,
  proxyAddresses: [],
}
const sid = 'S-1-5-21-1-2-3-1001'

function resolve(trustee: Trustee, others: readonly Trustee[] = []): Resolution {
  const reading: FullAccessReading = {
    identifier: guid(99),
    status: 'read',
    trustees: [trustee, ...others],
  }
  const index = new TrusteeIndex(
    new Map([[reading.identifier, reading]]),
    [anna, bob, namesake, otherNamesake],
    [reception, finance],
  )
  return index.resolve(trustee)
}

const isAnna = { kind: 'mailbox', mailbox: anna } as const
const isReception = { kind: 'group', id: reception.id } as const
const unresolved = { kind: 'unresolved' } as const
const ambiguous = { kind: 'ambiguous' } as const

describe('a trustee is who exactly one object says it is', () => {
  const cases: readonly [string, string, Resolution][] = [
    ['a primary address', 'anna@contoso.example', isAnna],
    ['in any case, with blanks', ' ANNA@Contoso.Example ', isAnna],
    ['a secondary address', 'a.jansen@contoso.example', isAnna],
    ['a UPN that is no address', 'anna.upn@contoso.example', isAnna],
    ['an object id', guid(1).toUpperCase(), isAnna],
    ['a name', 'Anna', isAnna],
    ['a display name', 'anna jansen', isAnna],
    ['an Identity with slashes', 'contoso.example/Users/Anna Jansen', isAnna],
    ['DOMAIN\\name', 'EURPRD01\\anna', isAnna],
    ['DOMAIN\\identifier', `EURPRD01\\${guid(1)}`, isAnna],
    ["a group's address", 'reception@contoso.example', isReception],
    ["a group's proxy address", 'desk@contoso.example', isReception],
    ["a group's nickname", 'Reception-Team', isReception],
    ["a group's object id", guid(10), isReception],
    ["a group's display name", 'Finance', { kind: 'group', id: finance.id }],
    ['a proxy that is no mail address', 'x@y', unresolved],
    ['a name of a mailbox and of a group', 'Reception', ambiguous],
    ['a name of two mailboxes', 'Anna Bakker', ambiguous],
    ['an address of two mailboxes', 'anna2@contoso.example', ambiguous],
    ['an unknown address', 'guest@fabrikam.example', unresolved],
    ['an unknown id', guid(77), unresolved],
    ['an unknown name', 'Discovery Management', unresolved],
    ['an orphan', 'S-1-5-21-1-2-3-9999', { kind: 'dropped', reason: 'raw_sid' }],
  ]
  test.each(cases)('%s', (_, text, expected) => {
    expect(resolve({ text, sid: '' })).toEqual(expected)
  })

  test('a service of the platform is nobody, even when a mailbox has its name', () => {
    expect(resolve({ text: 'NT AUTHORITY\\SYSTEM', sid: 'S-1-5-18' })).toEqual({
      kind: 'dropped',
      reason: 'cannot_log_in',
    })
  })
})

describe('a SID is learned from a row that an address resolved', () => {
  const byAddress = { text: 'anna@contoso.example', sid }

  test('and names the same mailbox in a row that shows only the SID', () => {
    expect(resolve({ text: sid, sid: '' }, [byAddress])).toEqual(isAnna)
  })
  test('also in a row whose name would be ambiguous', () => {
    expect(resolve({ text: 'Reception', sid }, [byAddress])).toEqual(isAnna)
  })
  test('also in a row with an address that nobody has any more', () => {
    expect(resolve({ text: 'old@contoso.example', sid }, [byAddress])).toEqual(isAnna)
  })
  test('but never from a row that shows only a name', () => {
    const byName = { text: 'anna', sid }
    expect(resolve({ text: sid, sid: '' }, [byName])).toEqual({
      kind: 'dropped',
      reason: 'raw_sid',
    })
  })
  test('and is ambiguous when two addresses claim it, whatever came first', () => {
    const other = { text: 'bob@contoso.example', sid }
    expect(resolve({ text: sid, sid: '' }, [byAddress, other])).toEqual(ambiguous)
    expect(resolve({ text: sid, sid: '' }, [other, byAddress])).toEqual(ambiguous)
  })
  test('while SELF and other well-known SIDs teach nothing', () => {
    const self = { text: 'anna@contoso.example', sid: 'S-1-5-10' }
    expect(resolve({ text: 'nobody', sid: 'S-1-5-10' }, [self])).not.toEqual(isAnna)
  })
})
