import { describe, expect, test } from 'vitest'
import { approvalKey, restrictToApproved } from '../../core/guard/approval.ts'
import { evaluateGuard } from '../../core/guard/guard.ts'
import type { Account } from '../../core/model/account.ts'
import { buildPlan } from '../../core/plan/plan.ts'
import { aMailbox, anAccount, aPolicy, aRow, aSnapshot, guid } from '../support/build.ts'

/** A plan that suspends `changed` of `total` accounts. */
function suspending(changed: number, total: number) {
  const accounts = Array.from({ length: total }, (_, index) =>
    anAccount({
      scimId: `S${index}`,
      address: `p${index}@${index < changed ? 'contoso.example' : 'other.example'}`,
    }),
  )
  return { plan: buildPlan(aSnapshot({ accounts }), aPolicy()), accounts }
}

describe('the guard', () => {
  test.each([
    [10, 100, 10, false],
    [11, 100, 10, true],
    [1, 3, 10, false],
    [2, 3, 10, true],
    [1, 3, 0, true],
    [0, 3, 0, false],
    [3, 3, 100, false],
  ])(
    '%i of %i accounts with a limit of %i %%: exceeded is %s',
    (changed, total, limit, exceeded) => {
      const { plan, accounts } = suspending(changed, total)
      const verdict = evaluateGuard(plan.changes, accounts, limit)
      expect(verdict).toMatchObject({ blocked: exceeded, changed, total, limit_percent: limit })
      expect(/the limit is/.test(verdict.findings.join())).toBe(exceeded)
    },
  )

  test('blocks the first sync, when Zivver has no account yet', () => {
    const mailboxes = [aMailbox({ identifier: guid(1), primarySmtpAddress: 'a@contoso.example' })]
    expect(buildPlan(aSnapshot({ mailboxes }), aPolicy()).guard).toMatchObject({
      blocked: true,
      changed: 1,
      total: 0,
    })
  })

  test('says how many, of how many, and the limit, in one sentence', () => {
    const { plan, accounts } = suspending(42, 300)
    expect(evaluateGuard(plan.changes, accounts, 10).findings[0]).toBe(
      '42 of 300 accounts (14.0 %) would be created, updated, suspended or reactivated; the limit is 10 %',
    )
  })

  /** Accounts of both kinds and two domains, and a plan that updates some of them. */
  function updating(wanted: (account: Account) => boolean) {
    const accounts = Array.from({ length: 200 }, (_, index) =>
      anAccount({
        kind: index < 16 ? 'functional' : 'user',
        scimId: `S${index}`,
        address: `p${index}@${index % 50 === 0 ? 'fabrikam.example' : 'contoso.example'}`,
        externalAccountId: guid(index + 1),
      }),
    )
    const mailboxes = accounts.map((account, index) =>
      aMailbox({
        identifier: guid(index + 1),
        primarySmtpAddress: account.address,
        recipientTypeDetails: account.kind === 'user' ? 'UserMailbox' : 'SharedMailbox',
        displayName: wanted(account) ? 'Another Name' : account.displayName,
      }),
    )
    const mappings = accounts.map(({ scimId, address }, index) =>
      aRow({ key: guid(index + 1), scimId, address }),
    )
    return buildPlan(aSnapshot({ mailboxes, accounts, mappings }), aPolicy()).guard
  }

  test('says what the total hides: 8 % of all, and every functional account', () => {
    expect(updating(({ kind }) => kind === 'functional')).toMatchObject({
      blocked: false,
      changed: 16,
      total: 200,
      findings: ['8.0 % in total, but 100.0 % of the functional accounts (16 of 16)'],
    })
    expect(updating(({ address }) => address.endsWith('@fabrikam.example')).findings).toEqual([
      '2.0 % in total, but 100.0 % of the accounts of fabrikam.example (4 of 4)',
    ])
  })

  test('says nothing of a few changes in a small part, nor of one', () => {
    const two = new Set(['S1', 'S2'])
    expect(updating(({ scimId }) => two.has(scimId)).findings).toEqual([])
    const single = aMailbox({ identifier: guid(1), primarySmtpAddress: 'x@fabrikam.example' })
    const accounts = [
      anAccount({ scimId: 'X', address: 'x@fabrikam.example', displayName: 'Old' }),
      ...Array.from({ length: 20 }, (_, index) =>
        anAccount({ scimId: `S${index}`, address: `p${index}@other.example` }),
      ),
    ]
    expect(buildPlan(aSnapshot({ mailboxes: [single], accounts }), aPolicy()).guard).toMatchObject({
      changed: 1,
      findings: [],
    })
  })

  test('above the limit tells changes by action, kind and domain, and identifiers apart', () => {
    const accounts = ['a', 'b', 'c', 'd'].map((name, index) =>
      anAccount({
        scimId: name,
        address: `${name}@${index < 3 ? 'contoso.example' : 'fabrikam.example'}`,
        kind: name === 'c' ? 'functional' : 'user',
      }),
    )
    const mailboxes = accounts.slice(0, 3).map(({ address, kind }, index) =>
      aMailbox({
        identifier: guid(index + 1),
        primarySmtpAddress: address,
        recipientTypeDetails: kind === 'user' ? 'UserMailbox' : 'SharedMailbox',
        ...(address.startsWith('a') && { displayName: 'Another Name' }),
      }),
    )
    const newcomer = aMailbox({ identifier: guid(9), primarySmtpAddress: 'n@contoso.example' })
    const snapshot = aSnapshot({ mailboxes: [...mailboxes, newcomer], accounts })
    const policy = aPolicy({
      includedDomains: new Set(['contoso.example', 'fabrikam.example']),
    })
    expect(buildPlan(snapshot, policy).guard.findings).toEqual([
      '5 of 4 accounts (125.0 %) would be created, updated, suspended or reactivated; the limit is 10 %',
      'create: 1',
      'update: 3, of which 2 only write the identifier',
      'suspend: 1',
      'functional accounts: 1 of 1 (100.0 %)',
      'user accounts: 3 of 3 (100.0 %)',
      'accounts of contoso.example: 3 of 3 (100.0 %)',
      'accounts of fabrikam.example: 1 of 1 (100.0 %)',
    ])
  })

  test('does not count links, nor what is deferred', () => {
    const mailboxes = [aMailbox({ identifier: guid(1), primarySmtpAddress: 'a@contoso.example' })]
    const accounts = [
      anAccount({ scimId: 'A', address: 'a@contoso.example', externalAccountId: guid(1) }),
      anAccount({ scimId: 'B', address: 'b@contoso.example' }),
    ]
    const plan = buildPlan(
      aSnapshot({ mailboxes, accounts }),
      aPolicy({ actions: new Set(['link']) }),
    )
    expect(plan.changes.map((change) => change.action)).toEqual(['link', 'suspend'])
    expect(plan.guard.changed).toBe(0)
  })
})

describe('an approval', () => {
  const mailboxes = ['a', 'b', 'c'].map((name, index) =>
    aMailbox({ identifier: guid(index + 1), primarySmtpAddress: `${name}@contoso.example` }),
  )
  const delegates = { [guid(1)]: { delegates: [guid(2)] } }
  const fresh = buildPlan(aSnapshot({ mailboxes, delegates }), aPolicy())

  test('applies the changes that both plans share', () => {
    const keys = new Set(fresh.changes.map(approvalKey))
    expect(restrictToApproved(fresh.changes, keys)).toEqual(fresh.changes)
  })

  test('defers what was not approved, and what depends on it', () => {
    const keys = new Set(
      fresh.changes.filter((change) => !change.address.startsWith('b')).map(approvalKey),
    )
    const restricted = restrictToApproved(fresh.changes, keys)
    expect(restricted.map((change) => [change.address[0], change.status])).toEqual([
      ['b', 'deferred'],
      ['a', 'deferred'],
      ['c', 'planned'],
    ])
  })

  test('does not cover a change whose outcome differs', () => {
    const renamed = mailboxes.map((mailbox) => ({ ...mailbox, displayName: 'Other' }))
    const other = buildPlan(aSnapshot({ mailboxes: renamed, delegates }), aPolicy())
    const keys = new Set(fresh.changes.map(approvalKey))
    const restricted = restrictToApproved(other.changes, keys)
    expect(restricted.every((change) => change.status === 'deferred')).toBe(true)
  })
})
