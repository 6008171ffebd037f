import { describe, expect, test } from 'vitest'
import type { Plan } from '../../core/model/plan.ts'
import { buildPlan } from '../../core/plan/plan.ts'
import {
  aMailbox,
  anAccount,
  aPolicy,
  aRow,
  aSnapshot,
  guid,
  type SnapshotParts,
} from '../support/build.ts'

const anna = 'anna@contoso.example'
const bob = 'bob@contoso.example'
const shared = { recipientTypeDetails: 'SharedMailbox' }

function plan(parts: SnapshotParts, policy = aPolicy()): Plan {
  return buildPlan(aSnapshot(parts), policy)
}

function brief(made: Plan): string[] {
  return made.changes.map((change) => `${change.action} ${change.address} (${change.reason})`)
}

function codes(made: Plan): string[] {
  return made.warnings.map((warning) => warning.code)
}

describe('an in-scope mailbox finds its account by the first rule that names one', () => {
  test('1: by its mapping row, even when address and name have changed', () => {
    const made = plan({
      mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: 'new@contoso.example' })],
      accounts: [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) })],
      mappings: [aRow({ key: guid(1), scimId: 'A', address: anna })],
    })
    expect(brief(made)).toEqual([`update ${anna} (differs)`])
    expect(made.changes[0]?.fields).toContainEqual({
      path: 'userName',
      before: anna,
      after: 'new@contoso.example',
    })
  })

  test('2: by ExternalAccountId, in any case of its letters', () => {
    const made = plan({
      mailboxes: [aMailbox({ identifier: guid(0xab), primarySmtpAddress: anna })],
      accounts: [
        anAccount({ scimId: 'A', address: anna, externalAccountId: guid(0xab).toUpperCase() }),
      ],
    })
    expect(brief(made)).toEqual([`link ${anna} (adopted_by_identifier)`])
  })

  test('3: by the same primary address, when the account is linked to nobody', () => {
    const made = plan({
      mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: anna })],
      accounts: [anAccount({ scimId: 'A', address: anna })],
    })
    expect(brief(made)).toEqual([`update ${anna} (adopted_by_address)`])
  })

  test('4: by a former address that only this mailbox has', () => {
    const made = plan({
      mailboxes: [
        aMailbox({
          identifier: guid(1),
          primarySmtpAddress: 'anna.new@contoso.example',
          secondarySmtpAddresses: [anna],
        }),
      ],
      accounts: [anAccount({ scimId: 'A', address: anna })],
    })
    expect(brief(made)).toEqual([`update ${anna} (adopted_by_former_address)`])
  })

  test('no rule: the account is created', () => {
    const made = plan({ mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: anna })] })
    expect(brief(made)).toEqual([`create ${anna} (new_mailbox)`])
  })

  test('a row whose account is gone is dropped and the mailbox is created again', () => {
    const made = plan({
      mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: anna })],
      mappings: [aRow({ key: guid(1), scimId: 'gone', address: anna })],
      gone: ['gone'],
    })
    expect(brief(made)).toEqual([`create ${anna} (new_mailbox)`])
    expect(made.changes[0]?.work.row?.key).toBe(guid(1))
  })
})

describe('what a conflict names stays as it is', () => {
  const cases: [string, SnapshotParts, string, number][] = [
    [
      'the other kind has the address',
      {
        mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: anna })],
        accounts: [anAccount({ kind: 'functional', scimId: 'G', address: anna })],
      },
      'KIND_MISMATCH',
      2,
    ],
    [
      'the other kind has the identifier (a mailbox converted to shared)',
      {
        mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: anna, ...shared })],
        accounts: [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) })],
        mappings: [aRow({ key: guid(1), scimId: 'A', address: anna })],
      },
      'KIND_MISMATCH',
      2,
    ],
    [
      'row and ExternalAccountId name different accounts',
      {
        mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: anna })],
        accounts: [
          anAccount({ scimId: 'A', address: anna }),
          anAccount({ scimId: 'B', address: bob, externalAccountId: guid(1) }),
        ],
        mappings: [aRow({ key: guid(1), scimId: 'A', address: anna })],
      },
      'IDENTIFIER_CONFLICT',
      3,
    ],
    [
      'two mailboxes claim one account',
      {
        mailboxes: [
          aMailbox({ identifier: guid(1), primarySmtpAddress: anna }),
          aMailbox({ identifier: guid(2), primarySmtpAddress: bob }),
        ],
        accounts: [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(2) })],
        mappings: [aRow({ key: guid(1), scimId: 'A', address: anna })],
      },
      'MAILBOX_CONFLICT',
      3,
    ],
    [
      'two rows of one identifier differ',
      {
        mailboxes: [aMailbox({ identifier: guid(0xa), primarySmtpAddress: anna })],
        accounts: [
          anAccount({ scimId: 'A', address: anna }),
          anAccount({ scimId: 'B', address: bob }),
        ],
        mappings: [
          aRow({ key: guid(0xa), scimId: 'A', address: anna }),
          aRow({ key: guid(0xa).toUpperCase(), scimId: 'B', address: bob }),
        ],
      },
      'ROW_CONFLICT',
      3,
    ],
    [
      'two mailboxes have one primary address',
      {
        mailboxes: [
          aMailbox({ identifier: guid(1), primarySmtpAddress: anna }),
          aMailbox({ identifier: guid(2), primarySmtpAddress: anna }),
        ],
        accounts: [anAccount({ scimId: 'A', address: anna })],
      },
      'ADDRESS_CONFLICT',
      3,
    ],
  ]
  test.each(cases)('%s', (_, parts, code, skipped) => {
    const made = plan(parts)
    expect(made.changes).toEqual([])
    expect(codes(made)).toContain(code)
    expect(made.counts.skipped).toBe(skipped)
  })

  test('a kind mismatch says the sentence that administrators know', () => {
    const made = plan({
      mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: anna })],
      accounts: [anAccount({ kind: 'functional', scimId: 'G', address: anna })],
    })
    expect(made.warnings[0]?.message).toBe(
      `Skipping account ${anna} because it is a group in one system and a user mailbox in the other`,
    )
  })
})

describe('a mailbox made again', () => {
  const gone = {
    accounts: [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) })],
    absent: [guid(1)],
  }

  test('keeps its account when the row is active and kind and name are equal', () => {
    const made = plan({
      ...gone,
      mailboxes: [aMailbox({ identifier: guid(2), primarySmtpAddress: anna, displayName: 'ANNA' })],
      mappings: [aRow({ key: guid(1), scimId: 'A', address: anna, displayName: 'Anna' })],
    })
    expect(brief(made)).toEqual([`update ${anna} (mailbox_made_again)`])
    expect(made.changes[0]?.work.removeRows).toEqual([guid(1)])
  })

  const otherPerson: SnapshotParts = {
    ...gone,
    mailboxes: [
      aMailbox({ identifier: guid(2), primarySmtpAddress: anna, displayName: 'Anna Jansen' }),
    ],
    mappings: [aRow({ key: guid(1), scimId: 'A', address: anna, displayName: 'Anna Vos' })],
  }

  test('leaves both untouched when the name is another, until relink names the address', () => {
    const made = plan(otherPerson)
    expect(made.changes).toEqual([])
    expect(codes(made)).toContain('ADDRESS_REUSED')
    const relinked = plan(otherPerson, aPolicy({ relink: new Set([anna]) }))
    expect(brief(relinked)).toEqual([`update ${anna} (relinked)`])
  })

  test('leaves both untouched when Cloud Sync had suspended the leaver', () => {
    const made = plan({
      ...gone,
      accounts: [
        anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1), active: false }),
      ],
      mailboxes: [aMailbox({ identifier: guid(2), primarySmtpAddress: anna, displayName: 'Anna' })],
      mappings: [
        aRow({ key: guid(1), scimId: 'A', address: anna, displayName: 'Anna', active: false }),
      ],
    })
    expect(made.changes).toEqual([])
    expect(codes(made)).toEqual(['ADDRESS_REUSED'])
  })

  test('a reset allows it for all', () => {
    const made = plan(otherPerson, aPolicy({ resetAccountMapping: true }))
    expect(brief(made)).toEqual([`update ${anna} (adopted_by_address)`])
  })

  test('an absence that Exchange did not confirm passes nothing on', () => {
    const made = plan({ ...otherPerson, absent: [] })
    expect(made.changes).toEqual([])
  })
})

describe('an active account without an in-scope mailbox', () => {
  const linked = {
    accounts: [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) })],
    mappings: [aRow({ key: guid(1), scimId: 'A', address: anna })],
  }
  const reasons: [string, SnapshotParts][] = [
    ['no_mailbox', { ...linked, absent: [guid(1)] }],
    [
      'mailbox_disabled',
      {
        ...linked,
        mailboxes: [
          aMailbox({ identifier: guid(1), primarySmtpAddress: anna, accountDisabled: true }),
        ],
      },
    ],
    [
      'mailbox_type',
      {
        ...linked,
        mailboxes: [
          aMailbox({
            identifier: guid(1),
            primarySmtpAddress: anna,
            recipientTypeDetails: 'RoomMailbox',
          }),
        ],
      },
    ],
    [
      'domain_not_included',
      {
        ...linked,
        mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: 'anna@other.example' })],
      },
    ],
    [
      'not_in_source_filter',
      {
        ...linked,
        mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: anna })],
        filterMembers: [guid(9)],
      },
    ],
  ]
  test.each(reasons)('is suspended with the reason %s when it is linked', (reason, parts) => {
    const made = plan(parts)
    expect(brief(made)).toEqual([`suspend ${anna} (${reason})`])
    expect(made.changes[0]?.work).toMatchObject({
      steps: [{ call: 'update', write: { active: false } }],
      row: { key: guid(1), active: false },
    })
  })

  test('is suspended when it is unlinked and no mailbox of the tenant has its address', () => {
    const made = plan({ accounts: [anAccount({ scimId: 'A', address: anna })] })
    expect(brief(made)).toEqual([`suspend ${anna} (no_mailbox)`])
    expect(made.changes[0]).toMatchObject({ identifier: null, work: { row: { key: 'scim-A' } } })
  })

  const untouched: [string, SnapshotParts, string | null][] = [
    [
      'unlinked and outside the included domains: unmanaged',
      { accounts: [anAccount({ scimId: 'A', address: 'x@other.example' })] },
      null,
    ],
    [
      'an identifier that neither the tenant nor our table knows: LINKED_ELSEWHERE',
      { accounts: [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(7) })] },
      'LINKED_ELSEWHERE',
    ],
    [
      'unlinked, while an out-of-scope mailbox has its address',
      {
        mailboxes: [
          aMailbox({ identifier: guid(1), primarySmtpAddress: anna, accountDisabled: true }),
        ],
        accounts: [anAccount({ scimId: 'A', address: anna })],
      },
      'UNLINKED_OUT_OF_SCOPE',
    ],
    [
      'unlinked, while its address is an alias of a mailbox that has an account',
      {
        mailboxes: [
          aMailbox({
            identifier: guid(1),
            primarySmtpAddress: bob,
            secondarySmtpAddresses: [anna],
          }),
        ],
        accounts: [
          anAccount({ scimId: 'A', address: anna }),
          anAccount({ scimId: 'B', address: bob, externalAccountId: guid(1) }),
        ],
        mappings: [aRow({ key: guid(1), scimId: 'B', address: bob })],
      },
      'ALIAS_TAKEN',
    ],
    ['linked, while the absence of its mailbox is not confirmed', linked, 'LINKED_ELSEWHERE'],
  ]
  test.each(untouched)('is left alone: %s', (_, parts, code) => {
    const made = plan(parts)
    expect(made.changes).toEqual([])
    expect(made.counts.unmanaged).toBe(1)
    if (code !== null) expect(codes(made)).toContain(code)
  })
})

describe('functional accounts have no state in the API: our row says it', () => {
  const group = anAccount({
    kind: 'functional',
    scimId: 'G',
    address: anna,
    delegates: ['B'],
    externalAccountId: guid(1),
  })
  const row = aRow({ key: guid(1), scimId: 'G', address: anna, kind: 'functional' })

  test('suspending empties the members and says so in the row', () => {
    const made = plan({ accounts: [group], mappings: [row], absent: [guid(1)] })
    expect(brief(made)).toEqual([`suspend ${anna} (no_mailbox)`])
    expect(made.changes[0]?.work).toMatchObject({
      steps: [{ call: 'empty_members' }],
      row: { active: false },
    })
  })

  test('an account without members is suspended by its row alone', () => {
    const empty = { ...group, delegates: [] }
    const made = plan({ accounts: [empty], mappings: [row], absent: [guid(1)] })
    expect(brief(made)).toEqual([`suspend ${anna} (no_mailbox)`])
    expect(made.changes[0]?.work.steps).toEqual([])
  })

  test('an unlinked one without members needs nothing', () => {
    const empty = { ...group, delegates: [], externalAccountId: null }
    expect(plan({ accounts: [empty] }).changes).toEqual([])
  })

  test('"no members" alone is not suspended: its mailbox gives them back by an update', () => {
    const made = plan({
      mailboxes: [
        aMailbox({ identifier: guid(1), primarySmtpAddress: anna, ...shared }),
        aMailbox({ identifier: guid(2), primarySmtpAddress: bob }),
      ],
      accounts: [
        { ...group, delegates: [] },
        anAccount({ scimId: 'B', address: bob, externalAccountId: guid(2) }),
      ],
      mappings: [row, aRow({ key: guid(2), scimId: 'B', address: bob })],
      delegates: { [guid(1)]: { delegates: [guid(2)] } },
    })
    expect(brief(made)).toEqual([`update ${anna} (differs)`])
  })

  test('keeps its members while delegates are switched off, and the plan says so', () => {
    const made = plan(
      { accounts: [group], mappings: [row], absent: [guid(1)], delegates: null },
      aPolicy({ delegates: false }),
    )
    expect(made.changes.map((change) => change.status)).toEqual(['deferred'])
    expect(codes(made)).toContain('DELEGATES_OFF')
  })
})

describe('a suspended account whose mailbox is in scope', () => {
  const parts = (active: boolean): SnapshotParts => ({
    mailboxes: [
      aMailbox({ identifier: guid(1), primarySmtpAddress: anna, displayName: 'Anna Vos' }),
    ],
    accounts: [
      anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1), active: false }),
    ],
    mappings: [aRow({ key: guid(1), scimId: 'A', address: anna, active })],
  })

  test('is reactivated with all differing fields when we suspended it', () => {
    const made = plan(parts(false))
    expect(brief(made)).toEqual([`reactivate ${anna} (back_in_scope)`])
    expect(made.changes[0]?.fields.map((field) => field.path)).toEqual(['name.formatted', 'active'])
    expect(made.changes[0]?.work.steps).toHaveLength(1)
  })

  test('is left alone when somebody else did', () => {
    const made = plan(parts(true))
    expect(made.changes).toEqual([])
    expect(codes(made)).toEqual(['SUSPENDED_BY_HAND'])
  })

  test('is reactivated whoever did it, with REACTIVATE=all', () => {
    const made = plan(parts(true), aPolicy({ reactivate: 'all' }))
    expect(brief(made)).toEqual([`reactivate ${anna} (back_in_scope)`])
  })

  test('that never had a mailbox of ours is known by its scim- row', () => {
    const made = plan({
      mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: anna })],
      accounts: [anAccount({ scimId: 'A', address: anna, active: false })],
      mappings: [aRow({ key: 'scim-A', scimId: 'A', address: anna, active: false })],
    })
    expect(brief(made)).toEqual([`reactivate ${anna} (back_in_scope)`])
    expect(made.changes[0]?.work).toMatchObject({ row: { key: guid(1) }, removeRows: ['scim-A'] })
  })
})

describe('the target filter', () => {
  const filter = (list: string[], domains: string[] = []) =>
    aPolicy({ targetFilter: { addresses: new Set(list), domains: new Set(domains) } })

  test.each([
    ['by its current address', filter([anna])],
    ['by its wished address', filter(['new@contoso.example'])],
    ['by its domain', filter([], ['contoso.example'])],
  ])('protects an account from update, suspension and creation: %s', (_, policy) => {
    const made = plan(
      {
        mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: 'new@contoso.example' })],
        accounts: [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) })],
      },
      policy,
    )
    expect(made.changes).toEqual([])
    expect(made.guard.total).toBe(1)
  })

  test('protects from creation and from suspension', () => {
    const mailboxes = [aMailbox({ identifier: guid(1), primarySmtpAddress: anna })]
    expect(plan({ mailboxes }, filter([anna])).changes).toEqual([])
    const accounts = [anAccount({ scimId: 'A', address: anna })]
    expect(plan({ accounts }, filter([anna])).changes).toEqual([])
  })
})

test('a lost mapping table is linked again without one write', () => {
  const made = plan({
    mailboxes: [
      aMailbox({ identifier: guid(1), primarySmtpAddress: anna }),
      aMailbox({ identifier: guid(2), primarySmtpAddress: bob, ...shared }),
      aMailbox({
        identifier: guid(3),
        primarySmtpAddress: 'old@other.example',
        ...shared,
      }),
    ],
    accounts: [
      anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) }),
      anAccount({ kind: 'functional', scimId: 'G', address: bob, externalAccountId: guid(2) }),
      anAccount({
        kind: 'functional',
        scimId: 'H',
        address: 'old@contoso.example',
        externalAccountId: guid(3),
      }),
    ],
  })
  expect(made.changes.map((change) => [change.action, change.work.steps.length])).toEqual([
    ['link', 0],
    ['link', 0],
    ['link', 0],
  ])
})
