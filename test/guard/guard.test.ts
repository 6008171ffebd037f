import { describe, expect, test } from 'vitest'
import { approvalKey, restrictToApproved } from '../../core/guard/approval.ts'
import { evaluateGuard } from '../../core/guard/guard.ts'
import { buildPlan } from '../../core/plan/plan.ts'
import { aMailbox, anAccount, aPolicy, aSnapshot, guid } from '../support/build.ts'

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
      expect(verdict.findings.length > 0).toBe(exceeded)
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
