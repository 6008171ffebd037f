import { describe, expect, test } from 'vitest'
import type { Plan } from '../../core/model/plan.ts'
import { buildPlan } from '../../core/plan/plan.ts'
import { rowsNotLinkedAgain } from '../../core/plan/upkeep.ts'
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
const reset = aPolicy({ resetAccountMapping: true })

function plan(parts: SnapshotParts, policy = aPolicy()): Plan {
  return buildPlan(aSnapshot(parts), policy)
}

function brief({ changes }: Plan): string[] {
  return changes.map((change) => `${change.action} ${change.address} (${change.reason})`)
}

function codes({ warnings }: Plan): string[] {
  return warnings.map(({ code }) => code)
}

describe('an account whose mailbox is gone and whose address is in use again', () => {
  const gone: SnapshotParts = {
    accounts: [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) })],
    mappings: [aRow({ key: guid(1), scimId: 'A', address: anna })],
    absent: [guid(1)],
  }

  test('is not suspended where the mailbox that has the address has an account of its own', () => {
    const made = plan({
      ...gone,
      mailboxes: [aMailbox({ identifier: guid(2), primarySmtpAddress: anna })],
      accounts: [
        ...(gone.accounts ?? []),
        anAccount({ scimId: 'B', address: bob, externalAccountId: guid(2) }),
      ],
      mappings: [...(gone.mappings ?? []), aRow({ key: guid(2), scimId: 'B', address: bob })],
    })
    expect(made.changes).toEqual([])
    expect(codes(made)).toEqual(['ADDRESS_REUSED'])
    expect(made.counts.skipped).toBe(3)
  })

  test('is not suspended where the mailbox that has the address is part of a conflict', () => {
    const made = plan({
      ...gone,
      mailboxes: [aMailbox({ identifier: guid(2), primarySmtpAddress: anna })],
      accounts: [
        ...(gone.accounts ?? []),
        anAccount({ kind: 'functional', scimId: 'G', address: bob, externalAccountId: guid(2) }),
      ],
    })
    expect(made.changes).toEqual([])
    expect(codes(made)).toEqual(['ADDRESS_REUSED', 'KIND_MISMATCH'])
  })
})

test('a mailbox gets no second account while its own is part of a conflict of others', () => {
  const made = plan({
    mailboxes: [aMailbox({ identifier: guid(2), primarySmtpAddress: 'new@contoso.example' })],
    accounts: [
      anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) }),
      anAccount({ scimId: 'B', address: bob, externalAccountId: guid(1) }),
    ],
    mappings: [aRow({ key: guid(2), scimId: 'B', address: bob })],
  })
  expect(made.changes).toEqual([])
  expect(codes(made)).toEqual(['IDENTIFIER_CONFLICT'])
  expect(made.counts.skipped).toBe(3)
})

describe('an account with a GUID of nobody we know is never suspended', () => {
  const accounts = [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(9) })]

  test.each([
    ['by a reset, which knows no identifiers', { accounts }, reset],
    [
      'though a row links it to a mailbox that is gone',
      {
        accounts,
        mappings: [aRow({ key: guid(1), scimId: 'A', address: anna })],
        absent: [guid(1)],
      },
      aPolicy(),
    ],
    [
      'though a row links it to a mailbox that is not in scope',
      {
        accounts,
        mailboxes: [
          aMailbox({ identifier: guid(1), primarySmtpAddress: anna, accountDisabled: true }),
        ],
        mappings: [aRow({ key: guid(1), scimId: 'A', address: anna })],
      },
      aPolicy(),
    ],
  ])('%s', (_, parts, policy) => {
    const made = plan(parts, policy)
    expect(made.changes).toEqual([])
    expect(codes(made)).toEqual(['LINKED_ELSEWHERE'])
  })
})

test('a functional account that got members again after we suspended it is emptied again', () => {
  const made = plan({
    accounts: [
      anAccount({
        kind: 'functional',
        scimId: 'G',
        address: anna,
        externalAccountId: guid(1),
        delegates: ['B'],
      }),
    ],
    mappings: [
      aRow({ key: guid(1), scimId: 'G', address: anna, kind: 'functional', active: false }),
    ],
    absent: [guid(1)],
  })
  expect(brief(made)).toEqual([`suspend ${anna} (no_mailbox)`])
  expect(made.changes[0]?.work.steps.map(({ call }) => call)).toEqual(['empty_members'])
})

test('a suspended account keeps one row, under what links it now', () => {
  const made = plan({
    mailboxes: [
      aMailbox({
        identifier: guid(1),
        primarySmtpAddress: bob,
        recipientTypeDetails: 'RoomMailbox',
      }),
    ],
    accounts: [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) })],
    mappings: [aRow({ key: 'scim-A', scimId: 'A', address: anna, active: false })],
  })
  expect(made.changes[0]?.work).toMatchObject({ row: { key: guid(1) }, removeRows: ['scim-A'] })
})

test('with a reset, a row that one change writes anew is not deleted by another', () => {
  const made = plan(
    {
      // Bob took over Anna's address, and Anna got a new one: by address alone, Anna's account is Bob's.
      mailboxes: [
        aMailbox({ identifier: guid(1), primarySmtpAddress: 'new@contoso.example' }),
        aMailbox({ identifier: guid(2), primarySmtpAddress: anna }),
      ],
      accounts: [anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) })],
      mappings: [aRow({ key: guid(1), scimId: 'A', address: anna })],
    },
    reset,
  )
  const rows = made.changes.map(({ action, work }) => [action, work.row?.key, work.removeRows])
  expect(rows).toEqual([
    ['update', guid(2), []],
    ['create', guid(1), []],
  ])
})

test('a reset deletes the rows that were not linked again, but for accounts whose change failed', () => {
  const made = plan(
    {
      mailboxes: [
        aMailbox({ identifier: guid(1), primarySmtpAddress: anna, displayName: 'A' }),
        aMailbox({ identifier: guid(2), primarySmtpAddress: bob, displayName: 'B' }),
      ],
      accounts: [
        anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) }),
        anAccount({ scimId: 'B', address: bob, externalAccountId: guid(2) }),
      ],
    },
    reset,
  )
  const changes = made.changes.map((change) => ({
    ...change,
    status: change.scimId === 'A' ? ('applied' as const) : ('failed' as const),
  }))
  const rows = [
    aRow({ key: guid(1), scimId: 'A', address: anna, lastRunId: reset.runId }),
    aRow({ key: guid(2), scimId: 'B', address: bob }),
    aRow({ key: guid(3), scimId: 'C', address: 'cleo@contoso.example' }),
  ]
  expect(changes).toHaveLength(2)
  expect(rowsNotLinkedAgain(rows, changes, reset.runId)).toEqual([guid(3)])
})
