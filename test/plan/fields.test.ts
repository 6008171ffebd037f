import { describe, expect, test } from 'vitest'
import type { Account } from '../../core/model/account.ts'
import type { Change, FieldPath } from '../../core/model/change.ts'
import type { Mailbox } from '../../core/model/mailbox.ts'
import type { Policy } from '../../core/model/plan.ts'
import { buildPlan } from '../../core/plan/plan.ts'
import { aMailbox, anAccount, aPolicy, aRow, aSnapshot, guid } from '../support/build.ts'

const anna = 'anna@contoso.example'
const bob = 'bob@contoso.example'
const cleo = 'cleo@contoso.example'

/** Plans for Anna's mailbox and account, which agree but for what is given. */
function planFor(
  mailbox: Partial<Mailbox>,
  account: Partial<Account>,
  policy: Partial<Policy> = {},
): Change | undefined {
  const plan = buildPlan(
    aSnapshot({
      mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: anna, ...mailbox })],
      accounts: [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1), ...account })],
      mappings: [aRow({ key: guid(1), scimId: 'A', address: anna })],
    }),
    aPolicy(policy),
  )
  return plan.changes.find((change) => change.action !== 'link')
}

function after(change: Change | undefined, path: FieldPath): unknown {
  return change?.fields.find((field) => field.path === path)?.after
}

describe('what already agrees is not written', () => {
  const agreeing: [string, Partial<Mailbox>, Partial<Account>][] = [
    ['nothing differs', {}, {}],
    ['case of the display name alone', { displayName: 'ANNA' }, { displayName: 'anna' }],
    ['blanks around the display name', { displayName: '  anna ' }, {}],
    ['an empty display name is the address', { displayName: ' ' }, { displayName: anna }],
    [
      'a secondary address outside the included domains is never added',
      { secondarySmtpAddresses: ['anna@contoso.onmicrosoft.example'] },
      {},
    ],
    [
      'an alias outside the included domains that Zivver has is kept',
      {},
      { aliases: ['anna@elsewhere.example'] },
    ],
  ]
  test.each(agreeing)('%s', (_, mailbox, account) => {
    expect(planFor(mailbox, account)).toBeUndefined()
  })
})

describe('aliases', () => {
  test('follow the secondary addresses in included domains, and foreign ones stay', () => {
    const change = planFor(
      { secondarySmtpAddresses: ['a.vos@contoso.example', 'anna@fabrikam.example'] },
      { aliases: ['anna@elsewhere.example', 'old@contoso.example'] },
    )
    expect(after(change, 'aliases')).toEqual([
      'a.vos@contoso.example',
      'anna@elsewhere.example',
      'anna@fabrikam.example',
    ])
  })

  test('one that another account keeps is left out, and the rest is written', () => {
    const plan = buildPlan(
      aSnapshot({
        mailboxes: [
          aMailbox({
            identifier: guid(1),
            primarySmtpAddress: anna,
            displayName: 'Anna Vos',
            secondarySmtpAddresses: ['taken@contoso.example'],
          }),
        ],
        accounts: [
          anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) }),
          anAccount({
            scimId: 'X',
            address: 'x@elsewhere.example',
            aliases: ['taken@contoso.example'],
          }),
        ],
        mappings: [aRow({ key: guid(1), scimId: 'A', address: anna })],
      }),
      aPolicy(),
    )
    expect(plan.changes.flatMap((change) => change.fields.map((field) => field.path))).toEqual([
      'name.formatted',
    ])
    expect(plan.warnings.map((warning) => warning.code)).toEqual(['ALIAS_TAKEN'])
  })

  const refused = (lastTriedAt: string) => ({
    address: 'guest@contoso.example',
    code: 'ALIAS_IS_GUEST' as const,
    firstRefusedAt: '2026-10-01T01:00:00.000Z',
    lastTriedAt,
  })
  test.each([
    ['is not tried again within a week', '2026-11-20T01:00:00.000Z', 0],
    ['is tried again after a week', '2026-11-15T01:00:00.000Z', 1],
  ])('a refused one %s', (_, lastTriedAt, changes) => {
    const plan = buildPlan(
      aSnapshot({
        mailboxes: [
          aMailbox({
            identifier: guid(1),
            primarySmtpAddress: anna,
            secondarySmtpAddresses: ['guest@contoso.example'],
          }),
        ],
        accounts: [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) })],
        mappings: [
          aRow({
            key: guid(1),
            scimId: 'A',
            address: anna,
            refusedAliases: [refused(lastTriedAt)],
          }),
        ],
      }),
      aPolicy(),
    )
    expect(plan.changes).toHaveLength(changes)
  })
})

describe('the Zivver extension', () => {
  test('is not touched when only name or address change', () => {
    const change = planFor({ displayName: 'Anna Vos' }, {}, { ssoAccountKey: 'object_id' })
    expect(change?.work.steps[0]?.write).toEqual({ displayName: 'Anna Vos', otherName: {} })
    expect(after(change, 'SsoAccountKey')).toBeUndefined()
  })

  test('is written whole, foreign attributes and SSO key included, when something in it differs', () => {
    const change = planFor(
      { secondarySmtpAddresses: ['a.vos@contoso.example'] },
      { otherExtension: { language: 'nl' } },
      { ssoAccountKey: 'object_id' },
    )
    expect(change?.work.steps[0]?.write.extension).toEqual({
      aliases: ['a.vos@contoso.example'],
      delegates: [],
      externalAccountId: guid(1),
      ssoAccountKey: guid(1),
      other: { language: 'nl' },
    })
    expect(after(change, 'SsoAccountKey')).toBe('********')
  })

  test('carries a foreign ExternalAccountId unchanged when identifiers are not written', () => {
    const change = planFor(
      { secondarySmtpAddresses: ['a.vos@contoso.example'] },
      { externalAccountId: 'employee-7' },
      { writeIdentifiers: false },
    )
    expect(change?.work.steps[0]?.write.extension?.externalAccountId).toBe('employee-7')
    expect(after(change, 'ExternalAccountId')).toBeUndefined()
  })

  test('says on how many existing accounts a run would write an SSO key', () => {
    const plan = buildPlan(
      aSnapshot({
        mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: anna })],
        accounts: [anAccount({ scimId: 'A', address: anna })],
      }),
      aPolicy({ ssoAccountKey: 'object_id' }),
    )
    expect(plan.ssoKeysOnExisting).toBe(1)
    expect(plan.warnings.map((warning) => warning.code)).toEqual(['SSO_KEY_WRITTEN'])
  })
})

describe('delegates are compared by account', () => {
  const mailboxes = [
    aMailbox({ identifier: guid(1), primarySmtpAddress: anna }),
    aMailbox({ identifier: guid(2), primarySmtpAddress: bob }),
    aMailbox({ identifier: guid(3), primarySmtpAddress: cleo }),
  ]
  const mappings = [
    aRow({ key: guid(1), scimId: 'A', address: anna }),
    aRow({ key: guid(2), scimId: 'B', address: bob }),
    aRow({ key: guid(3), scimId: 'C', address: cleo }),
  ]
  const plan = (current: string[], wanted: string[], unknown: string[] = [], bobActive = true) =>
    buildPlan(
      aSnapshot({
        mailboxes,
        mappings,
        accounts: [
          anAccount({
            scimId: 'A',
            address: anna,
            externalAccountId: guid(1),
            delegates: current,
          }),
          anAccount({
            scimId: 'B',
            address: bob,
            aliases: ['old.bob@elsewhere.example'],
            externalAccountId: guid(2),
            active: bobActive,
          }),
          anAccount({ scimId: 'C', address: cleo, externalAccountId: guid(3) }),
        ],
        delegates: { [guid(1)]: { delegates: wanted, unknown } },
      }),
      aPolicy(),
    ).changes.flatMap((change) => change.fields)

  test.each([
    ['the same', [bob], [guid(2)], [], []],
    ['named by a former address', ['old.bob@elsewhere.example'], [guid(2)], [], []],
    ['one more', [bob], [guid(2), guid(3)], [], [bob, cleo]],
    ['one less', [bob, cleo], [guid(2)], [], [bob]],
    ['none left', [bob], [], [], []],
    ['something unknown: added', [bob], [guid(3)], ['ambiguous'], [bob, cleo]],
  ])('%s', (_, current, wanted, unknown, expected) => {
    const fields = plan(current, wanted, unknown)
    const changed = fields.find((field) => field.path === 'delegates')
    if (expected.length === 0 && wanted.length > 0) expect(fields).toEqual([])
    else expect(changed?.after).toEqual(expected)
  })

  test('while something is unknown nobody is removed', () => {
    expect(plan([bob, cleo], [guid(2)], ['a name that fits two groups'])).toEqual([])
  })

  test('one whose account somebody suspended by hand is neither added nor removed', () => {
    expect(plan([bob], [guid(2)], [], false)).toEqual([])
    expect(plan([], [guid(2)], [], false)).toEqual([])
  })

  test('what is not read is carried over', () => {
    const made = buildPlan(
      aSnapshot({
        mailboxes: [
          aMailbox({
            identifier: guid(1),
            primarySmtpAddress: anna,
            secondarySmtpAddresses: ['a.vos@contoso.example'],
          }),
        ],
        mappings: [aRow({ key: guid(1), scimId: 'A', address: anna })],
        accounts: [
          anAccount({
            scimId: 'A',
            address: anna,
            externalAccountId: guid(1),
            delegates: ['ext@elsewhere.example'],
          }),
        ],
        delegates: null,
      }),
      aPolicy({ delegates: false }),
    )
    expect(made.changes[0]?.work.steps[0]?.write.extension?.delegates).toEqual([
      { identifier: null, scimId: null, address: 'ext@elsewhere.example' },
    ])
  })
})

describe('actions that the installation may not take', () => {
  test.each(['create', 'update', 'suspend', 'reactivate', 'link'] as const)(
    'are planned and shown as deferred: %s',
    (action) => {
      const others = (['create', 'update', 'suspend', 'reactivate', 'link'] as const).filter(
        (other) => other !== action,
      )
      const plan = buildPlan(
        aSnapshot({
          mailboxes: [
            aMailbox({ identifier: guid(1), primarySmtpAddress: anna }),
            aMailbox({ identifier: guid(2), primarySmtpAddress: bob, displayName: 'Bob Smit' }),
            aMailbox({ identifier: guid(3), primarySmtpAddress: cleo }),
            aMailbox({ identifier: guid(5), primarySmtpAddress: 'eva@contoso.example' }),
          ],
          accounts: [
            anAccount({ scimId: 'B', address: bob, externalAccountId: guid(2) }),
            anAccount({ scimId: 'C', address: cleo, externalAccountId: guid(3), active: false }),
            anAccount({ scimId: 'D', address: 'dirk@contoso.example' }),
            anAccount({
              scimId: 'E',
              address: 'eva@contoso.example',
              externalAccountId: guid(5),
            }),
          ],
          mappings: [
            aRow({ key: guid(2), scimId: 'B', address: bob }),
            aRow({ key: guid(3), scimId: 'C', address: cleo, active: false }),
          ],
        }),
        aPolicy({ actions: new Set(others) }),
      )
      const statuses = plan.changes.map((change) => [change.action, change.status])
      expect(statuses).toHaveLength(5)
      expect(statuses.filter(([, status]) => status === 'deferred')).toEqual([[action, 'deferred']])
      expect(plan.counts[action]).toMatchObject({ planned: 1, deferred: 1 })
    },
  )
})
