import { describe, expect, test } from 'vitest'
import type { Mailbox } from '../../core/model/mailbox.ts'
import { type Scope, type ScopeReason, scopeOf, summarise } from '../../core/source/scope.ts'
import { aMailbox, guid } from '../support/build.ts'

const scope: Scope = { includedDomains: new Set(['contoso.example']), filterMembers: null }
const onlyAnna: Scope = { ...scope, filterMembers: new Set([guid(1)]) }

function anna(part: Partial<Mailbox> = {}): Mailbox {
  return aMailbox({ primarySmtpAddress: 'anna@contoso.example', ...part })
}

describe('a mailbox is in scope or has one reason', () => {
  const cases: readonly [string, Mailbox, Scope, ScopeReason | null][] = [
    ['a user mailbox in an included domain', anna(), scope, null],
    ['a shared mailbox', anna({ recipientTypeDetails: 'SharedMailbox' }), scope, null],
    [
      'a shared mailbox, whose account is always disabled',
      anna({ recipientTypeDetails: 'SharedMailbox', accountDisabled: true }),
      scope,
      null,
    ],
    ['a room', anna({ recipientTypeDetails: 'RoomMailbox' }), scope, 'mailbox_type'],
    [
      'a type nobody knows yet',
      anna({ recipientTypeDetails: 'HoloMailbox' }),
      scope,
      'mailbox_type',
    ],
    ['a mailbox without an identifier', anna({ identifier: null }), scope, 'no_identifier'],
    ['a disabled user', anna({ accountDisabled: true }), scope, 'mailbox_disabled'],
    [
      'another domain',
      anna({ primarySmtpAddress: 'anna@fabrikam.example' }),
      scope,
      'domain_not_included',
    ],
    [
      'a subdomain of an included domain',
      anna({ primarySmtpAddress: 'anna@mail.contoso.example' }),
      scope,
      'domain_not_included',
    ],
    [
      'a mailbox without an address',
      anna({ primarySmtpAddress: '' }),
      scope,
      'domain_not_included',
    ],
    ['a member of the source filter', anna(), onlyAnna, null],
    ['not a member of it', anna({ identifier: guid(2) }), onlyAnna, 'not_in_source_filter'],
    [
      'a filter that lets nobody in',
      anna(),
      { ...scope, filterMembers: new Set() },
      'not_in_source_filter',
    ],
  ]
  test.each(cases)('%s', (_, mailbox, rules, reason) => {
    expect(scopeOf(mailbox, rules)).toBe(reason)
  })

  test('the first rule that fails gives the reason', () => {
    const nobody: Scope = { includedDomains: new Set(), filterMembers: new Set() }
    const wrong = { identifier: null, accountDisabled: true }
    const reasons = [
      anna({ ...wrong, recipientTypeDetails: 'RoomMailbox' }),
      anna(wrong),
      anna({ ...wrong, identifier: guid(1) }),
      anna({ identifier: guid(1) }),
    ].map((mailbox) => scopeOf(mailbox, nobody))
    expect(reasons).toEqual([
      'mailbox_type',
      'no_identifier',
      'mailbox_disabled',
      'domain_not_included',
    ])
  })
})

describe('the summary of a tenant', () => {
  const mailboxes = [
    anna(),
    anna({ recipientTypeDetails: 'SharedMailbox', identifier: guid(2) }),
    anna({ recipientTypeDetails: 'RoomMailbox', identifier: null }),
    anna({ identifier: null, primarySmtpAddress: 'zoe@contoso.example' }),
    anna({ identifier: null, primarySmtpAddress: 'bob@contoso.example' }),
    anna({ identifier: guid(3), accountDisabled: true }),
  ]

  test('counts types and reasons, and warns of each missing identifier that matters', () => {
    const summary = summarise(mailboxes, scope)
    expect(summary.inScope.map(({ identifier }) => identifier)).toEqual([guid(1), guid(2)])
    expect(summary.outOfScope).toEqual({ mailbox_type: 1, no_identifier: 2, mailbox_disabled: 1 })
    expect(summary.mailboxTypes).toEqual({ RoomMailbox: 1, SharedMailbox: 1, UserMailbox: 4 })
    expect(summary.warnings.map(({ code, address }) => [code, address])).toEqual([
      ['NO_IDENTIFIER', 'bob@contoso.example'],
      ['NO_IDENTIFIER', 'zoe@contoso.example'],
    ])
  })

  test('is the same for any order of the mailboxes', () => {
    const { inScope, ...forwards } = summarise(mailboxes, scope)
    const { inScope: reversed, ...backwards } = summarise(mailboxes.toReversed(), scope)
    expect(JSON.stringify(backwards)).toBe(JSON.stringify(forwards))
    expect(reversed).toEqual(inScope.toReversed())
  })

  test('a type called like a property of objects is counted like any other', () => {
    const summary = summarise([anna({ recipientTypeDetails: '__proto__' })], scope)
    expect(Object.entries(summary.mailboxTypes)).toEqual([['__proto__', 1]])
  })
})
