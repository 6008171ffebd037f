import { describe, expect, test } from 'vitest'
import type { Delegation, DirectoryMember, Mailbox } from '../../core/model/mailbox.ts'
import { delegationOf } from '../../core/source/delegation.ts'
import { expandGroup, type GroupReading, groupExpander } from '../../core/source/groups.ts'
import type { Resolution } from '../../core/source/trustees.ts'
import { aMailbox, guid } from '../support/build.ts'

const shared = guid(50)

function user(number: number, part: Partial<Mailbox> = {}): Resolution {
  const mailbox = aMailbox({
    identifier: guid(number),
    primarySmtpAddress: `user${number}@contoso.example`,
    ...part,
  })
  return { kind: 'mailbox', mailbox }
}

function members(...ids: readonly (number | 'group-a' | 'group-b')[]): GroupReading {
  return {
    status: 'read',
    members: ids.map(
      (id): DirectoryMember =>
        typeof id === 'number' ? { id: guid(id), type: 'user' } : { id, type: 'group' },
    ),
  }
}

interface Case {
  readonly trustees: Readonly<Record<string, Resolution>>
  readonly groups?: Readonly<Record<string, GroupReading>>
  readonly nestedGroups?: boolean
  readonly identifier?: string
}

/** The delegation of a mailbox, the shared one unless another is named; users 1 to 9 are in scope. */
function delegation({
  trustees,
  groups = {},
  nestedGroups = false,
  identifier = shared,
}: Case): Delegation {
  const inScopeUsers = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9].map(guid))
  const readings = new Map(Object.entries(groups))
  return delegationOf(
    {
      identifier,
      status: 'read',
      trustees: Object.keys(trustees).map((text) => ({ text, sid: '' })),
    },
    {
      resolve: ({ text }) => trustees[text] ?? { kind: 'unresolved' },
      expandGroup: groupExpander(readings, inScopeUsers, { nestedGroups }),
      inScopeUsers,
    },
  )
}

describe('what a trustee means for a mailbox', () => {
  test('user mailboxes in scope are delegates, once, sorted', () => {
    const result = delegation({ trustees: { b: user(2), a: user(1), again: user(2) } })
    expect(result).toEqual({ delegates: [guid(1), guid(2)], unknown: [], dropped: [] })
  })

  test('who is known not to be a delegate is dropped and told', () => {
    const result = delegation({
      trustees: {
        itself: user(50),
        room: user(3, { recipientTypeDetails: 'RoomMailbox' }),
        sharedToo: user(4, { recipientTypeDetails: 'SharedMailbox' }),
        leaver: user(60),
        nameless: user(61, { identifier: null }),
        orphan: { kind: 'dropped', reason: 'raw_sid' },
      },
    })
    expect(result).toEqual({
      delegates: [],
      unknown: [],
      dropped: [
        { text: 'itself', reason: 'self' },
        { text: 'leaver', reason: 'not_in_scope' },
        { text: 'nameless', reason: 'not_in_scope' },
        { text: 'orphan', reason: 'raw_sid' },
        { text: 'room', reason: 'cannot_log_in' },
        { text: 'sharedToo', reason: 'cannot_log_in' },
      ],
    })
  })

  test.each<[string, Resolution]>([
    ['an ambiguous name', { kind: 'ambiguous' }],
    ['a definite error of its look-up', { kind: 'unknown', reason: 'server says no' }],
    ['a trustee that nobody looked up', { kind: 'unresolved' }],
    ['a group that was never read', { kind: 'group', id: 'group-x' }],
  ])('%s is unknown, and never nobody; the others still count', (_, resolution) => {
    const result = delegation({ trustees: { puzzle: resolution, a: user(1) } })
    expect(result.delegates).toEqual([guid(1)])
    expect(result.unknown).toEqual([expect.stringContaining('puzzle')])
  })

  test('a reading that failed is unknown', () => {
    const result = delegationOf(
      { identifier: shared, status: 'failed', reason: 'mailbox is being moved' },
      {
        resolve: () => ({ kind: 'unresolved' }),
        expandGroup: () => ({ members: new Set(), unreadable: [] }),
        inScopeUsers: new Set(),
      },
    )
    expect(result.delegates).toEqual([])
    expect(result.unknown).toEqual([expect.stringContaining('mailbox is being moved')])
  })
})

describe('a group as trustee', () => {
  const team: Resolution = { kind: 'group', id: 'group-a' }

  test('gives its direct members who are in scope', () => {
    const result = delegation({
      trustees: { team },
      groups: { 'group-a': members(3, 1, 60, 50, 'group-b'), 'group-b': members(2) },
    })
    expect(result).toEqual({ delegates: [guid(1), guid(3)], unknown: [], dropped: [] })
  })

  test('never makes a user a delegate of the own mailbox', () => {
    const groups = { 'group-a': members(1, 2) }
    const { delegates } = delegation({ trustees: { team }, groups, identifier: guid(1) })
    expect(delegates).toEqual([guid(2)])
  })

  test('gives all members when groups are nested, also round a circle', () => {
    const result = delegation({
      trustees: { team },
      groups: { 'group-a': members(1, 'group-b'), 'group-b': members(2, 'group-a') },
      nestedGroups: true,
    })
    expect(result).toEqual({ delegates: [guid(1), guid(2)], unknown: [], dropped: [] })
  })

  test('that cannot be read, or whose inner group cannot, is unknown', () => {
    const unreadable: GroupReading = { status: 'unreadable', reason: 'hidden membership' }
    const outer = delegation({ trustees: { team }, groups: { 'group-a': unreadable } })
    expect(outer.unknown).toEqual(['members of "team": hidden membership'])
    const inner = delegation({
      trustees: { team },
      groups: { 'group-a': members(1, 'group-b'), 'group-b': unreadable },
      nestedGroups: true,
    })
    expect(inner).toMatchObject({ delegates: [guid(1)], unknown: [expect.any(String)] })
  })

  test('an unreadable inner group does not matter where groups are not nested', () => {
    const readings = new Map<string, GroupReading>([['group-a', members(1, 'group-b')]])
    const expansion = expandGroup('group-a', readings, { nestedGroups: false })
    expect(expansion).toEqual({ members: new Set([guid(1)]), unreadable: [] })
  })
})
